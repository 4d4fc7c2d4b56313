import { parseUrn, pathOfUrn, type Urn } from "@berth/core";
import { type Problem, problem } from "@berth/diagnostics";
import { plannerCodes } from "../codes.ts";
import { isRecordedValue } from "../compare/equality.ts";
import type { SecretDigest } from "../compare/opaque.ts";
import type { Leaving } from "../leaving.ts";
import type { Standing } from "../resolve/standing.ts";

interface Pair {
  readonly leaving: Leaving;
  readonly standing: Standing;
}

/**
 * What is to be created with the very inputs of something that is to be deleted, where exactly one fits the other:
 * most likely renamed. Nothing tells that it is the same thing, so that the program has to say so.
 */
export function moveProposals(
  standings: readonly Standing[],
  leaving: readonly Leaving[],
  digest: SecretDigest,
): readonly Problem[] {
  const pairs = onlyFits(
    standings.filter(({ action, recorded }) => action === "create" && !recorded),
    leaving.filter(({ reason }) => reason.kind === "not-declared"),
    digest,
  );
  const byLine = new Map<string, Pair[]>();
  for (const pair of pairs) {
    const line = lineFor(pair);
    const list = byLine.get(line);
    if (list) list.push(pair);
    else byLine.set(line, [pair]);
  }
  return [...byLine].map(([line, list]) => proposal(line, list));
}

function onlyFits(
  created: readonly Standing[],
  leaving: readonly Leaving[],
  digest: SecretDigest,
): readonly Pair[] {
  if (created.length === 0 || leaving.length === 0) return [];
  const byType = new Map<string, Leaving[]>();
  for (const each of leaving) {
    const list = byType.get(each.record.type);
    if (list) list.push(each);
    else byType.set(each.record.type, [each]);
  }
  const pairs: Pair[] = [];
  const claimed = new Map<Leaving, number>();
  for (const standing of created) {
    const all = (byType.get(standing.resource.type) ?? []).filter((each) => fits(each, standing, digest));
    for (const each of all) claimed.set(each, (claimed.get(each) ?? 0) + 1);
    if (all.length === 1) pairs.push({ leaving: all[0]!, standing });
  }
  return pairs.filter((pair) => claimed.get(pair.leaving) === 1);
}

function fits({ record }: Leaving, { resource, inputs }: Standing, digest: SecretDigest): boolean {
  return (
    record.cluster === resource.cluster &&
    record.providerResource === resource.options.provider &&
    isRecordedValue(record.inputs, inputs, digest)
  );
}

/** What to write where, so that it is a move: at the outermost thing whose name alone differs. */
function lineFor({ leaving, standing }: Pair): string {
  const [from, to] = [pathOf(leaving.record.urn), pathOf(standing.resource.urn)];
  const differing = to.flatMap((name, depth) => (from[depth] === name ? [] : [depth]));
  const [depth] = differing;
  if (from.length === to.length && differing.length === 1 && depth !== undefined)
    return `aliases: [${JSON.stringify(from[depth])}] in the options of ${to.slice(0, depth + 1).join("/")}`;
  return `aliases: [{ urn: ${JSON.stringify(leaving.record.urn)} }] in the options of ${to.join("/")}`;
}

function proposal(line: string, pairs: readonly Pair[]): Problem {
  const [first] = pairs;
  const names = pairs.map(
    ({ leaving, standing }) =>
      `${pathOfUrn(standing.resource.urn)} has the inputs of ${pathOfUrn(leaving.record.urn)}`,
  );
  return problem(plannerCodes.BERTH3014, {
    severity: "warning",
    message: `${names.join(", and ")}, which goes: it would be deleted and created`,
    hint: `if it is the same, write ${line}, and it is kept`,
    ...(first && { resource: first.standing.resource.urn, site: first.standing.resource.site }),
  });
}

function pathOf(urn: Urn): readonly string[] {
  return parseUrn(urn)?.path ?? [urn];
}

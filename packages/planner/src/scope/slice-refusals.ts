import { type Evaluation, type GraphResource, pathOfUrn, type ResourceRecord, type Urn } from "@berth/core";
import { type Problem, problem } from "@berth/diagnostics";
import { plannerCodes } from "../codes.ts";
import { physicalIdentity } from "../identity.ts";
import type { Leaving } from "../leaving.ts";
import { completeInputs } from "../resolve/complete-inputs.ts";
import { RecordedValues } from "../resolve/recorded-values.ts";
import type { Resolved } from "../resolve/resolve.ts";
import type { Standing } from "../resolve/standing.ts";
import type { Slice } from "./slice.ts";

/** What a plan of a part of the stack must not do to the rest, which it does not plan. */
export function sliceRefusals(
  slice: Slice,
  { standings, evaluation }: Resolved,
  leaving: readonly Leaving[],
): readonly Problem[] {
  const { kept, unmade } = slice;
  return [
    ...(kept.size > 0 ? [...replacedUnder(slice, standings), ...takenNames(slice, standings)] : []),
    ...(unmade.length > 0 && leaving.length > 0 ? renamedAway(slice, evaluation, leaving) : []),
  ];
}

/** What is outside and depends on what is replaced would depend on nothing meanwhile, and on something else afterwards. */
function replacedUnder({ kept }: Slice, standings: readonly Standing[]): readonly Problem[] {
  const dependents = new Map<Urn, Urn[]>();
  for (const [urn, { dependencies }] of kept) {
    for (const each of dependencies) {
      const list = dependents.get(each);
      if (list) list.push(urn);
      else dependents.set(each, [urn]);
    }
  }
  return standings.flatMap(({ resource, recorded, action }) => {
    const left = action === "replace" && recorded ? dependents.get(recorded.urn) : undefined;
    if (!left) return [];
    const { urn, name, site } = resource;
    const message = `${name} would be replaced, and ${listed(left)}, which the plan leaves out, ${left.length === 1 ? "depends" : "depend"} on it`;
    const hint = `plan them together: ${left
      .slice(0, 3)
      .map((each) => `--target ${pathOfUrn(each)}`)
      .join(" ")}${left.length > 3 ? " …" : ""}`;
    return [problem(plannerCodes.BERTH3082, { message, hint, resource: urn, site })];
  });
}

/** What is created, or gets another name, where something stands that would have to go first. */
function takenNames({ request, kept }: Slice, standings: readonly Standing[]): readonly Problem[] {
  const made = standings.filter(({ action }) => action === "create" || action === "replace");
  if (made.length === 0) return [];
  const values = new RecordedValues(request.secrets);
  const holders = new Map<string, ResourceRecord>();
  for (const [urn, record] of kept) {
    const identity = physicalIdentity(
      request.definition(record.type),
      values.view(record).inputs,
      record.cluster,
    );
    if (identity !== undefined)
      holders.set(`${record.providerResource ?? ""} ${identity}`, { ...record, urn });
  }
  return made.flatMap(({ resource, inputs }) => {
    const { urn, definition, cluster, options, name, site } = resource;
    const identity = physicalIdentity(definition, inputs, cluster);
    const holder = identity === undefined ? undefined : holders.get(`${options.provider ?? ""} ${identity}`);
    if (!holder) return [];
    const message = `${name} is to be created as ${holder.id}, which the stack has as ${pathOfUrn(holder.urn)}, and the plan leaves that out`;
    const hint = `plan them together: --target ${pathOfUrn(holder.urn)}`;
    return [problem(plannerCodes.BERTH3083, { message, hint, resource: urn, site })];
  });
}

/** What is deleted, and is what the program has under another name that the plan leaves out. */
function renamedAway(
  { request, unmade }: Slice,
  evaluation: Evaluation,
  leaving: readonly Leaving[],
): readonly Problem[] {
  const values = new RecordedValues(request.secrets);
  const names = new Map<string, GraphResource>();
  for (const resource of unmade) {
    const { definition, inputs, cluster, options } = resource;
    const complete = completeInputs(definition, evaluation.inputs(inputs, definition), {}).inputs;
    const identity = physicalIdentity(definition, complete, cluster);
    if (identity !== undefined) names.set(`${options.provider ?? ""} ${identity}`, resource);
  }
  return leaving.flatMap(({ record }) => {
    const { urn, id, type, cluster, providerResource } = record;
    const identity = physicalIdentity(request.definition(type), values.view(record).inputs, cluster);
    const next = identity === undefined ? undefined : names.get(`${providerResource ?? ""} ${identity}`);
    if (!next) return [];
    const message = `${id} is to be deleted, and is what the program has as ${pathOfUrn(next.urn)}, which the plan leaves out`;
    const hint = `plan them together: --target ${pathOfUrn(next.urn)}`;
    return [problem(plannerCodes.BERTH3083, { message, hint, resource: urn, site: next.site })];
  });
}

function listed(urns: readonly Urn[]): string {
  const names = urns.slice(0, 3).map(pathOfUrn);
  return urns.length > 3 ? `${names.join(", ")} and ${urns.length - 3} more` : names.join(", ");
}

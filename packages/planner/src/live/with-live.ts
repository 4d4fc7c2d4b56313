import { parseUrn, type ResourceRecord, type StackState, type Urn } from "@berth/core";
import type { Difference } from "../compare/difference.ts";
import type { Drift } from "../plan.ts";
import { shownBeside } from "../present.ts";
import type { LiveResource, PlanRequest, Refreshed } from "../request.ts";
import { sliceOf } from "../scope/slice.ts";
import { LiveSecrets } from "./live-secrets.ts";
import { observeRecord } from "./observe-record.ts";

/** A request in which what is recorded is what was observed, and what that changed. */
export interface LiveRequest {
  readonly request: PlanRequest;
  /** In the order of the records. */
  readonly drift: readonly Drift[];
  readonly refreshed: readonly Refreshed[];
}

/**
 * Brings the records up to what providers read just now, so that what is planned is planned against the world as it
 * is. A resource on a cluster that is gone is gone with it.
 */
export function withLive(request: PlanRequest): LiveRequest {
  const { live, recorded, observed } = request;
  if (!live || live.size === 0) return { request, drift: [], refreshed: [] };
  const secrets = request.secrets && new LiveSecrets(request.secrets);
  const gone = whatIsGone(recorded.resources, live);
  const [drift, refreshed, resources]: [Drift[], Refreshed[], ResourceRecord[]] = [[], [], []];
  for (const record of recorded.resources) {
    const { urn } = record;
    if (gone.has(urn)) {
      // What is only read was never ours to lose: where the program still reads it, it says so at its line.
      if (!record.external) drift.push(driftOf(record, request, "gone", []));
      refreshed.push({ kind: "gone", urn });
      continue;
    }
    const found = foundOf(record, live);
    const definition = request.definition(record.type);
    const seen = found?.kind === "found" && definition && observeRecord(definition, record, found, secrets);
    resources.push(withoutGone(seen ? seen.record : record, gone));
    if (!seen) continue;
    if (seen.differences.length > 0) drift.push(driftOf(record, request, "changed", seen.differences));
    const { id, inputs, outputs } = seen.record;
    const open = (json: typeof inputs) => (secrets ? secrets.opened(json) : json);
    refreshed.push({ kind: "changed", urn, id, inputs: open(inputs), outputs: open(outputs) });
  }
  // What waits for its deletion on a cluster that is gone has waited long enough.
  const isLost = ({ cluster }: ResourceRecord): boolean => cluster !== undefined && gone.has(cluster);
  for (const { urn, operationKey } of recorded.superseded?.filter(isLost) ?? [])
    refreshed.push({ kind: "gone", urn, superseded: operationKey });
  const state: StackState = {
    ...recorded,
    resources,
    ...(recorded.superseded && { superseded: recorded.superseded.filter((each) => !isLost(each)) }),
    pending: recorded.pending.filter((each) => !gone.has(each.urn)),
  };
  const looked = new Map<Urn, LiveResource>(live);
  for (const urn of gone) looked.set(urn, { kind: "gone", wasRecorded: true });
  return {
    request: {
      ...request,
      recorded: state,
      observed: new Map([...observed].filter(([urn]) => !gone.has(urn))),
      live: looked,
      ...(secrets && { secrets }),
    },
    drift,
    refreshed,
  };
}

/** The request without what was read of resources outside of its scope: those stand as they are recorded. */
export function withinScope(request: PlanRequest): PlanRequest {
  const { live, scope } = request;
  if (!live || !scope) return request;
  const kept = new Set([...sliceOf(request).kept.values()].map((each) => each.urn));
  return kept.size === 0
    ? request
    : { ...request, live: new Map([...live].filter(([urn]) => !kept.has(urn))) };
}

function whatIsGone(
  records: readonly ResourceRecord[],
  live: ReadonlyMap<Urn, LiveResource>,
): ReadonlySet<Urn> {
  const gone = new Set<Urn>();
  for (const record of records) {
    const { urn, cluster } = record;
    if (foundOf(record, live)?.kind === "gone" || (cluster !== undefined && gone.has(cluster))) gone.add(urn);
  }
  return gone;
}

/** What was read of a record: not by another id that the program has now. */
function foundOf(
  { urn, id }: ResourceRecord,
  live: ReadonlyMap<Urn, LiveResource>,
): LiveResource | undefined {
  const found = live.get(urn);
  return found?.asked === undefined || found.asked === id ? found : undefined;
}

function withoutGone(record: ResourceRecord, gone: ReadonlySet<Urn>): ResourceRecord {
  if (gone.size === 0 || !record.dependencies.some((each) => gone.has(each))) return record;
  return { ...record, dependencies: record.dependencies.filter((each) => !gone.has(each)) };
}

function driftOf(
  { urn, type }: ResourceRecord,
  { graph }: PlanRequest,
  kind: Drift["kind"],
  differences: readonly Difference[],
): Drift {
  const declared = graph.resources[graph.index.get(urn) ?? -1];
  const name = declared?.name ?? parseUrn(urn)?.path.at(-1) ?? urn;
  return { urn, type, name, kind, properties: differences.map(shownDifference) };
}

function shownDifference({ path, kind, before, after }: Difference): Drift["properties"][number] {
  const [from, to] = [shownBeside(before, after), shownBeside(after, before)];
  return {
    path,
    kind,
    ...(from === undefined ? {} : { before: from }),
    ...(to === undefined ? {} : { after: to }),
    certainty: "will",
  };
}

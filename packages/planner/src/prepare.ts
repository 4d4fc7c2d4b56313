import type { ResourceRecord, Urn } from "@berth/core";
import type { Problem } from "@berth/diagnostics";
import { assign } from "./assign/assign.ts";
import { clusterPart } from "./cluster-parts.ts";
import { Facets } from "./facets.ts";
import { findEvictions } from "./identity.ts";
import type { Leaving } from "./leaving.ts";
import { type Doing, orderSteps } from "./order/order-steps.ts";
import type { Step } from "./plan.ts";
import type { PlanRequest } from "./request.ts";
import { type Resolved, resolve } from "./resolve/resolve.ts";
import type { Standing } from "./resolve/standing.ts";
import { sliceRefusals } from "./scope/slice-refusals.ts";
import { type Slice, sliceOf } from "./scope/slice.ts";

/** What a plan comes to before anything is played: what stands, what leaves, in which order. */
export interface Prepared {
  /** Which part of the stack is planned; its request is the one that holds from here on. */
  readonly slice: Slice;
  readonly resolved: Resolved;
  readonly standings: readonly Standing[];
  readonly leaving: readonly Leaving[];
  readonly steps: readonly Step[];
  readonly facets: Facets;
  /** Of addresses that cannot be chosen, of what is renamed, and of what the scope leaves out. */
  readonly problems: readonly Problem[];
}

/** Decides what changes and in which order. */
export function prepare(asked: PlanRequest): Prepared {
  const slice = sliceOf(asked);
  const { request } = slice;
  const facets = new Facets(request);
  const records = new Map(request.recorded.resources.map((each) => [each.urn, each]));
  const { resolved, problems } = declared(slice, records, facets);
  const { standings } = resolved;
  const leaving = whatLeaves(slice, standings);
  const { evicts, problems: renamed } = findEvictions(request, standings, leaving);
  const steps = order(request, standings, leaving, evicts, facets);
  const refused = sliceRefusals(slice, standings);
  return {
    slice,
    resolved,
    standings,
    leaving,
    steps,
    facets,
    problems: [...problems, ...renamed, ...refused],
  };
}

/** Resolves, chooses addresses, and resolves again where a choice is new. A destroy has nothing that stands, nor has a refresh. */
function declared(
  slice: Slice,
  records: ReadonlyMap<Urn, ResourceRecord>,
  facets: Facets,
): { readonly resolved: Resolved; readonly problems: readonly Problem[] } {
  const { request } = slice;
  if (request.operation !== "up") {
    const nothing = { ...slice, request: { ...request, graph: { ...request.graph, resources: [] } } };
    return { resolved: resolve(nothing, records, new Map()), problems: [] };
  }
  const first = resolve(slice, records, new Map());
  const { assignments, changed, problems } = assign(request, first.standings, facets);
  return { resolved: changed ? resolve(slice, records, assignments) : first, problems };
}

/** What is recorded and not declared, in reverse: each before what it depended on. */
function whatLeaves(
  { request: { operation, graph, recorded }, kept }: Slice,
  standings: readonly Standing[],
): readonly Leaving[] {
  if (operation === "refresh") return [];
  const stands = new Set(standings.map((each) => each.resource.urn));
  for (const { urn } of kept.values()) stands.add(urn);
  return recorded.resources
    .filter((record) => !stands.has(record.urn))
    .map((record): Leaving => {
      const index = graph.index.get(record.urn);
      return {
        record,
        reason: { kind: operation === "destroy" ? "destroy" : "not-declared" },
        declared: index === undefined ? undefined : graph.resources[index],
      };
    })
    .toReversed();
}

function order(
  request: PlanRequest,
  standings: readonly Standing[],
  leaving: readonly Leaving[],
  evicts: ReadonlyMap<Urn, readonly Urn[]>,
  facets: Facets,
): readonly Step[] {
  const ending = new Set([
    ...leaving.map((each) => each.record.urn),
    ...standings.filter((each) => each.action === "replace").map((each) => each.resource.urn),
  ]);
  const doings: Doing[] = [];
  for (const standing of standings) {
    const { action, recorded, resource } = standing;
    if (action === "no-op") continue;
    const part = clusterPart(recorded ? facets.before(recorded) : [], facets.after(standing), ending);
    const gone = evicts.get(resource.urn);
    const isUndecided = action === "replace" && standing.certainty === "may";
    doings.push({
      urn: resource.urn,
      action,
      isUndecided,
      ...(part ? { part } : {}),
      ...(gone ? { evicts: gone } : {}),
    });
  }
  for (const { record } of leaving) {
    const part = clusterPart(facets.before(record), [], ending);
    doings.push({ urn: record.urn, action: "delete", ...(part ? { part } : {}) });
  }
  const desired = standings.map((each) => each.resource);
  return doings.length === 0 ? [] : orderSteps(doings, { desired, recorded: request.recorded.resources });
}

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

/** What a plan comes to before anything is played: what stands, what leaves, in which order. */
export interface Prepared {
  readonly resolved: Resolved;
  readonly standings: readonly Standing[];
  readonly leaving: readonly Leaving[];
  readonly steps: readonly Step[];
  readonly facets: Facets;
  /** Of addresses that cannot be chosen, and of what is renamed. */
  readonly problems: readonly Problem[];
}

/** Decides what changes and in which order. */
export function prepare(request: PlanRequest): Prepared {
  const facets = new Facets(request);
  const records = new Map(request.recorded.resources.map((each) => [each.urn, each]));
  const { resolved, problems } = declared(request, records, facets);
  const { standings } = resolved;
  const leaving = whatLeaves(request, standings);
  const { evicts, problems: renamed } = findEvictions(request, standings, leaving);
  const steps = order(request, standings, leaving, evicts, facets);
  return { resolved, standings, leaving, steps, facets, problems: [...problems, ...renamed] };
}

/** Resolves, chooses addresses, and resolves again where a choice is new. A destroy has nothing that stands, nor has a refresh. */
function declared(
  request: PlanRequest,
  records: ReadonlyMap<Urn, ResourceRecord>,
  facets: Facets,
): { readonly resolved: Resolved; readonly problems: readonly Problem[] } {
  if (request.operation !== "up") {
    const nothing = { ...request, graph: { ...request.graph, resources: [] } };
    return { resolved: resolve(nothing, records, new Map()), problems: [] };
  }
  const first = resolve(request, records, new Map());
  const { assignments, changed, problems } = assign(request, first.standings, facets);
  return { resolved: changed ? resolve(request, records, assignments) : first, problems };
}

/** What is recorded and not declared, in reverse: each before what it depended on. */
function whatLeaves(
  { operation, graph, recorded }: PlanRequest,
  standings: readonly Standing[],
): readonly Leaving[] {
  if (operation === "refresh") return [];
  const stands = new Set(standings.map((each) => each.resource.urn));
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

import type { GraphResource, ResourceRecord, StackState, Urn } from "@berth/core";
import type { Problem } from "@berth/diagnostics";
import { assign } from "./assign/assign.ts";
import { clusterPart } from "./cluster-parts.ts";
import { type Ending, Endings } from "./endings.ts";
import { Facets } from "./facets.ts";
import { type Evictions, type Evicts, findEvictions } from "./identity.ts";
import type { Leaving } from "./leaving.ts";
import type { Doing } from "./order/doing.ts";
import { orderSteps } from "./order/order-steps.ts";
import { aliasMoves } from "./moves/alias-moves.ts";
import { identityMoves } from "./moves/identity-moves.ts";
import { andThen, type Moves, noMoves } from "./moves/move.ts";
import { moved } from "./moves/rename.ts";
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
  /** What earlier operations superseded and did not come to delete. */
  readonly leftovers: readonly Leaving[];
  readonly endings: Endings;
  /** What must be gone before something else can be created. */
  readonly evicts: Evicts;
  readonly steps: readonly Step[];
  readonly facets: Facets;
  /** What goes by another URN from now on. */
  readonly moves: Moves;
  /** Of addresses that cannot be chosen, of what is renamed, and of what the scope leaves out. */
  readonly problems: readonly Problem[];
}

/**
 * Decides what changes and in which order.
 *
 * @param before - what was recorded before the world was looked at: what is gone since then can be named still
 */
export function prepare(asked: PlanRequest, before: StackState): Prepared {
  const there = new Set(asked.recorded.resources.map((each) => each.urn));
  const gone = asked.scope ? before.resources.filter((each) => !there.has(each.urn)) : [];
  const { slice, facets, resolved, leaving, evictions, problems, moves } = withMoves(asked, gone);
  const { request } = slice;
  const { standings } = resolved;
  const endings = new Endings(standings, leaving);
  const leftovers = whatIsLeftOver(slice, standings, leaving);
  const steps = order(request, { standings, leaving, leftovers, endings, facets }, evictions.evicts);
  return {
    slice,
    resolved,
    standings,
    leaving,
    leftovers,
    endings,
    evicts: evictions.evicts,
    steps,
    facets,
    moves,
    problems: [...problems, ...evictions.problems, ...sliceRefusals(slice, resolved, leaving)],
  };
}

/** How often what is moved may show what else is moved: a cluster, then what is on it, and so on. */
const rounds = 100;

/** Decides as if what goes by another URN now were recorded under it already. */
function withMoves(
  asked: PlanRequest,
  gone: readonly ResourceRecord[],
): Decided & Pick<Prepared, "slice" | "facets" | "moves"> {
  const aliased = aliasMoves(asked);
  let moves = andThen(noMoves, aliased.moves);
  let request = moved(asked, aliased.moves);
  for (let round = 1; ; round++) {
    const slice = sliceOf(request, { gone, moves });
    const facets = new Facets(slice.request);
    const records = new Map(slice.request.recorded.resources.map((each) => [each.urn, each]));
    const found = decided(slice, records, facets);
    const more =
      request.operation === "up" && round < rounds
        ? identityMoves(slice.request, found.resolved, found.leaving)
        : [];
    if (more.length === 0)
      return { ...found, slice, facets, moves, problems: [...aliased.problems, ...found.problems] };
    moves = andThen(moves, more);
    request = moved(request, more);
  }
}

interface Decided {
  readonly resolved: Resolved;
  readonly leaving: readonly Leaving[];
  readonly evictions: Evictions;
  readonly problems: readonly Problem[];
}

/**
 * What is created in the place of something that goes cannot come before that has gone, nor can what needs it: which is
 * seen when all is resolved, and bears on what can be created first. Each round finds more of these, until there are none.
 */
function decided(slice: Slice, records: ReadonlyMap<Urn, ResourceRecord>, facets: Facets): Decided {
  let evicts: Evicts = new Map();
  for (;;) {
    const { resolved, problems } = declared(slice, records, facets, evicts);
    const leaving = whatLeaves(slice, resolved.standings);
    const evictions = findEvictions(slice.request, resolved.standings, leaving);
    if ([...evictions.evicts.keys()].every((urn) => evicts.has(urn)))
      return { resolved, leaving, evictions, problems };
    evicts = new Map([...evicts, ...evictions.evicts]);
  }
}

/** Resolves, chooses addresses, and resolves again where a choice is new. A destroy has nothing that stands, nor has a refresh. */
function declared(
  slice: Slice,
  records: ReadonlyMap<Urn, ResourceRecord>,
  facets: Facets,
  evicts: Evicts,
): { readonly resolved: Resolved; readonly problems: readonly Problem[] } {
  const { request } = slice;
  if (request.operation !== "up") {
    const nothing = { ...slice, request: { ...request, graph: { ...request.graph, resources: [] } } };
    return { resolved: resolve(nothing, records), problems: [] };
  }
  const first = resolve(slice, records, { assignments: new Map(), evicts });
  const { assignments, changed, problems } = assign(request, first.standings, facets);
  return { resolved: changed ? resolve(slice, records, { assignments, evicts }) : first, problems };
}

/** What is recorded and not declared, in reverse: each before what it depended on. */
function whatLeaves({ request, kept }: Slice, standings: readonly Standing[]): readonly Leaving[] {
  if (request.operation === "refresh") return [];
  const stands = new Set(standings.map((each) => each.resource.urn));
  for (const { urn } of kept.values()) stands.add(urn);
  return (
    request.recorded.resources
      // What was only read is let go without a step.
      .filter((record) => !stands.has(record.urn) && !record.external)
      .map((record): Leaving => {
        const kind = request.operation === "destroy" ? "destroy" : "not-declared";
        return { record, reason: { kind }, declared: declaredAs(request, record.urn) };
      })
      .toReversed()
  );
}

/** A part of the stack clears up after itself only. */
function whatIsLeftOver(
  { request, plan }: Slice,
  standings: readonly Standing[],
  leaving: readonly Leaving[],
): readonly Leaving[] {
  const { superseded = [] } = request.recorded;
  if (superseded.length === 0 || request.operation === "refresh") return [];
  const inside = new Set<Urn>([
    ...standings.map((each) => each.resource.urn),
    ...leaving.map((each) => each.record.urn),
  ]);
  const own = plan?.outside ? superseded.filter((each) => inside.has(each.urn)) : superseded;
  return own.map((record) => ({
    record,
    reason: { kind: "superseded", id: record.id },
    declared: declaredAs(request, record.urn),
  }));
}

function declaredAs({ graph }: PlanRequest, urn: Urn): GraphResource | undefined {
  const index = graph.index.get(urn);
  return index === undefined ? undefined : graph.resources[index];
}

function order(
  request: PlanRequest,
  {
    standings,
    leaving,
    leftovers,
    endings,
    facets,
  }: Pick<Prepared, "standings" | "leaving" | "leftovers" | "endings" | "facets">,
  evicts: Evicts,
): readonly Step[] {
  const ending = new Set([
    ...leaving.map((each) => each.record.urn),
    ...standings.filter((each) => each.action === "replace").map((each) => each.resource.urn),
  ]);
  const doings: Doing[] = [];
  for (const standing of standings) {
    const { action, resource } = standing;
    if (action === "no-op") continue;
    const { urn } = resource;
    const part =
      action === "read" ? undefined : clusterPart(facets.had(standing), facets.after(standing), ending);
    const gone = evicts.get(urn);
    doings.push({
      urn,
      action,
      ...(action === "replace" ? { ...endingOf(endings.of(urn)), ...orderOf(standing) } : {}),
      ...(part ? { part } : {}),
      ...(gone ? { evicts: gone } : {}),
    });
  }
  for (const { record } of leaving) {
    const { urn } = record;
    const part = clusterPart(facets.before(record), [], ending);
    doings.push({ urn, action: "delete", ...endingOf(endings.of(urn)), ...(part ? { part } : {}) });
  }
  doings.push(...leftoverDoings(leftovers, endings, facets, ending));
  const desired = standings.map((each) => each.resource);
  const { resources: recorded, superseded = [] } = request.recorded;
  return doings.length === 0 ? [] : orderSteps(doings, { desired, recorded, superseded });
}

function orderOf({ replacement, certainty }: Standing): Pick<Doing, "createFirst" | "isUndecided"> {
  return { createFirst: replacement === "create-first", isUndecided: certainty === "may" };
}

function endingOf({ retained, after }: Ending): Pick<Doing, "forgets" | "goesWith"> {
  return { ...(retained ? { forgets: true } : {}), ...(after === undefined ? {} : { goesWith: after }) };
}

/** One for each URN: a step deletes everything that was superseded under it. */
function leftoverDoings(
  leftovers: readonly Leaving[],
  endings: Endings,
  facets: Facets,
  ending: ReadonlySet<Urn>,
): readonly Doing[] {
  const byUrn = new Map<Urn, Leaving[]>();
  for (const each of leftovers) {
    const list = byUrn.get(each.record.urn);
    if (list) list.push(each);
    else byUrn.set(each.record.urn, [each]);
  }
  return [...byUrn].map(([urn, list]): Doing => {
    const retained = list.every(({ record, declared }) => endings.ofRecord(record, declared).retained);
    const part = list
      .map(({ record }) => clusterPart(facets.superseded(record), [], ending))
      .find((each) => each);
    return { urn, action: "delete", superseded: true, ...endingOf({ retained }), ...(part ? { part } : {}) };
  });
}

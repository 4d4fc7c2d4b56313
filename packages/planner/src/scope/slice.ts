import { type Graph, type GraphResource, pathOfUrn, type ResourceRecord, type Urn } from "@berth/core";
import { nearest, type Problem, problem } from "@berth/diagnostics";
import { plannerCodes } from "../codes.ts";
import { type Moves, noMoves } from "../moves/move.ts";
import type { ScopePlan } from "../plan.ts";
import type { PlanRequest } from "../request.ts";
import { namesOf, readPattern } from "./pattern.ts";
import { StackResources } from "./stack-resources.ts";

/** The part of a stack that a plan is about. */
export interface Slice {
  /** The request, with the part of the graph that is planned. */
  readonly request: PlanRequest;
  /** Records that stand as they are, neither compared nor checked nor deleted, by the URNs that they go by now. */
  readonly kept: ReadonlyMap<Urn, ResourceRecord>;
  /** Declared resources that are to be replaced, whether anything about them changed or not. */
  readonly requested: ReadonlySet<Urn>;
  /** What the Plan says of it; absent where all of the stack is planned as it is. */
  readonly plan?: ScopePlan;
  /** What the program declares, and is neither planned nor recorded. */
  readonly unmade: readonly GraphResource[];
  /** Patterns that mean nothing, or nothing that can be planned. */
  readonly problems: readonly Problem[];
}

const noUrns: ReadonlySet<Urn> = new Set();
const noRecords: ReadonlyMap<Urn, ResourceRecord> = new Map();
const noResources: readonly GraphResource[] = Object.freeze([]);
const noProblems: readonly Problem[] = Object.freeze([]);

/**
 * Cuts out of a stack what a scope says, so that a plan of the slice keeps every invariant of a full one:
 * what is planned has all that it needs beside it, and nothing is deleted from under what stays.
 *
 * - a target takes with it what it needs
 * - an exclude takes with it what needs it, and keeps what its record needs
 * - what is deleted takes with it what is recorded to need it: to be deleted, or planned so that it ceases to
 */
export function sliceOf(request: PlanRequest, besides?: Besides): Slice {
  const { graph, ...slice } = partOf(request, besides);
  return { ...slice, request: graph === request.graph ? request : { ...request, graph } };
}

/** What bears on a slice besides what is declared and recorded. */
export interface Besides {
  /** What was recorded until the world was looked at: it can be named still. */
  readonly gone?: readonly ResourceRecord[];
  /**
   * What goes by another URN from now on, by that one: the plan is about it, whoever else is left out, and it can be
   * named as before.
   */
  readonly moves?: Moves;
}

/** What of a request a scope depends on. */
export type Scoped = Pick<PlanRequest, "operation" | "graph" | "recorded" | "scope">;

/** What a plan with this scope looks at: everything where it has none. */
export interface InScope {
  readonly resources: readonly GraphResource[];
  readonly records: readonly ResourceRecord[];
}

/** The declared and the recorded resources that a plan of this request looks at. */
export function inScope(request: Scoped): InScope {
  const { graph, kept } = partOf(request);
  const left = new Set(kept.values());
  const { resources } = request.recorded;
  return {
    resources: graph.resources,
    records: left.size === 0 ? resources : resources.filter((each) => !left.has(each)),
  };
}

function partOf(
  request: Scoped,
  { gone = [], moves = noMoves }: Besides = {},
): Omit<Slice, "request"> & { readonly graph: Graph } {
  const { scope } = request;
  if (!scope || scope.targets.length + scope.excludes.length + scope.replaces.length === 0)
    return {
      graph: request.graph,
      kept: noRecords,
      requested: noUrns,
      unmade: noResources,
      problems: noProblems,
    };
  const isUp = request.operation === "up";
  const graph = isUp ? request.graph : withoutResources(request.graph);
  const resources = new StackResources(graph, [...request.recorded.resources, ...gone], moves);
  const matches = new Matches(resources);
  const targets = scope.targets.map((each) => matches.of(each, "target"));
  const excludes = scope.excludes.map((each) => matches.of(each, "exclude"));
  const replaces = scope.replaces.map((each) => matches.of(each, "replace"));

  const requested = new Set(replaces.flatMap(({ urns }) => urns));
  const seeds = scope.targets.length === 0 ? resources.all() : targets.flatMap(({ urns }) => urns);
  const wanted =
    request.operation === "refresh"
      ? new Set(seeds)
      : closure([...seeds, ...requested, ...moves.keys()], resources);
  const excluded = whatStays(
    excludes.flatMap(({ urns }) => urns),
    resources,
  );
  const isPlanned = (urn: Urn): boolean => wanted.has(urn) && !excluded.has(urn);
  for (const each of [...targets, ...replaces]) matches.refuseExcluded(each, excluded);
  matches.refuseStuck(moves, isPlanned);

  const kept = request.recorded.resources
    .map((record) => [resources.nameOf(record.urn), record] as const)
    .filter(([urn]) => !isPlanned(urn));
  const all = [...resources.all()];
  return {
    graph: isUp ? cut(request.graph, isPlanned) : request.graph,
    kept: new Map(kept),
    requested: new Set([...requested].filter(isPlanned)),
    unmade: isUp
      ? request.graph.resources.filter(({ urn }) => !isPlanned(urn) && !resources.isRecorded(urn))
      : noResources,
    plan: { ...scope, outside: all.length - all.filter(isPlanned).length },
    problems: matches.problems,
  };
}

interface Match {
  readonly text: string;
  readonly urns: readonly Urn[];
}

class Matches {
  readonly #resources: StackResources;
  readonly problems: Problem[] = [];

  constructor(resources: StackResources) {
    this.#resources = resources;
  }

  /** What a pattern means: resources, also those in a component that it means. */
  of(text: string, option: "target" | "exclude" | "replace"): Match {
    const pattern = readPattern(text);
    const candidates =
      option === "replace" ? [...this.#resources.declared.keys()] : [...this.#resources.all()];
    const urns = candidates.filter((urn) => {
      for (const each of this.#resources.withParents(urn)) if (pattern.matches(each)) return true;
      return false;
    });
    if (urns.length === 0) this.#unmatched(text, option, candidates);
    return { text, urns };
  }

  #unmatched(text: string, option: string, candidates: readonly Urn[]): void {
    const named = new Set(candidates.flatMap((urn) => [...this.#resources.withParents(urn)]));
    const near = nearest(text, [...named].flatMap(namesOf));
    const message =
      option === "replace"
        ? `nothing that the program declares is called ${JSON.stringify(text)}`
        : `nothing in the stack is called ${JSON.stringify(text)}`;
    const hint = near === undefined ? undefined : `did you mean ${near}?`;
    this.problems.push(
      problem(plannerCodes.BERTH3080, { message: `--${option}: ${message}`, ...(hint && { hint }) }),
    );
  }

  /** What arrives at a URN needs that what stood there goes on, which is not left where it is. */
  refuseStuck(moves: Moves, isPlanned: (urn: Urn) => boolean): void {
    const departures = new Map([...moves.values()].map((move) => [move.from, move]));
    for (const { from, to } of moves.values()) {
      const next = departures.get(to);
      if (!next || !isPlanned(to) || isPlanned(next.to)) continue;
      const message = `${pathOfUrn(from)} is what the program has as ${pathOfUrn(to)} now, and what was recorded under that name would have to go, which the plan leaves out`;
      const hint = "plan them together: exclude less";
      this.problems.push(problem(plannerCodes.BERTH3083, { message, hint, resource: to }));
    }
  }

  /** Who asks for what another pattern leaves out is told so, instead of a plan without it. */
  refuseExcluded({ text, urns }: Match, excluded: ReadonlyMap<Urn, Urn>): void {
    const [first] = urns;
    if (first === undefined || !urns.every((each) => excluded.has(each))) return;
    const cause = excluded.get(first) ?? first;
    const why =
      cause === first
        ? "it is excluded as well"
        : `it cannot be planned without ${pathOfUrn(cause)}, which is excluded`;
    this.problems.push(
      problem(plannerCodes.BERTH3081, {
        message: `${JSON.stringify(text)} comes to nothing: ${why}`,
        resource: first,
      }),
    );
  }
}

/** These, what they need, and what needs those among them that are to be deleted. */
function closure(seeds: Iterable<Urn>, resources: StackResources): ReadonlySet<Urn> {
  const reached = new Set(seeds);
  for (const urn of reached) {
    for (const each of resources.dependencies(urn)) reached.add(each);
    if (resources.leaves(urn)) for (const each of resources.recordedDependents(urn)) reached.add(each);
  }
  return reached;
}

/** What is left out with these, each with the one because of which it is. */
function whatStays(seeds: readonly Urn[], resources: StackResources): ReadonlyMap<Urn, Urn> {
  const because = new Map(seeds.map((urn) => [urn, urn]));
  for (const [urn, cause] of because) {
    const drags = [
      ...resources.dependents(urn),
      // What stays as it is recorded needs what it is recorded to need.
      ...resources.recordedDependencies(urn).filter((each) => resources.leaves(each)),
    ];
    for (const each of drags) if (!because.has(each)) because.set(each, cause);
  }
  return because;
}

function cut(graph: Graph, isPlanned: (urn: Urn) => boolean): Graph {
  const resources = graph.resources.filter(({ urn }) => isPlanned(urn));
  const index = new Map(resources.map(({ urn }, at) => [urn, at]));
  const warnings = graph.warnings.filter(({ resource }) => resource === undefined || index.has(resource));
  return { ...graph, resources, index, warnings };
}

function withoutResources(graph: Graph): Graph {
  return { ...graph, resources: [], index: new Map() };
}

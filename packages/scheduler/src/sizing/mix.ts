import type { ExactCount } from "./exact.ts";
import { unplaced } from "./exact.ts";
import type { LinearSolver } from "./linear-program.ts";
import { mixProgram, nodesVariable } from "./mix-program.ts";
import { type NodeShape, nodesOf, type SizingProblem } from "./problem.ts";

/** An amount that shapes draw on together: cores of a quota, addresses of a subnet. */
export interface SharedLimit {
  readonly name: string;
  readonly limit: number;
  /** What one node takes of it, by the name of its shape. */
  readonly uses: Readonly<Record<string, number>>;
}

/** How many nodes of each shape. */
export interface NodeMix {
  readonly kind: "mix";
  readonly nodes: Readonly<Record<string, number>>;
  /** Of all nodes together; the number of nodes where no shape has a price. */
  readonly price: number;
  /** No mix costs less, by adding up; equal to `price` where this is known to be the cheapest. */
  readonly bound: number;
}

/** Limits leave too little, or a pod fits on none of the shapes. */
export interface NoMix {
  readonly kind: "no-mix";
  /** Pods that stay pending with as many nodes as limits allow. */
  readonly unplaced: ExactCount["unplaced"];
}

/** So many nodes of a shape without a limit are tried where nothing was enough. */
const plenty = 100;

/**
 * The cheapest nodes of several shapes, within limits, on which every pending pod is placed. A linear
 * program finds the cheapest that adds up; the scheduler then places the pods on them. Where some
 * find no node, nodes are added, and those that turn out not to be needed are dropped.
 *
 * Errors: as `createScheduler`.
 *
 * @example
 * const mix = cheapestMix({ pending, kubernetes: "1.36", flavour: "aks" }, shapes, await loadHighs());
 */
export function cheapestMix(
  problem: SizingProblem,
  shapes: readonly NodeShape[],
  solve: LinearSolver,
  limits: readonly SharedLimit[] = [],
): NodeMix | NoMix {
  const solution = solve(mixProgram(problem, shapes, limits));
  const start = shapes.map((_, i) => solution?.values[nodesVariable(i)] ?? 0);
  const enough = solution && grow(problem, shapes, limits, start);
  if (solution === undefined || enough === undefined) {
    const all = shapes.map(({ limit = plenty }) => limit);
    return { kind: "no-mix", unplaced: unplacedOn(problem, shapes, all) };
  }
  const least = shrink(problem, shapes, enough);
  const priced = shapes.some(({ price }) => price !== undefined);
  const price = shapes.reduce((sum, shape, i) => sum + (priced ? (shape.price ?? 0) : 1) * least[i]!, 0);
  const nodes = Object.fromEntries(shapes.map(({ name }, i) => [name, least[i]!]));
  return { kind: "mix", nodes, price, bound: Math.min(price, solution.objective) };
}

/**
 * Adds the nodes that place most of what is left for their price, until everything is placed: one at a time, and more
 * of a shape at once only where no single one places another pod (pods that exclude each other may need two).
 */
function grow(
  problem: SizingProblem,
  shapes: readonly NodeShape[],
  limits: readonly SharedLimit[],
  start: readonly number[],
): readonly number[] | undefined {
  let counts = start;
  let left = unplacedOn(problem, shapes, counts).length;
  while (left > 0) {
    const steps = progress(problem, shapes, limits, counts, left);
    const worth = ({ next, left: after }: (typeof steps)[number]) =>
      (left - after) / Math.max(priceOf(shapes, next) - priceOf(shapes, counts), 1e-9);
    const [best] = steps.toSorted((a, b) => worth(b) - worth(a));
    if (best === undefined) return undefined;
    ({ next: counts, left } = best);
  }
  return counts;
}

interface GrowthStep {
  readonly next: readonly number[];
  /** Pods that are still without a node. */
  readonly left: number;
}

/** The ways to place at least one pod more by the fewest nodes of one shape; none where no number of them does. */
function progress(
  problem: SizingProblem,
  shapes: readonly NodeShape[],
  limits: readonly SharedLimit[],
  counts: readonly number[],
  left: number,
): readonly GrowthStep[] {
  for (let more = 1; more < 2 * problem.pending.length; more *= 2) {
    const steps = shapes
      .map((_, i) => counts.with(i, counts[i]! + more))
      .filter((next) => isWithin(shapes, limits, next))
      .map((next) => ({ next, left: unplacedOn(problem, shapes, next).length }))
      .filter((step) => step.left < left);
    if (steps.length > 0) return steps;
  }
  return [];
}

/** Drops nodes, dearest first, as long as everything stays placed. */
function shrink(
  problem: SizingProblem,
  shapes: readonly NodeShape[],
  start: readonly number[],
): readonly number[] {
  let counts = start;
  const dearest = [...shapes.keys()].toSorted((a, b) => (shapes[b]!.price ?? 0) - (shapes[a]!.price ?? 0));
  for (const i of dearest) {
    while (counts[i]! > 0 && unplacedOn(problem, shapes, counts.with(i, counts[i]! - 1)).length === 0) {
      counts = counts.with(i, counts[i]! - 1);
    }
  }
  return counts;
}

function unplacedOn(
  problem: SizingProblem,
  shapes: readonly NodeShape[],
  counts: readonly number[],
): ExactCount["unplaced"] {
  const parts = shapes.map((shape, i) => nodesOf(shape, counts[i]!));
  return unplaced(
    problem,
    parts.flatMap(({ nodes }) => nodes),
    parts.flatMap(({ daemons }) => daemons),
  );
}

function isWithin(
  shapes: readonly NodeShape[],
  limits: readonly SharedLimit[],
  counts: readonly number[],
): boolean {
  return (
    shapes.every(({ limit = Number.POSITIVE_INFINITY }, i) => counts[i]! <= limit) &&
    limits.every(
      ({ limit, uses }) =>
        shapes.reduce((sum, { name }, i) => sum + (uses[name] ?? 0) * counts[i]!, 0) <= limit,
    )
  );
}

function priceOf(shapes: readonly NodeShape[], counts: readonly number[]): number {
  return shapes.reduce((sum, { price = 0 }, i) => sum + price * counts[i]!, 0);
}

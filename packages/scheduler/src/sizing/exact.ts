import type { Pod } from "@berth/objects";
import { createScheduler } from "../scheduler.ts";
import { lowerBound } from "./lower-bound.ts";
import { type NodeShape, nodesOf, type SizingProblem } from "./problem.ts";

/** How many nodes it takes for the scheduler itself to place every pod. */
export interface ExactCount {
  /** The fewest found; absent where no number up to the limit is enough. */
  readonly nodes?: number;
  /** Whether one more node places them all too: with spread or anti-affinity more is not always enough. */
  readonly oneMoreToo?: boolean;
  /** Pods that stay pending with as many nodes as there can be. */
  readonly unplaced: readonly { readonly pod: Pod; readonly message: string }[];
}

/** So far we look unless told a limit. */
const mostNodes = 5000;
/** Up to this many numbers are tried one after the other; beyond, by halving. */
const fewSteps = 32;

/**
 * The answer by scheduling: the smallest number of nodes with which every pod is placed, sought from
 * the lower bound up. Each number is a whole run of the scheduler in the order of its queue.
 */
export function exactCount(problem: SizingProblem, shape: NodeShape): ExactCount {
  const limit = shape.limit ?? mostNodes;
  const least = lowerBound(problem, shape).nodes;
  if (least > limit) return { unplaced: unplacedWith(problem, shape, limit) };
  const enough = (count: number) => unplacedWith(problem, shape, count).length === 0;
  let step = 1;
  let tooFew = least - 1;
  let found = least;
  while (!enough(found)) {
    if (found >= limit) return { unplaced: unplacedWith(problem, shape, limit) };
    tooFew = found;
    found = Math.min(limit, found + step);
    step *= 2;
  }
  while (found - tooFew > fewSteps) {
    const middle = Math.floor((found + tooFew) / 2);
    if (enough(middle)) found = middle;
    else tooFew = middle;
  }
  for (let count = tooFew + 1; count < found; count++) if (enough(count)) found = count;
  return { nodes: found, oneMoreToo: found < limit && enough(found + 1), unplaced: [] };
}

/** The pods that find no place on so many nodes. */
function unplacedWith(problem: SizingProblem, shape: NodeShape, count: number): ExactCount["unplaced"] {
  const { nodes, daemons } = nodesOf(shape, count);
  return unplaced(problem, nodes, daemons);
}

/** Schedules everything onto the nodes that are there and more; who is not placed is told with the message. */
export function unplaced(
  problem: SizingProblem,
  nodes: ReturnType<typeof nodesOf>["nodes"],
  daemons: readonly Pod[],
): ExactCount["unplaced"] {
  const scheduler = createScheduler({
    ...problem,
    nodes: [...(problem.nodes ?? []), ...nodes],
    pods: [...(problem.pods ?? []), ...daemons],
  });
  return scheduler
    .schedule(problem.pending)
    .flatMap(({ pod, decision }) => (decision.kind === "placed" ? [] : [{ pod, message: decision.message }]));
}

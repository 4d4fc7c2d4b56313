import { type AutoscalerCount, autoscalerCount } from "./autoscaler.ts";
import { type ExactCount, exactCount } from "./exact.ts";
import { type LowerBound, lowerBound } from "./lower-bound.ts";
import type { NodeShape, SizingProblem } from "./problem.ts";

/** Three answers to "how many nodes", each by its own rule; where they differ is worth a look. */
export interface NodeCounts {
  readonly shape: string;
  readonly lowerBound: LowerBound;
  readonly autoscaler: AutoscalerCount;
  readonly exact: ExactCount;
}

/**
 * How many nodes of a shape the pending pods need, besides those that are there: by adding up, as
 * cluster-autoscaler counts, and as the scheduler places (scheduling.md §4.3).
 *
 * Errors: as `createScheduler`.
 *
 * @example
 * const { exact } = countNodes({ pending: pods, kubernetes: "1.36", flavour: "aks" }, shape);
 */
export function countNodes(problem: SizingProblem, shape: NodeShape): NodeCounts {
  return {
    shape: shape.name,
    lowerBound: lowerBound(problem, shape),
    autoscaler: autoscalerCount(problem, shape),
    exact: exactCount(problem, shape),
  };
}

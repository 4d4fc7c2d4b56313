import type { Cluster } from "../cluster/cluster.ts";
import type { PodClass } from "../cluster/pod-class.ts";
import type { ScoringStrategy } from "../configuration.ts";
import { percentOf } from "../framework/percent.ts";
import type { NodeScorer } from "../framework/plugin.ts";

/** Score of one resource, 0 to 100, by what is used of it with the pod, and what the node has. */
type ResourceScore = (used: number, capacity: number) => number;

interface Weighed {
  readonly weight: number;
  readonly adds: number;
  readonly used: Float64Array;
  readonly allocatable: Float64Array;
}

/**
 * How well a node's cpu and memory would be used, by the strategy's idea of well: the weighted mean
 * over resources. cpu and memory count in the non-zero view; a node without a resource leaves it out.
 */
export function allocationScore(pods: PodClass, cluster: Cluster, strategy: ScoringStrategy): NodeScorer {
  const weighed = strategy.resources.flatMap(({ name, weight }) => weigh(pods, cluster, name, weight));
  const shape = strategy.requestedToCapacityRatio?.shape ?? [];
  const byRatio = strategy.type === "RequestedToCapacityRatio";
  const scoreOf = byRatio ? alongShape(shape) : strategy.type === "MostAllocated" ? usedShare : freeShare;
  return {
    scope: "node",
    score(nodes, count, out) {
      for (let i = 0; i < count; i++) {
        const node = nodes[i]!;
        let sum = 0;
        let weights = 0;
        for (let r = 0; r < weighed.length; r++) {
          const { weight, adds, used, allocatable } = weighed[r]!;
          const capacity = allocatable[node]!;
          if (capacity === 0) continue;
          const score = scoreOf(used[node]! + adds, capacity);
          if (byRatio && score === 0) continue;
          sum += weight * score;
          weights += weight;
        }
        out[i] = weights === 0 ? 0 : byRatio ? Math.round(sum / weights) : Math.trunc(sum / weights);
      }
    },
  };
}

/** LeastAllocated: the share that stays free. */
const freeShare: ResourceScore = (used, capacity) =>
  used >= capacity ? 0 : percentOf(capacity - used, capacity);

/** MostAllocated: the share that is used, of pods that request nothing a little. */
const usedShare: ResourceScore = (used, capacity) => percentOf(Math.min(used, capacity), capacity);

/** RequestedToCapacityRatio: the used share, through a line with the given points. Scores go to 10 there. */
function alongShape(
  shape: readonly { readonly utilization: number; readonly score: number }[],
): ResourceScore {
  return (used, capacity) => {
    const share = used > capacity ? 100 : percentOf(used, capacity);
    const next = shape.findIndex(({ utilization }) => share <= utilization);
    const [before, after] = [shape[next - 1], shape[next] ?? shape.at(-1)];
    if (after === undefined) return 0;
    if (before === undefined || next < 0) return after.score * 10;
    const slope = (after.score - before.score) * 10;
    return (
      before.score * 10 +
      Math.trunc((slope * (share - before.utilization)) / (after.utilization - before.utilization))
    );
  };
}

function weigh(pods: PodClass, cluster: Cluster, resource: string, weight: number): Weighed[] {
  const { columns } = cluster;
  const { allocatable, requested } = columns.resource(resource);
  if (resource === "cpu")
    return [{ weight, adds: pods.requests.scoredCpu, used: columns.nonZeroCpu, allocatable }];
  if (resource === "memory") {
    return [{ weight, adds: pods.requests.scoredMemory, used: columns.nonZeroMemory, allocatable }];
  }
  const adds = pods.requests.real.get(resource) ?? 0;
  return adds === 0 && resource !== "ephemeral-storage"
    ? []
    : [{ weight, adds, used: requested, allocatable }];
}

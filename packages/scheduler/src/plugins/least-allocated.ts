import type { Cluster } from "../cluster/cluster.ts";
import type { PodClass } from "../cluster/pod-class.ts";
import type { NodeScorer } from "../framework/plugin.ts";
import { percentOf } from "../framework/percent.ts";

export interface ResourceWeight {
  readonly resource: string;
  readonly weight: number;
}

interface Weighed {
  readonly weight: number;
  readonly adds: number;
  readonly used: Float64Array;
  readonly allocatable: Float64Array;
}

/**
 * The emptier a node would be, the better: the mean over resources of the share that stays free.
 * cpu and memory count in the non-zero view. A node without a resource leaves it out.
 */
export function leastAllocated(
  pods: PodClass,
  cluster: Cluster,
  weights: readonly ResourceWeight[],
): NodeScorer {
  const weighed = weights.flatMap(({ resource, weight }) => weigh(pods, cluster, resource, weight));
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
          const free = capacity - used[node]! - adds;
          if (free > 0) sum += weight * percentOf(free, capacity);
          weights += weight;
        }
        out[i] = weights === 0 ? 0 : Math.trunc(sum / weights);
      }
    },
  };
}

function weigh(pods: PodClass, cluster: Cluster, resource: string, weight: number): Weighed[] {
  const { columns } = cluster;
  const { allocatable, requested } = columns.resource(resource);
  if (resource === "cpu")
    return [{ weight, adds: pods.requests.scoredCpu, used: columns.nonZeroCpu, allocatable }];
  if (resource === "memory")
    return [{ weight, adds: pods.requests.scoredMemory, used: columns.nonZeroMemory, allocatable }];
  const adds = pods.requests.real.get(resource) ?? 0;
  if (adds === 0 && resource !== "ephemeral-storage") return [];
  return [{ weight, adds, used: requested, allocatable }];
}

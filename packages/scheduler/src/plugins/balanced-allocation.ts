import type { ResourceSpec } from "../configuration.ts";
import type { ResourceColumn } from "../cluster/columns.ts";
import type { ScorePlugin } from "../framework/plugin.ts";

/**
 * The more evenly a node's resources would be used, the better. Since 1.36 what counts is how much
 * the pod improves the balance, so that 75 is neutral (`improvement`); before, the balance itself.
 */
export function balancedAllocation(resources: readonly ResourceSpec[], improvement: boolean): ScorePlugin {
  return {
    name: "NodeResourcesBalancedAllocation",
    preScore(pods, cluster) {
      const requests = resources.map(({ name }) => pods.requests.real.get(name) ?? 0);
      if (requests.every((amount) => amount === 0)) return undefined;
      const counted: readonly Counted[] = resources.flatMap(({ name }, i) => {
        const adds = requests[i]!;
        return adds === 0 && isScalar(name) ? [] : [{ adds, column: cluster.columns.resource(name) }];
      });
      return {
        scope: "node",
        score(nodes, count, out) {
          for (let i = 0; i < count; i++) {
            const node = nodes[i]!;
            const withPod = balance(node, counted, true);
            out[i] = improvement
              ? 50 + Math.trunc((50 + withPod - balance(node, counted, false)) / 2)
              : withPod;
          }
        },
      };
    },
  };
}

interface Counted {
  readonly adds: number;
  readonly column: ResourceColumn;
}

/** 100 where all resources are used to the same share, 0 where they are as far apart as can be. */
function balance(node: number, counted: readonly Counted[], withPod: boolean): number {
  let resources = 0;
  let sum = 0;
  let first = 0;
  let last = 0;
  for (let r = 0; r < counted.length; r++) {
    const share = shareOf(node, counted[r]!, withPod);
    if (share < 0) continue;
    if (resources++ === 0) first = share;
    last = share;
    sum += share;
  }
  let deviation = 0;
  if (resources === 2) deviation = Math.abs((first - last) / 2);
  else if (resources > 2) deviation = deviationFrom(sum / resources, resources, node, counted, withPod);
  return Math.trunc((1 - deviation) * 100);
}

function deviationFrom(
  mean: number,
  resources: number,
  node: number,
  counted: readonly Counted[],
  withPod: boolean,
): number {
  let squares = 0;
  for (const each of counted) {
    const share = shareOf(node, each, withPod);
    if (share >= 0) squares += (share - mean) * (share - mean);
  }
  return Math.sqrt(squares / resources);
}

/** Used share of a resource, at most 1; -1 where the node has none of it. */
function shareOf(node: number, { adds, column }: Counted, withPod: boolean): number {
  const capacity = column.allocatable[node]!;
  if (capacity === 0) return -1;
  return Math.min(1, (column.requested[node]! + (withPod ? adds : 0)) / capacity);
}

function isScalar(resource: string): boolean {
  return resource !== "cpu" && resource !== "memory" && resource !== "ephemeral-storage";
}

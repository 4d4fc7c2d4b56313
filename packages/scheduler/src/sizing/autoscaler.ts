import type { Pod } from "@berth/objects";
import { nodeAllocatable } from "../amounts.ts";
import { podKeyOf } from "../cluster/cluster.ts";
import type { SchedulerCore } from "../framework/core.ts";
import { daemonsOf, type NodeShape, type SizingProblem } from "./problem.ts";
import { coreOf } from "./start.ts";

/** How many nodes cluster-autoscaler would add. */
export interface AutoscalerCount {
  readonly nodes: number;
  /** Pods that it leaves pending: a fresh node does not take them, or the limit is reached. */
  readonly unplaced: readonly Pod[];
}

/** Nodes that cluster-autoscaler adds at most in one go. */
const mostAtOnce = 1000;

/**
 * cluster-autoscaler's estimate (scheduling.md §4.1): first-fit decreasing. Pods that fit on nodes
 * that are there are set aside; the others, largest first, go to the next new node that filters let
 * them onto, going round from the last one that took a pod, else onto one more. No scores.
 */
export function autoscalerCount(problem: SizingProblem, shape: NodeShape): AutoscalerCount {
  const core = coreOf(problem);
  const waiting = problem.pending.filter((pod) => !place(core, pod, feasible(core, pod)[0]));
  const limit = Math.min(shape.limit ?? mostAtOnce, mostAtOnce);
  const first = core.cluster.nodes.length;
  let added = 0;
  let last = 0;
  const unplaced = largestFirst(waiting, shape, core).filter((pod) => {
    const fits = new Set(feasible(core, pod));
    for (let step = 0; step < added; step++) {
      const index = (last + step) % added;
      if (!fits.has(first + index)) continue;
      last = index;
      return !place(core, pod, first + index);
    }
    if (added >= limit) return true;
    const name = addNode(core, shape, added);
    const fresh = core.cluster.indexOf(name);
    if (fresh === undefined || !feasible(core, pod).includes(fresh)) {
      removeNode(core, name);
      return true;
    }
    last = added++;
    return !place(core, pod, fresh);
  });
  return { nodes: added, unplaced };
}

function feasible(core: SchedulerCore, pod: Pod): readonly number[] {
  const view = core.view(pod);
  if (view.filters.refusal !== undefined) return [];
  core.cycle.filter(view, podKeyOf(pod));
  return [...core.cycle.feasible.subarray(0, core.cycle.feasibleCount)];
}

function place(core: SchedulerCore, pod: Pod, node: number | undefined): boolean {
  if (node === undefined) return false;
  core.apply({ kind: "place", pod, node: core.cluster.nodes[node]!.name });
  return true;
}

function addNode(core: SchedulerCore, shape: NodeShape, index: number): string {
  const node = shape.node(index);
  const name = node.metadata?.name ?? "";
  core.apply({ kind: "put-node", node });
  for (const pod of daemonsOf(shape, node)) core.apply({ kind: "place", pod, node: name });
  core.cluster.refresh();
  return name;
}

function removeNode(core: SchedulerCore, name: string): void {
  const index = core.cluster.indexOf(name);
  for (const { key } of index === undefined ? [] : [...core.cluster.podsOn(index)])
    core.apply({ kind: "remove", pod: key });
  core.apply({ kind: "remove-node", name });
  core.cluster.refresh();
}

/** By the share of a node's cpu plus that of its memory. */
function largestFirst(pods: readonly Pod[], shape: NodeShape, core: SchedulerCore): readonly Pod[] {
  const allocatable = nodeAllocatable(shape.node(0));
  const size = new Map(
    pods.map((pod) => {
      const { real } = core.cluster.classOf(pod, false).requests;
      const share = (resource: string) => (real.get(resource) ?? 0) / (allocatable.get(resource) ?? 1);
      return [pod, share("cpu") + share("memory")];
    }),
  );
  return pods.toSorted((a, b) => size.get(b)! - size.get(a)!);
}

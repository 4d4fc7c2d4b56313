import type { Pod, ReplicaSet } from "@berth/objects";
import { sameValue } from "../canonical.ts";
import type { Held } from "../held.ts";
import { isActive, isReady, isUnbound, podFrom } from "../pod.ts";
import type { Action } from "./action.ts";

/** Kubernetes makes and removes at most so many pods of one set at a time. */
const BURST = 500;

export interface ReplicaSetView {
  readonly replicaSet: Held<ReplicaSet>;
  /** Its own pods, in order of creation. */
  readonly pods: readonly Held<Pod>[];
  /** Active pods on a node that belong to any replica set of the same deployment. */
  relatedPodsOn(node: string): number;
}

/** Keeps as many pods as `spec.replicas` says: `pkg/controller/replicaset`. */
export function reconcileReplicaSet(view: ReplicaSetView): Action[] {
  const { replicaSet } = view;
  const pods = view.pods.filter((pod) => isActive(pod.object));
  const excess = pods.length - (replicaSet.object.spec?.replicas ?? 1);
  if (excess < 0) {
    const pod = podFrom(replicaSet, replicaSet.object.spec?.template);
    return Array.from({ length: Math.min(-excess, BURST) }, () => ({
      do: "create-pod",
      owner: replicaSet,
      pod,
    }));
  }
  if (excess > 0) {
    const victims = rankVictims(pods, view.relatedPodsOn).slice(0, Math.min(excess, BURST));
    return victims.map((pod) => ({ do: "delete", ref: pod.ref, cause: "scaled-down" }));
  }
  return statusOf(replicaSet.object, pods);
}

/**
 * Pods in the order in which a scale-down removes them (`ActivePodsWithRanks`): without a node,
 * pending, not ready, of lower deletion cost, doubled up on a node, restarted more often, newer.
 */
export function rankVictims(
  pods: readonly Held<Pod>[],
  relatedPodsOn: (node: string) => number,
): readonly Held<Pod>[] {
  const ranked = pods.map((pod) => ({ pod, rank: victimRank(pod.object, relatedPodsOn) }));
  return ranked
    .toSorted((a, b) => compareRanks(a.rank, b.rank) || b.pod.sequence - a.pod.sequence)
    .map(({ pod }) => pod);
}

/** Smaller goes first, compared field by field. */
export function victimRank(pod: Pod, relatedPodsOn: (node: string) => number): readonly number[] {
  const node = pod.spec?.nodeName;
  const restarts = Math.max(0, ...(pod.status?.containerStatuses ?? []).map((each) => each.restartCount));
  return [
    isUnbound(pod) ? 0 : 1,
    phaseRank(pod.status?.phase),
    isReady(pod) ? 1 : 0,
    deletionCost(pod),
    node ? -relatedPodsOn(node) : 0,
    -restarts,
  ];
}

export function compareRanks(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function phaseRank(phase: string | undefined): number {
  return phase === "Running" ? 2 : phase === "Unknown" ? 1 : 0;
}

function deletionCost(pod: Pod): number {
  const text = pod.metadata?.annotations?.["controller.kubernetes.io/pod-deletion-cost"] ?? "0";
  // What is not an int32 in canonical form counts as 0, as in Kubernetes.
  return /^(0|-?[1-9]\d{0,9})$/.test(text) && Math.abs(Number(text)) < 2 ** 31 ? Number(text) : 0;
}

function statusOf(replicaSet: ReplicaSet, pods: readonly Held<Pod>[]): Action[] {
  const ready = pods.filter((pod) => isReady(pod.object)).length;
  const labels = Object.entries(replicaSet.spec?.template?.metadata?.labels ?? {});
  const labelled = pods.filter(({ object }) =>
    labels.every(([name, value]) => object.metadata?.labels?.[name] === value),
  ).length;
  const status = {
    ...replicaSet.status,
    replicas: pods.length,
    fullyLabeledReplicas: labelled,
    readyReplicas: ready,
    availableReplicas: ready,
    ...(replicaSet.metadata?.generation === undefined
      ? {}
      : { observedGeneration: replicaSet.metadata.generation }),
  };
  if (sameValue(status, replicaSet.status)) return [];
  const object: ReplicaSet = { ...replicaSet, status };
  return [{ do: "write", object }];
}

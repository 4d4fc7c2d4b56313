import type { Pod } from "@berth/objects";

/** kube-scheduler's queue (PrioritySort): higher priority first, then who came earlier. */
export function byPriority(pods: readonly Pod[]): readonly Pod[] {
  return pods.toSorted((a, b) => (b.spec?.priority ?? 0) - (a.spec?.priority ?? 0));
}

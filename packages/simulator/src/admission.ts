import type { Pod, PriorityClass, Toleration } from "@berth/objects";
import { withTolerations } from "./toleration.ts";

/** Priority classes that every cluster has. */
const SYSTEM_PRIORITIES: Readonly<Record<string, number>> = {
  "system-cluster-critical": 2_000_000_000,
  "system-node-critical": 2_000_001_000,
};

/** What DefaultTolerationSeconds adds: a pod outlives the loss of its node by five minutes. */
const NODE_LOSS_TOLERATIONS: readonly Toleration[] = [
  { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 },
  { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 },
];

/** What the API server's default admission plugins fill in when a pod is created. */
export function admitPod(
  pod: Pod,
  priorityClass: (name: string | undefined) => PriorityClass | undefined,
): Pod {
  const own = pod.spec ?? { containers: [] };
  const found = own.priority === undefined ? priorityClass(own.priorityClassName) : undefined;
  const name = own.priorityClassName ?? found?.metadata?.name;
  const priority = own.priority ?? SYSTEM_PRIORITIES[own.priorityClassName ?? ""] ?? found?.value ?? 0;
  const spec = withTolerations(
    {
      ...own,
      ...(name === undefined ? {} : { priorityClassName: name }),
      priority,
      preemptionPolicy: own.preemptionPolicy ?? found?.preemptionPolicy ?? "PreemptLowerPriority",
      schedulerName: own.schedulerName ?? "default-scheduler",
      enableServiceLinks: own.enableServiceLinks ?? true,
    },
    NODE_LOSS_TOLERATIONS,
  );
  return { ...pod, spec };
}

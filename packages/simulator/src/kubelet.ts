import type { Pod } from "@berth/objects";

type PodStatus = NonNullable<Pod["status"]>;
type Condition = NonNullable<PodStatus["conditions"]>[number];

/** A pod for which the scheduler found no node yet. */
export function withoutNode(pod: Pod, message: string): Pod {
  const condition: Condition = { type: "PodScheduled", status: "False", reason: "Unschedulable", message };
  return withStatus(pod, { phase: "Pending", conditions: [condition] });
}

/** A pod that the scheduler bound, as the kubelet starts it: it runs, and is not ready yet. */
export function boundTo(
  pod: Pod,
  node: string,
  address: string | undefined,
  startTime: string | undefined,
): Pod {
  const spec = { ...(pod.spec ?? { containers: [] }), nodeName: node };
  const conditions = [...conditionsOf(false), { type: "PodScheduled", status: "True" as const }];
  return withStatus(
    { ...pod, spec },
    {
      phase: "Running",
      conditions,
      ...(address === undefined ? {} : { podIP: address, podIPs: [{ ip: address }] }),
      ...(startTime === undefined ? {} : { startTime }),
    },
  );
}

/** The same pod, ready or not. */
export function withReadiness(pod: Pod, ready: boolean): Pod {
  const others = (pod.status?.conditions ?? []).filter((each) => !isKubelets(each.type));
  return withStatus(pod, { phase: "Running", conditions: [...conditionsOf(ready), ...others] });
}

function conditionsOf(ready: boolean): Condition[] {
  const status = ready ? "True" : "False";
  return [
    { type: "Initialized", status: "True" },
    { type: "Ready", status },
    { type: "ContainersReady", status },
  ];
}

function isKubelets(type: string): boolean {
  return type === "Initialized" || type === "Ready" || type === "ContainersReady";
}

function withStatus(pod: Pod, status: PodStatus): Pod {
  return { ...pod, status: { ...pod.status, ...status } };
}

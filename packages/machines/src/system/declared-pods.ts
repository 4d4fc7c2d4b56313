/** How a pod's requests are known. */
export type Evidence =
  /** Read from published `kubectl describe node` outputs of AKS clusters. */
  | "node"
  /** Azure/AKS#3525. */
  | "issue"
  /** Common knowledge; check against a cluster of yours. */
  | "unverified";

/** A workload that AKS runs in kube-system by itself, as far as it takes room on nodes. */
export interface SystemPod {
  readonly kind: "DaemonSet" | "Deployment";
  readonly name: string;
  /** Of a deployment; 1 if absent. */
  readonly replicas?: number;
  /** CPU and memory requests. */
  readonly cpu: string;
  readonly memory: string;
  /** Where it runs; everywhere if absent. */
  readonly when?: "azure-cni" | "not-cilium";
  readonly evidence: Evidence;
  /** What is known beyond the numbers. */
  readonly note?: string;
}

/**
 * AKS's own pods. Versions and add-ons differ: override the list where your cluster is another, and a snapshot of a
 * real cluster replaces it. Requests of `node` evidence were read on AKS 1.24 (2022), 1.27 (2023) and 1.32 (2025).
 */
export const aksSystemPods: readonly SystemPod[] = [
  {
    kind: "DaemonSet",
    name: "azure-cns",
    cpu: "40m",
    memory: "250Mi",
    when: "azure-cni",
    evidence: "issue",
    note: "the same on a node of AKS 1.32.7",
  },
  { kind: "DaemonSet", name: "azure-ip-masq-agent", cpu: "100m", memory: "50Mi", evidence: "node" },
  { kind: "DaemonSet", name: "cloud-node-manager", cpu: "50m", memory: "50Mi", evidence: "node" },
  { kind: "DaemonSet", name: "csi-azuredisk-node", cpu: "30m", memory: "60Mi", evidence: "node" },
  { kind: "DaemonSet", name: "csi-azurefile-node", cpu: "30m", memory: "60Mi", evidence: "node" },
  { kind: "DaemonSet", name: "kube-proxy", cpu: "100m", memory: "0", when: "not-cilium", evidence: "node" },
  {
    kind: "Deployment",
    name: "coredns",
    replicas: 2,
    cpu: "100m",
    memory: "70Mi",
    evidence: "node",
    note: "its autoscaler gives it more replicas from 8 nodes on",
  },
  {
    kind: "Deployment",
    name: "coredns-autoscaler",
    replicas: 1,
    cpu: "20m",
    memory: "10Mi",
    evidence: "node",
  },
  {
    kind: "Deployment",
    name: "konnectivity-agent",
    replicas: 2,
    cpu: "20m",
    memory: "20Mi",
    evidence: "node",
  },
  {
    kind: "Deployment",
    name: "metrics-server",
    replicas: 2,
    cpu: "44m",
    memory: "55Mi",
    evidence: "node",
    note: "AKS sizes it by itself: 156m and 138Mi were read on AKS 1.32.7",
  },
];

/** What a user changes of one declared workload; `false` leaves it out. */
export type SystemPodOverride = false | Partial<Pick<SystemPod, "replicas" | "cpu" | "memory">>;

/**
 * The declared list with changes by name. A name that is not in the list is left alone: give a list of your own to
 * add to it.
 *
 * @example
 * overrideSystemPods(aksSystemPods, { "metrics-server": { cpu: "156m", memory: "138Mi" }, "azure-cns": false });
 */
export function overrideSystemPods(
  pods: readonly SystemPod[],
  overrides: Readonly<Record<string, SystemPodOverride>>,
): readonly SystemPod[] {
  return pods.flatMap((pod) => {
    const change = Object.hasOwn(overrides, pod.name) ? overrides[pod.name] : undefined;
    return change === false ? [] : [{ ...pod, ...change }];
  });
}

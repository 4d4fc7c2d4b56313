import { aksSystemPods, type SystemPod } from "./declared-pods.ts";

/** What decides which of AKS's pods a cluster runs. */
export interface SystemWorkloadsInput {
  readonly networkPlugin: "azure" | "kubenet" | "none";
  readonly dataplane?: "azure" | "cilium";
  /** Instead of {@link aksSystemPods}. */
  readonly pods?: readonly SystemPod[];
}

/** JSON, as manifests are made of. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A DaemonSet or Deployment of kube-system as plain JSON. */
export interface SystemWorkload {
  readonly apiVersion: "apps/v1";
  readonly kind: "DaemonSet" | "Deployment";
  readonly metadata: {
    readonly name: string;
    readonly namespace: "kube-system";
    readonly labels: Readonly<Record<string, string>>;
  };
  readonly spec: { readonly [key: string]: Json };
}

/**
 * The daemon sets and deployments that AKS runs by itself, with the requests, tolerations, priorities and affinities
 * that decide their place: daemon sets tolerate everything, deployments the taints of system pools and control planes
 * and prefer nodes of system pools. Images name the component, not its version, which AKS chooses.
 *
 * The requests have their evidence in {@link SystemPod.evidence}, and the preference for system pools was read from a
 * published coredns of AKS. Labels, priorities and tolerations are common knowledge, not verified.
 *
 * @example
 * aksSystemWorkloads({ networkPlugin: "azure" }).map((each) => each.metadata.name);
 */
export function aksSystemWorkloads(input: SystemWorkloadsInput): readonly SystemWorkload[] {
  return (input.pods ?? aksSystemPods).filter((pod) => runs(pod, input)).map(workload);
}

function runs(pod: SystemPod, input: SystemWorkloadsInput): boolean {
  if (pod.when === "azure-cni") return input.networkPlugin === "azure";
  if (pod.when === "not-cilium") return input.dataplane !== "cilium";
  return true;
}

function workload(pod: SystemPod): SystemWorkload {
  const selected = labelsOf(pod);
  const labels = { "kubernetes.azure.com/managedby": "aks", ...selected };
  const template: Json = {
    metadata: { labels },
    spec: {
      affinity: affinity(pod, selected),
      containers: [
        {
          name: pod.name,
          image: `mcr.microsoft.com/oss/kubernetes/${pod.name}`,
          resources: { requests: { cpu: pod.cpu, memory: pod.memory } },
        },
      ],
      priorityClassName:
        pod.kind === "DaemonSet" || pod.name === "coredns"
          ? "system-node-critical"
          : "system-cluster-critical",
      ...(hostNetworked.has(pod.name) && { hostNetwork: true }),
      tolerations: pod.kind === "DaemonSet" ? [{ operator: "Exists" }] : deploymentTolerations,
    },
  };
  return {
    apiVersion: "apps/v1",
    kind: pod.kind,
    metadata: { name: pod.name, namespace: "kube-system", labels },
    spec: {
      ...(pod.kind === "Deployment" && { replicas: pod.replicas ?? 1 }),
      selector: { matchLabels: selected },
      template,
    },
  };
}

/** DNS is found by `k8s-app: kube-dns`, whatever serves it. */
function labelsOf(pod: SystemPod): Readonly<Record<string, string>> {
  if (pod.name === "coredns") return { "k8s-app": "kube-dns" };
  if (pod.name === "kube-proxy") return { component: "kube-proxy" };
  return pod.name.startsWith("csi-") ? { app: pod.name } : { "k8s-app": pod.name };
}

/** Node agents that use the node's own network, and so take none of the network's addresses. */
const hostNetworked: ReadonlySet<string> = new Set([
  "azure-cns",
  "azure-ip-masq-agent",
  "cloud-node-manager",
  "csi-azuredisk-node",
  "csi-azurefile-node",
  "kube-proxy",
]);

const deploymentTolerations: Json = [
  { key: "CriticalAddonsOnly", operator: "Exists" },
  { effect: "NoSchedule", key: "node-role.kubernetes.io/control-plane", operator: "Exists" },
];

function affinity(pod: SystemPod, selected: Readonly<Record<string, string>>): Json {
  const linux: Json = {
    nodeSelectorTerms: [
      { matchExpressions: [{ key: "kubernetes.io/os", operator: "In", values: ["linux"] }] },
    ],
  };
  if (pod.kind === "DaemonSet") {
    return { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: linux } };
  }
  const systemPool: Json = { key: "kubernetes.azure.com/mode", operator: "In", values: ["system"] };
  const apart: Json = { labelSelector: { matchLabels: selected }, topologyKey: "kubernetes.io/hostname" };
  return {
    nodeAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [
        { preference: { matchExpressions: [systemPool] }, weight: 100 },
      ],
      requiredDuringSchedulingIgnoredDuringExecution: linux,
    },
    ...(pod.name === "coredns" && {
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [{ podAffinityTerm: apart, weight: 100 }],
      },
    }),
  };
}

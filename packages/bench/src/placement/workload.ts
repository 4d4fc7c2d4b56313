import type { KubernetesObject, Node, Pod, PodSpec } from "@berth/objects";

/** Something to schedule: what stands before the clock starts, and what comes while it runs. */
export interface Workload {
  readonly name: string;
  /** What scheduler_perf's continuous integration demands of kube-scheduler, pods a second. */
  readonly floor?: number;
  /** What we promise, pods a second, where it is more than fifty times the floor. */
  readonly target?: number;
  readonly nodes: readonly Node[];
  readonly objects?: readonly KubernetesObject[];
  readonly before: readonly Pod[];
  readonly measured: readonly Pod[];
  /** Pods that come in between and are not counted: one after each `every` measured ones. */
  readonly churn?: { readonly pods: readonly Pod[]; readonly every: number };
}

export function makeNodes(
  count: number,
  labels: (index: number) => Record<string, string> = () => ({}),
): Node[] {
  return Array.from({ length: count }, (_, index) => ({
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name: `node-${index}`,
      labels: { "kubernetes.io/hostname": `node-${index}`, ...labels(index) },
    },
    status: { allocatable: { cpu: "4", memory: "32Gi", pods: "110" } },
  }));
}

export interface PodTemplate {
  readonly namespace?: string;
  readonly labels?: Record<string, string>;
  readonly cpu?: string;
  readonly memory?: string;
  readonly spec?: Partial<PodSpec>;
}

/** Each pod is an object of its own, as if read from an API server. */
export function makePods(prefix: string, count: number, template: PodTemplate = {}): Pod[] {
  const { namespace = "default", labels = {}, cpu = "100m", memory = "500Mi", spec = {} } = template;
  const text = JSON.stringify({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "NAME", namespace, labels },
    spec: {
      containers: [
        {
          name: "pause",
          image: "registry.k8s.io/pause:3.10",
          ports: [{ containerPort: 80 }],
          resources: { requests: { cpu, memory } },
        },
      ],
      ...spec,
    },
  });
  return Array.from({ length: count }, (_, index) => JSON.parse(text.replace("NAME", `${prefix}-${index}`)));
}

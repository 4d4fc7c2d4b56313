import type { KubernetesObject, Labels, Node, Pod, PodSpec, Taint } from "@berth/objects";
import type { ResourceList } from "./cluster/requests.ts";

/** A node of 4 CPUs and 16 GiB, unless told otherwise. For tests. */
export function node(
  name: string,
  options: {
    readonly zone?: string;
    readonly labels?: Labels;
    readonly taints?: Taint[];
    readonly unschedulable?: boolean;
    readonly allocatable?: ResourceList;
    readonly images?: NonNullable<NonNullable<Node["status"]>["images"]>;
  } = {},
): Node {
  const zone = options.zone === undefined ? {} : { "topology.kubernetes.io/zone": options.zone };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels: { "kubernetes.io/hostname": name, ...zone, ...options.labels } },
    spec: { taints: options.taints ?? [], unschedulable: options.unschedulable ?? false },
    status: {
      allocatable: { cpu: "4", memory: "16Gi", pods: "110", ...options.allocatable },
      images: options.images ?? [],
    },
  };
}

/** A pod with one container that requests what is given. For tests. */
export function pod(
  name: string,
  requests: ResourceList = {},
  options: { readonly labels?: Labels; readonly namespace?: string; readonly spec?: Partial<PodSpec> } = {},
): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: options.namespace ?? "default", labels: options.labels ?? {} },
    spec: { containers: [{ name: "main", image: "app", resources: { requests } }], ...options.spec },
  };
}

/** A service that selects by labels. For tests. */
export function service(
  name: string,
  selector: Labels,
): KubernetesObject & { readonly spec: { readonly selector: Labels } } {
  return { apiVersion: "v1", kind: "Service", metadata: { name, namespace: "default" }, spec: { selector } };
}

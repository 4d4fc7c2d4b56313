import type { KubernetesObject, Node, Pod } from "@berth/objects";
import type { Naming } from "./naming.ts";

/** Names from counters, as the local cloud gives them, for tests. */
export function countedNames(prefix = "uid"): Naming {
  let uids = 0;
  let pods = 0;
  let slices = 0;
  return {
    uid: () => `${prefix}-${++uids}`,
    templateHash: (_, digest) => digest.slice(0, 8),
    pod: (owner) => `${owner.metadata?.name}-${prefix}${String(++pods).padStart(4, "0")}`,
    endpointSlice: (service) => `${service.metadata?.name}-${++slices}`,
    podAddress: (_, node) => `10.244.0.${++pods % 250}${node.metadata?.name ? "" : "0"}`,
  };
}

export function node(name: string, zone: string, cpu = "4", memory = "16Gi"): Node {
  const amounts = { cpu, memory, pods: "110" };
  const labels = {
    "kubernetes.io/hostname": name,
    "topology.kubernetes.io/zone": zone,
    "kubernetes.io/os": "linux",
  };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels },
    status: { capacity: amounts, allocatable: amounts },
  };
}

export function threeNodes(): Node[] {
  return [node("n1", "z1"), node("n2", "z2"), node("n3", "z3")];
}

/** A deployment's, stateful set's or daemon set's JSON with one container. */
export function workload(
  kind: "Deployment" | "StatefulSet" | "DaemonSet",
  name: string,
  spec: Readonly<Record<string, unknown>> = {},
  image = `${name}:v1`,
  cpu = "100m",
): KubernetesObject {
  const labels = { app: name };
  const container = {
    name: "c",
    image,
    ports: [{ containerPort: 8080, name: "http" }],
    resources: { requests: { cpu, memory: "64Mi" } },
  };
  const own = {
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [container] } },
    ...spec,
  };
  return Object.assign(
    { apiVersion: "apps/v1", kind, metadata: { name, namespace: "default" } },
    { spec: own },
  );
}

export function service(name: string, spec: Readonly<Record<string, unknown>> = {}): KubernetesObject {
  const own = { selector: { app: name }, ports: [{ port: 80, targetPort: "http" }], ...spec };
  return Object.assign(
    { apiVersion: "v1", kind: "Service", metadata: { name, namespace: "default" } },
    { spec: own },
  );
}

export function podsIn(objects: Iterable<KubernetesObject>): Pod[] {
  return [...objects].filter((object): object is Pod & KubernetesObject => object.kind === "Pod");
}

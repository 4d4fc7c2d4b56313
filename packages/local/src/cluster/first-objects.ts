import { apiServiceAddress, parseRange } from "@berth/machines";
import { applyDefaults, type KubernetesObject } from "@berth/objects";
import type { ClusterSpec } from "./cluster-spec.ts";

/** What every cluster has from its first moment: namespaces, and the API server's own service. */
export function firstObjects({ serviceRange }: Pick<ClusterSpec, "serviceRange">): KubernetesObject[] {
  const range = parseRange(serviceRange);
  const namespaces = ["default", "kube-system", "kube-public", "kube-node-lease"].map(namespace);
  return range ? [...namespaces, apiService(apiServiceAddress(range))] : namespaces;
}

function namespace(name: string): KubernetesObject {
  const metadata = { name, labels: { "kubernetes.io/metadata.name": name } };
  return applyDefaults(
    Object.assign({ apiVersion: "v1", kind: "Namespace", metadata }, { status: { phase: "Active" } }),
  );
}

function apiService(clusterIP: string): KubernetesObject {
  const labels = { component: "apiserver", provider: "kubernetes" };
  const metadata = { name: "kubernetes", namespace: "default", labels };
  const ports = [{ name: "https", protocol: "TCP", port: 443, targetPort: 443 }];
  const spec = {
    type: "ClusterIP",
    clusterIP,
    clusterIPs: [clusterIP],
    ipFamilies: ["IPv4"],
    ipFamilyPolicy: "SingleStack",
    ports,
  };
  return applyDefaults(Object.assign({ apiVersion: "v1", kind: "Service", metadata }, { spec }));
}

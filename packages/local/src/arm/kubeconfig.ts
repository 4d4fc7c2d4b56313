import { stored } from "./body.ts";
import { type ArmResource, groupNameOf } from "./arm-resource.ts";

/** The kubeconfig of a cluster, as `listClusterUserCredential` answers it. */
export function kubeconfigOf(cluster: ArmResource, token: string): string {
  const user = `clusterUser_${groupNameOf(cluster.id)}_${cluster.name}`;
  return `apiVersion: v1
clusters:
- cluster:
    server: https://${stored(cluster.properties, "fqdn")}:443
  name: ${cluster.name}
contexts:
- context:
    cluster: ${cluster.name}
    user: ${user}
  name: ${cluster.name}
current-context: ${cluster.name}
kind: Config
preferences: {}
users:
- name: ${user}
  user:
    token: ${token}
`;
}

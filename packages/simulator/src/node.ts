import type { KubernetesObject } from "@berth/objects";

/** The zone that a node is in, by its well-known label. */
export function zoneOf(node: KubernetesObject | undefined): string | undefined {
  return node?.metadata?.labels?.["topology.kubernetes.io/zone"];
}

import type { NodeRecord } from "./node-record.ts";
import type { PodClass } from "./pod-class.ts";

/** nodeSelector and required node affinity together. */
export function matchesRequiredNode(pods: PodClass, node: NodeRecord): boolean {
  if (pods.nodeSelector?.matches(node.labels) === false) return false;
  const terms = pods.requiredNodeTerms;
  return terms === undefined || terms.some((term) => term.matches(node.labels, node.name));
}

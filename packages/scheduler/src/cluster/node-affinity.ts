import { matchesPairs } from "@berth/objects";
import type { NodeRecord } from "./node-record.ts";
import type { PodClass } from "./pod-class.ts";

/** nodeSelector and required node affinity together. */
export function matchesRequiredNode(
  { nodeSelector, requiredNodeTerms }: PodClass,
  { object }: NodeRecord,
): boolean {
  if (nodeSelector !== undefined && !matchesPairs(nodeSelector, object.metadata?.labels)) return false;
  return requiredNodeTerms === undefined || requiredNodeTerms.some((matches) => matches(object));
}

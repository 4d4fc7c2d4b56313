import type { Node, Pod } from "@berth/objects";
import { type Amounts, amounts, requestsOf } from "./cluster/requests.ts";
import { parseVersion } from "./framework/version.ts";

/**
 * What a pod takes of its node, by resource, as the scheduler counts it: containers, init
 * containers, sidecars, overhead, pod-level requests where the version honours them. cpu in
 * millicores, all others in whole units (bytes for memory).
 *
 * Errors: BERTH2102 for a version without known rules.
 *
 * @example podRequests(pod, "1.36").get("cpu") // 250
 */
export function podRequests(pod: Pod, kubernetes: string): Amounts {
  return requestsOf(pod, parseVersion(kubernetes).minor >= 34).real;
}

/** What a node gives to pods, by resource, in the units of {@link podRequests}. */
export function nodeAllocatable(node: Node): Amounts {
  return amounts(node.status?.allocatable ?? node.status?.capacity);
}

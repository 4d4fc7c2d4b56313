import type { JsonObject, ValueObject } from "@berth/core";

/**
 * Outputs of a live object: only what programs can't know from what they declared and what does not
 * move by itself. That is a service's status; the rest of an object reads back from its inputs.
 */
export function outputsOf(live: JsonObject): ValueObject {
  if (live["kind"] !== "Service") return {};
  const status = (live["status"] ?? {}) as JsonObject;
  return { status: { loadBalancer: status["loadBalancer"] ?? {} } };
}

/** Whether something about the object is still being made that its outputs wait for. */
export function isPending(live: JsonObject): boolean {
  const spec = (live["spec"] ?? {}) as JsonObject;
  if (live["kind"] !== "Service" || spec["type"] !== "LoadBalancer") return false;
  const balancer = ((live["status"] ?? {}) as JsonObject)["loadBalancer"] as JsonObject | undefined;
  return !Array.isArray(balancer?.["ingress"]) || balancer["ingress"].length === 0;
}

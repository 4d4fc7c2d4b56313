import { type JsonObject, objectAt, textAt, textsAt } from "../json.ts";

// What a service's type asks for. Rules: kubernetes v1.36 `pkg/registry/core/service/strategy.go`.

export function specOf(object: JsonObject): JsonObject {
  return objectAt(object, "spec") ?? {};
}

export function isHeadless(spec: JsonObject): boolean {
  return textsAt(spec, "clusterIPs")[0] === "None" || textAt(spec, "clusterIP") === "None";
}

export function needsClusterIp(spec: JsonObject): boolean {
  return ["ClusterIP", "NodePort", "LoadBalancer"].includes(textAt(spec, "type"));
}

export function needsNodePort(spec: JsonObject): boolean {
  const type = textAt(spec, "type");
  return type === "NodePort" || (type === "LoadBalancer" && spec["allocateLoadBalancerNodePorts"] !== false);
}

export function needsHealthCheckPort(spec: JsonObject): boolean {
  return textAt(spec, "type") === "LoadBalancer" && textAt(spec, "externalTrafficPolicy") === "Local";
}

export function needsExternalTrafficPolicy(spec: JsonObject): boolean {
  const type = textAt(spec, "type");
  return (
    type === "NodePort" ||
    type === "LoadBalancer" ||
    (type === "ClusterIP" && textsAt(spec, "externalIPs").length > 0)
  );
}

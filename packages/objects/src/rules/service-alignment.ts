import {
  type JsonObject,
  type MutableJsonObject,
  numberAt,
  objectsAt,
  sameJson,
  textAt,
  textsAt,
} from "../json.ts";
import { needsClusterIp, needsHealthCheckPort, needsNodePort } from "./service-type.ts";

/**
 * Makes a service's addresses say one thing: what an update leaves out stays as the server allocated it, and
 * `clusterIP` and `clusterIPs` agree.
 *
 * Rules: kubernetes v1.36 `pkg/registry/core/service/storage` (`patchAllocatedValues`, `normalizeClusterIPs`).
 */
export function alignAddresses(spec: MutableJsonObject, before: JsonObject | undefined): void {
  if (before) patchAllocated(spec, before);
  normaliseClusterIps(spec, before);
}

/** Old clients leave out what the server allocated: it stays. */
function patchAllocated(spec: MutableJsonObject, before: JsonObject): void {
  if (needsClusterIp(before) && needsClusterIp(spec)) {
    if (textAt(spec, "clusterIP") === "" && textAt(before, "clusterIP") !== "")
      spec["clusterIP"] = textAt(before, "clusterIP");
    const isSame = textAt(spec, "clusterIP") === textAt(before, "clusterIP");
    if (textsAt(spec, "clusterIPs").length === 0 && isSame) copyTexts(spec, before, "clusterIPs");
  }
  if (needsNodePort(before) && needsNodePort(spec)) {
    const used = new Set(objectsAt(spec, "ports").map((port) => numberAt(port, "nodePort") ?? 0));
    for (const port of objectsAt(spec, "ports")) {
      if (numberAt(port, "nodePort")) continue;
      const old = objectsAt(before, "ports").findLast(
        (each) => textAt(each, "name") === textAt(port, "name"),
      );
      const nodePort = numberAt(old, "nodePort") ?? 0;
      if (nodePort !== 0 && !used.has(nodePort)) port["nodePort"] = nodePort;
    }
  }
  if (needsHealthCheckPort(before) && needsHealthCheckPort(spec)) {
    const healthPort = numberAt(before, "healthCheckNodePort");
    if (healthPort !== undefined) spec["healthCheckNodePort"] ??= healthPort;
  }
}

/** `clusterIP` and `clusterIPs` say the same; whoever sets only the first means both. */
function normaliseClusterIps(spec: MutableJsonObject, before: JsonObject | undefined): void {
  const address = textAt(spec, "clusterIP");
  if (!before) {
    if (address !== "" && textsAt(spec, "clusterIPs").length === 0) spec["clusterIPs"] = [address];
    return;
  }
  const old = textAt(before, "clusterIP");
  const oldAddresses = textsAt(before, "clusterIPs");
  if (oldAddresses.length > 0 && textsAt(spec, "clusterIPs").length === 0 && old === address)
    copyTexts(spec, before, "clusterIPs");
  if (old === address || !sameJson([...textsAt(spec, "clusterIPs")], [...oldAddresses])) return;
  if (address === "") delete spec["clusterIPs"];
  else spec["clusterIPs"] = [address];
}

function copyTexts(spec: MutableJsonObject, before: JsonObject, name: string): void {
  const texts = textsAt(before, name);
  if (texts.length > 0) spec[name] = [...texts];
}

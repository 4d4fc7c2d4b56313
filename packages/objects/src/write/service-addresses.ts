import {
  type JsonObject,
  type MutableJsonObject,
  numberAt,
  objectAt,
  objectsAt,
  textAt,
  textsAt,
} from "../json.ts";
import { type FieldError, invalid } from "../rules/field-error.ts";
import { alignAddresses } from "../rules/service-alignment.ts";
import { checkAddresses } from "../rules/service.ts";
import { isHeadless, needsClusterIp, needsHealthCheckPort, needsNodePort } from "../rules/service-type.ts";
import type { Kind } from "../schema/kind.ts";
import { failure, invalidObject, type Status } from "./status.ts";

/**
 * Hands out what services share in a cluster. It answers from the services that are stored; what it names is taken
 * once the written service is stored, so a refused or a dry request takes nothing.
 */
export interface ServiceAddresses {
  /** Why an address that a service asks for cannot be had; nothing where it can. */
  refuseClusterIp(address: string): string | undefined;
  /** A free address; nothing where none is left. */
  nextClusterIp(): string | undefined;
  /** Why a node port that a service asks for cannot be had; nothing where it can. */
  refuseNodePort(port: number): string | undefined;
  /** A free node port that is not among those that this request has taken; nothing where none is left. */
  nextNodePort(taken: ReadonlySet<number>): number | undefined;
}

/**
 * Gives a service the addresses and ports that it needs, after filling in those that a request left out.
 *
 * Rules: kubernetes v1.36 `pkg/registry/core/service/storage` (`beginCreate`, `beginUpdate`, `alloc.go`), for
 * clusters with IPv4 services.
 *
 * @returns why it cannot be done; nothing where it was
 */
export function assignAddresses(
  kind: Kind,
  name: string,
  service: MutableJsonObject,
  live: JsonObject | undefined,
  addresses: ServiceAddresses,
): Status | undefined {
  const spec = objectAt(service, "spec");
  if (!spec) return undefined;
  const before = objectAt(live, "spec");
  alignAddresses(spec, before);
  if (textAt(spec, "type") !== "ExternalName") {
    const errors = fillFamilies(spec, before);
    if (errors.length > 0) return invalidObject(kind, name, errors);
  }
  const errors = [...takeClusterIp(spec, before, addresses), ...takeNodePorts(spec, before, addresses)];
  const exhausted = errors.find((error) => typeof error === "string");
  if (typeof exhausted === "string")
    return failure(500, "InternalError", `Internal error occurred: ${exhausted}`);
  const faults = errors.filter((error) => typeof error !== "string");
  return faults.length > 0 ? invalidObject(kind, name, faults) : undefined;
}

function fillFamilies(spec: MutableJsonObject, before: JsonObject | undefined): readonly FieldError[] {
  const isSelectorless = Object.keys(objectAt(spec, "selector") ?? {}).length === 0;
  const isHeadlessAndSelectorless = isHeadless(spec) && isSelectorless;
  const policy =
    textAt(before, "ipFamilyPolicy") || (isHeadlessAndSelectorless ? "RequireDualStack" : "SingleStack");
  spec["ipFamilyPolicy"] ??= policy;
  const errors = checkAddresses(spec, textAt(spec, "type"));
  if (errors.length > 0) return errors;
  const families = textsAt(spec, "ipFamilies");
  if (families.length === 0) spec["ipFamilies"] = ["IPv4"];
  if (isHeadlessAndSelectorless) {
    const isSingle = textAt(spec, "ipFamilyPolicy") === "SingleStack";
    if (!isSingle && families.length < 2)
      spec["ipFamilies"] = families[0] === "IPv6" ? ["IPv6", "IPv4"] : ["IPv4", "IPv6"];
    return [];
  }
  if (textAt(spec, "ipFamilyPolicy") === "RequireDualStack") {
    return [
      invalid(
        "spec.ipFamilyPolicy",
        "RequireDualStack",
        "this cluster is not configured for dual-stack services",
      ),
    ];
  }
  return families.flatMap((family, index) =>
    family === "IPv4" ? [] : [invalid(`spec.ipFamilies[${index}]`, family, "not configured on this cluster")],
  );
}

function takeClusterIp(
  spec: MutableJsonObject,
  before: JsonObject | undefined,
  addresses: ServiceAddresses,
): (FieldError | string)[] {
  const hadNone = !before || textAt(before, "type") === "ExternalName";
  if (!hadNone || !needsClusterIp(spec) || isHeadless(spec)) return [];
  const [wanted = ""] = textsAt(spec, "clusterIPs");
  if (wanted === "") {
    const address = addresses.nextClusterIp();
    if (address === undefined) return ["failed to allocate a serviceIP: range is full"];
    spec["clusterIP"] = address;
    spec["clusterIPs"] = [address];
    return [];
  }
  const reason = addresses.refuseClusterIp(wanted);
  const message = `failed to allocate IP ${wanted}: ${reason}`;
  return reason === undefined ? [] : [invalid("spec.clusterIPs", [...textsAt(spec, "clusterIPs")], message)];
}

function takeNodePorts(
  spec: MutableJsonObject,
  before: JsonObject | undefined,
  addresses: ServiceAddresses,
): (FieldError | string)[] {
  const errors: (FieldError | string)[] = [];
  const old = new Set(objectsAt(before, "ports").map((port) => numberAt(port, "nodePort") ?? 0));
  const taken = new Set(objectsAt(spec, "ports").map((port) => numberAt(port, "nodePort") ?? 0));
  const isExternal = textAt(spec, "type") === "NodePort" || textAt(spec, "type") === "LoadBalancer";
  for (const [index, port] of objectsAt(spec, "ports").entries()) {
    if (!isExternal) break;
    const nodePort = numberAt(port, "nodePort") ?? 0;
    if (nodePort !== 0) {
      const reason = old.has(nodePort) ? undefined : addresses.refuseNodePort(nodePort);
      if (reason !== undefined) errors.push(invalid(`spec.ports[${index}].nodePort`, nodePort, reason));
      continue;
    }
    if (!needsNodePort(spec)) continue;
    // One number serves a port under both protocols.
    const sibling = before
      ? undefined
      : objectsAt(spec, "ports").find((each) => each["port"] === port["port"] && numberAt(each, "nodePort"));
    const next = numberAt(sibling, "nodePort") ?? addresses.nextNodePort(taken);
    if (next === undefined) return [...errors, "failed to allocate a nodePort: range is full"];
    port["nodePort"] = next;
    taken.add(next);
  }
  if (!needsHealthCheckPort(spec)) return errors;
  if (!numberAt(spec, "healthCheckNodePort")) {
    const next = addresses.nextNodePort(taken);
    if (next === undefined) return [...errors, "failed to allocate a HealthCheck NodePort: range is full"];
    spec["healthCheckNodePort"] = next;
  }
  return errors;
}

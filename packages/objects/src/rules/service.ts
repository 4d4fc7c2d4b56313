import {
  type Json,
  type JsonObject,
  type MutableJsonObject,
  numberAt,
  objectAt,
  objectsAt,
  sameJson,
  textAt,
  textMapAt,
  textsAt,
} from "../json.ts";
import { checkEnum, checkPortOrName } from "./container.ts";
import { dns1035Label, dns1123Label, dns1123Subdomain, inRange, qualifiedName } from "./content.ts";
import {
  duplicate,
  type FieldError,
  forbidden,
  invalid,
  invalids,
  notSupported,
  required,
} from "./field-error.ts";
import type { KindRules } from "./kind-rules.ts";
import { checkLabels, checkMetadata, checkMetadataUpdate, IMMUTABLE } from "./metadata.ts";
import { alignAddresses } from "./service-alignment.ts";
import {
  isHeadless,
  needsClusterIp,
  needsExternalTrafficPolicy,
  needsHealthCheckPort,
  needsNodePort,
  specOf,
} from "./service-type.ts";

// Rules: kubernetes v1.36 `pkg/apis/core/validation` (`ValidateService`, `ValidateServiceUpdate`) and
// `pkg/registry/core/service`.

const KUBELET_PORT = 10250;
const ONCE = "may not change once set";

export const service: KindRules = {
  checkName: dns1035Label,
  prepareCreate: (object) => {
    const spec = objectAt(object, "spec");
    if (spec) alignAddresses(spec, undefined);
  },
  prepareUpdate: (object, live) => {
    const [spec, before] = [objectAt(object, "spec"), objectAt(live, "spec")];
    if (!spec || !before) return;
    alignAddresses(spec, before);
    dropTypeDependentFields(spec, before);
  },
  checkCreate: checkSpec,
  checkUpdate: (object, live) => [
    ...checkMetadataUpdate(objectAt(object, "metadata") ?? {}, objectAt(live, "metadata") ?? {}),
    ...checkAddressUpdate(object, live),
    ...checkClassUpdate(object, live),
    ...checkHealthPortUpdate(object, live),
    ...checkMetadata(objectAt(object, "metadata") ?? {}, true, dns1035Label),
    ...checkSpec(object),
  ],
};

function checkSpec(service: JsonObject): FieldError[] {
  const spec = specOf(service);
  const type = textAt(spec, "type");
  const ports = objectsAt(spec, "ports");
  const names = new Set<string>();
  return [
    ...(ports.length === 0 && !isHeadless(spec) && type !== "ExternalName" ? [required("spec.ports")] : []),
    ...checkType(spec, type, ports),
    ...ports.flatMap((port, index) => checkPort(port, ports.length > 1, names, `spec.ports[${index}]`)),
    ...checkLabels(textMapAt(spec, "selector"), "spec.selector"),
    ...checkAffinity(spec),
    ...checkAddresses(spec, type),
    ...(["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"].includes(type)
      ? []
      : [notSupported("spec.type", type, ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"])]),
    ...checkNodePorts(type, ports),
    ...checkRepeatedPorts(ports),
    ...checkLoadBalancer(spec, type),
    ...checkTraffic(spec),
  ];
}

function checkType(spec: JsonObject, type: string, ports: readonly JsonObject[]): FieldError[] {
  const address = textsAt(spec, "clusterIPs")[0] ?? "";
  const headless = isHeadless(spec)
    ? [invalid("spec.clusterIPs[0]", address, `may not be set to 'None' for ${type} services`)]
    : [];
  switch (type) {
    case "LoadBalancer": {
      const message = `may not expose port ${KUBELET_PORT} externally since it is used by kubelet`;
      const exposed = ports.flatMap((port, index) =>
        port["port"] === KUBELET_PORT ? [invalid(`spec.ports[${index}]`, KUBELET_PORT, message)] : [],
      );
      return [...exposed, ...headless];
    }
    case "NodePort":
      return headless;
    case "ExternalName": {
      const name = textAt(spec, "externalName").replace(/\.$/, "");
      const message = "may not be set for ExternalName services";
      return [
        ...(textsAt(spec, "clusterIPs").length > 0 ? [forbidden("spec.clusterIPs", message)] : []),
        ...(textsAt(spec, "ipFamilies").length > 0 ? [forbidden("spec.ipFamilies", message)] : []),
        ...(spec["ipFamilyPolicy"] === undefined ? [] : [forbidden("spec.ipFamilyPolicy", message)]),
        ...(name === ""
          ? [required("spec.externalName")]
          : invalids("spec.externalName", name, dns1123Subdomain(name))),
      ];
    }
    default:
      return [];
  }
}

function checkPort(port: JsonObject, needsName: boolean, names: Set<string>, path: string): FieldError[] {
  const name = textAt(port, "name");
  const number = numberAt(port, "port") ?? 0;
  const errors: FieldError[] = [];
  if (name === "") {
    if (needsName) errors.push(required(`${path}.name`));
  } else {
    errors.push(...invalids(`${path}.name`, name, dns1123Label(name)));
    if (names.has(name)) errors.push(duplicate(`${path}.name`, name));
    names.add(name);
  }
  errors.push(...invalids(`${path}.port`, number, inRange(number, 1, 65535)));
  errors.push(...checkEnum(port, "protocol", ["SCTP", "TCP", "UDP"], path));
  errors.push(...checkPortOrName(port["targetPort"], `${path}.targetPort`));
  const appProtocol = textAt(port, "appProtocol");
  return port["appProtocol"] === undefined
    ? errors
    : [...errors, ...invalids(`${path}.appProtocol`, appProtocol, qualifiedName(appProtocol))];
}

function checkAffinity(spec: JsonObject): FieldError[] {
  const affinity = textAt(spec, "sessionAffinity");
  if (affinity === "") return [required("spec.sessionAffinity")];
  if (affinity !== "ClientIP" && affinity !== "None")
    return [notSupported("spec.sessionAffinity", affinity, ["ClientIP", "None"])];
  const configuration = objectAt(spec, "sessionAffinityConfig");
  if (affinity === "None") {
    return configuration
      ? [forbidden("spec.sessionAffinityConfig", "must not be set when session affinity is None")]
      : [];
  }
  const timeout = numberAt(objectAt(configuration, "clientIP"), "timeoutSeconds");
  const at = "spec.sessionAffinityConfig";
  if (timeout === undefined) return [required(at, "when session affinity type is ClientIP")];
  const message = "must be greater than 0 and less than 86400";
  return timeout <= 0 || timeout > 86400 ? [invalid(`${at}.clientIP.timeoutSeconds`, timeout, message)] : [];
}

/** Rules: `ValidateServiceClusterIPsRelatedFields`. */
export function checkAddresses(spec: JsonObject, type: string): FieldError[] {
  if (type === "ExternalName") return [];
  const addresses = textsAt(spec, "clusterIPs");
  const errors: FieldError[] = [];
  const first = textAt(spec, "clusterIP");
  if (first === "" && addresses.length > 0) {
    errors.push(
      invalid("spec.clusterIPs", [...addresses], "must be empty when `clusterIP` is not specified"),
    );
  } else if (first !== "" && addresses.length === 0) errors.push(required("spec.clusterIPs"));
  else if (first !== "" && first !== addresses[0]) {
    errors.push(invalid("spec.clusterIPs", [...addresses], "first value must match `clusterIP`"));
  }
  addresses.forEach((address, index) => {
    if (address === "None") {
      if (addresses.length > 1)
        errors.push(invalid("spec.clusterIPs", [...addresses], "'None' must be the first and only value"));
    } else if (!isAddress(address)) {
      errors.push(
        invalid(
          `spec.clusterIPs[${index}]`,
          address,
          "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)",
        ),
      );
    }
  });
  if (addresses.length > 2)
    errors.push(invalid("spec.clusterIPs", [...addresses], "may only hold up to 2 values"));
  return errors;
}

function isAddress(text: string): boolean {
  const parts = text.split(".");
  const isV4 =
    parts.length === 4 && parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
  return isV4 || (text.includes(":") && /^[0-9a-fA-F:.]+$/.test(text));
}

function checkNodePorts(type: string, ports: readonly JsonObject[]): FieldError[] {
  const seen = new Set<string>();
  const stated = ports.flatMap((port, index) => {
    const nodePort = numberAt(port, "nodePort") ?? 0;
    return nodePort === 0
      ? []
      : [{ nodePort, key: `${textAt(port, "protocol")}/${nodePort}`, at: `spec.ports[${index}].nodePort` }];
  });
  const unused =
    type === "ClusterIP"
      ? stated.map(({ at }) => forbidden(at, "may not be used when `type` is 'ClusterIP'"))
      : [];
  const repeated = stated.flatMap(({ key, at, nodePort }) => {
    const isRepeated = seen.has(key);
    seen.add(key);
    return isRepeated ? [duplicate(at, nodePort)] : [];
  });
  return [...unused, ...repeated];
}

function checkRepeatedPorts(ports: readonly JsonObject[]): FieldError[] {
  const seen = new Set<string>();
  return ports.flatMap((port, index) => {
    const [protocol, number] = [textAt(port, "protocol"), numberAt(port, "port") ?? 0];
    const isRepeated = seen.has(`${protocol}/${number}`);
    seen.add(`${protocol}/${number}`);
    const printed = {
      Name: "",
      Protocol: protocol,
      AppProtocol: null,
      Port: number,
      TargetPort: 0,
      NodePort: 0,
    };
    return isRepeated ? [duplicate(`spec.ports[${index}]`, printed)] : [];
  });
}

function checkLoadBalancer(spec: JsonObject, type: string): FieldError[] {
  const allocates = spec["allocateLoadBalancerNodePorts"];
  const only = "may only be used when `type` is 'LoadBalancer'";
  if (type === "LoadBalancer")
    return allocates === undefined ? [required("spec.allocateLoadBalancerNodePorts")] : [];
  return [
    ...(textsAt(spec, "loadBalancerSourceRanges").length > 0
      ? [forbidden("spec.LoadBalancerSourceRanges", only)]
      : []),
    ...(allocates === undefined ? [] : [forbidden("spec.allocateLoadBalancerNodePorts", only)]),
    ...(spec["loadBalancerClass"] === undefined ? [] : [forbidden("spec.loadBalancerClass", only)]),
  ];
}

function checkTraffic(spec: JsonObject): FieldError[] {
  const errors: FieldError[] = [];
  const external = textAt(spec, "externalTrafficPolicy");
  const healthPort = numberAt(spec, "healthCheckNodePort") ?? 0;
  if (needsExternalTrafficPolicy(spec)) {
    if (external === "") errors.push(required("spec.externalTrafficPolicy"));
    else if (external !== "Cluster" && external !== "Local") {
      errors.push(notSupported("spec.externalTrafficPolicy", external, ["Cluster", "Local"]));
    }
  } else if (external !== "") {
    errors.push(
      invalid("spec.externalTrafficPolicy", external, "may only be set for externally-accessible services"),
    );
  }
  if (!needsHealthCheckPort(spec) && healthPort !== 0) {
    const message = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
    errors.push(invalid("spec.healthCheckNodePort", healthPort, message));
  } else if (healthPort < 0)
    errors.push(invalid("spec.healthCheckNodePort", healthPort, "must be between 1 and 65535, inclusive"));
  return errors;
}

/** The first address and its family stay; a second one may come and go. */
function checkAddressUpdate(object: JsonObject, live: JsonObject): FieldError[] {
  const [spec, before] = [specOf(object), specOf(live)];
  if (textAt(before, "type") === "ExternalName" || textAt(spec, "type") === "ExternalName") return [];
  const errors: FieldError[] = [];
  for (const name of ["clusterIPs", "ipFamilies"]) {
    const [now, then] = [textsAt(spec, name), textsAt(before, name)];
    const value: Json = now.length > 0 ? [...now] : null;
    if (then.length === 0) continue;
    if (now.length === 0)
      errors.push(
        invalid(
          `spec.${name}[0]`,
          value,
          "primary " + (name === "clusterIPs" ? "clusterIP" : "ipFamily") + " can not be unset",
        ),
      );
    else if (now[0] !== then[0]) errors.push(invalid(`spec.${name}[0]`, value, ONCE));
    if (now.length > 1 && then.length > 1 && now[1] !== then[1])
      errors.push(invalid(`spec.${name}[1]`, value, ONCE));
  }
  return errors;
}

function checkClassUpdate(object: JsonObject, live: JsonObject): FieldError[] {
  const [spec, before] = [specOf(object), specOf(live)];
  if (textAt(before, "type") !== "LoadBalancer" || textAt(spec, "type") !== "LoadBalancer") return [];
  const isSame = spec["loadBalancerClass"] === before["loadBalancerClass"];
  return isSame ? [] : [invalid("spec.loadBalancerClass", spec["loadBalancerClass"] ?? null, ONCE)];
}

function checkHealthPortUpdate(object: JsonObject, live: JsonObject): FieldError[] {
  const [spec, before] = [specOf(object), specOf(live)];
  if (!needsHealthCheckPort(before) || !needsHealthCheckPort(spec)) return [];
  const isSame = sameJson(spec["healthCheckNodePort"] ?? 0, before["healthCheckNodePort"] ?? 0);
  return isSame ? [] : [forbidden("spec.healthCheckNodePort", IMMUTABLE)];
}

/** Fields that a changed type has no use for go away, unless the request changed them: then they are at fault. */
function dropTypeDependentFields(spec: MutableJsonObject, before: JsonObject): void {
  const isSame = (name: string) => sameJson(spec[name] ?? null, before[name] ?? null);
  const drop = (...names: readonly string[]) => names.forEach((name) => delete spec[name]);
  if (needsClusterIp(before) && !needsClusterIp(spec)) {
    if (isSame("clusterIP") && isSame("clusterIPs")) drop("clusterIP", "clusterIPs");
    for (const name of ["ipFamilyPolicy", "ipFamilies"]) if (isSame(name)) drop(name);
  }
  if (needsNodePort(before) && !needsNodePort(spec) && addsNoNodePort(spec, before)) {
    for (const port of objectsAt(spec, "ports")) delete port["nodePort"];
  }
  if (needsHealthCheckPort(before) && !needsHealthCheckPort(spec) && isSame("healthCheckNodePort"))
    drop("healthCheckNodePort");
  if (textAt(before, "type") === "LoadBalancer" && textAt(spec, "type") !== "LoadBalancer") {
    for (const name of ["allocateLoadBalancerNodePorts", "loadBalancerClass"]) if (isSame(name)) drop(name);
  }
  if (
    needsExternalTrafficPolicy(before) &&
    !needsExternalTrafficPolicy(spec) &&
    isSame("externalTrafficPolicy")
  )
    drop("externalTrafficPolicy");
}

function addsNoNodePort(spec: JsonObject, before: JsonObject): boolean {
  const known = new Set(objectsAt(before, "ports").map((port) => port["nodePort"]));
  return objectsAt(spec, "ports").every(
    (port) => port["nodePort"] === undefined || known.has(port["nodePort"]),
  );
}

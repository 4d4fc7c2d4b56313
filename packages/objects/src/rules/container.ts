import { type Json, type JsonObject, numberAt, objectAt, objectsAt, textAt } from "../json.ts";
import { compareQuantities, readQuantity } from "../quantity.ts";
import { compareText } from "../reference.ts";
import { dns1123Label, environmentName, inRange, portName, qualifiedName } from "./content.ts";
import {
  duplicate,
  type FieldError,
  forbidden,
  invalid,
  invalids,
  notFound,
  notSupported,
  required,
} from "./field-error.ts";
import { checkNonNegative } from "./metadata.ts";

const PROTOCOLS = ["SCTP", "TCP", "UDP"];
const NEGATIVE = "must be greater than or equal to 0";

/**
 * Rules that every container of a pod obeys.
 *
 * Rules: kubernetes v1.36 `pkg/apis/core/validation` (`validateContainerCommon`).
 *
 * @param volumes names of the pod's volumes
 */
export function checkContainer(
  container: JsonObject,
  volumes: ReadonlySet<string>,
  path: string,
): FieldError[] {
  const name = textAt(container, "name");
  return [
    ...(name === "" ? [required(`${path}.name`)] : invalids(`${path}.name`, name, dns1123Label(name))),
    ...(textAt(container, "image") === "" ? [required(`${path}.image`)] : []),
    ...checkEnum(container, "terminationMessagePolicy", ["FallbackToLogsOnError", "File"], path),
    ...checkPorts(objectsAt(container, "ports"), `${path}.ports`),
    ...objectsAt(container, "env").flatMap((each, index) => checkEnvironment(each, `${path}.env[${index}]`)),
    ...checkMounts(objectsAt(container, "volumeMounts"), volumes, `${path}.volumeMounts`),
    ...checkEnum(container, "imagePullPolicy", ["Always", "IfNotPresent", "Never"], path),
    ...checkResources(objectAt(container, "resources"), `${path}.resources`),
  ];
}

/** Probes, of containers that run (not of init containers that end). */
export function checkProbes(container: JsonObject, path: string): FieldError[] {
  return ["livenessProbe", "readinessProbe", "startupProbe"].flatMap((name) => {
    const probe = objectAt(container, name);
    return probe ? checkProbe(probe, `${path}.${name}`, name !== "readinessProbe") : [];
  });
}

function checkProbe(probe: JsonObject, path: string, needsOneSuccess: boolean): FieldError[] {
  const errors = checkHandler(probe, path);
  for (const name of [
    "initialDelaySeconds",
    "timeoutSeconds",
    "periodSeconds",
    "successThreshold",
    "failureThreshold",
  ]) {
    errors.push(...checkNonNegative(probe, name, path));
  }
  const grace = numberAt(probe, "terminationGracePeriodSeconds");
  if (grace !== undefined && grace <= 0)
    errors.push(invalid(`${path}.terminationGracePeriodSeconds`, grace, "must be greater than 0"));
  const successes = numberAt(probe, "successThreshold") ?? 0;
  if (needsOneSuccess && successes !== 1)
    errors.push(invalid(`${path}.successThreshold`, successes, "must be 1"));
  return errors;
}

function checkHandler(probe: JsonObject, path: string): FieldError[] {
  const kinds = ["exec", "httpGet", "tcpSocket", "grpc"].filter((name) => objectAt(probe, name));
  if (kinds.length === 0) return [required(path, "must specify a handler type")];
  const errors = kinds
    .slice(1)
    .map((name) => forbidden(`${path}.${name}`, "may not specify more than 1 handler type"));
  const [first = ""] = kinds;
  const handler = objectAt(probe, first);
  const at = `${path}.${first}`;
  if (first === "exec" && !Array.isArray(handler?.["command"])) errors.push(required(`${at}.command`));
  if (first === "httpGet" && textAt(handler, "path") === "") errors.push(required(`${at}.path`));
  if (first !== "exec") errors.push(...checkPortOrName(handler?.["port"], `${at}.port`));
  if (first === "httpGet") errors.push(...checkEnum(handler, "scheme", ["HTTP", "HTTPS"], at));
  return errors;
}

/** A port by number or by name. */
export function checkPortOrName(port: Json | undefined, path: string): FieldError[] {
  if (typeof port === "string") return invalids(path, port, portName(port));
  const number = typeof port === "number" ? port : 0;
  return invalids(path, number, inRange(number, 1, 65535));
}

function checkPorts(ports: readonly JsonObject[], path: string): FieldError[] {
  const names = new Set<string>();
  return ports.flatMap((port, index) => {
    const at = `${path}[${index}]`;
    const name = textAt(port, "name");
    const number = numberAt(port, "containerPort") ?? 0;
    const hostPort = numberAt(port, "hostPort") ?? 0;
    const faults = name === "" ? [] : portName(name);
    const isRepeated = name !== "" && faults.length === 0 && names.has(name);
    if (faults.length === 0) names.add(name);
    return [
      ...invalids(`${at}.name`, name, faults),
      ...(isRepeated ? [duplicate(`${at}.name`, name)] : []),
      ...(number === 0
        ? [required(`${at}.containerPort`)]
        : invalids(`${at}.containerPort`, number, inRange(number, 1, 65535))),
      ...(hostPort === 0 ? [] : invalids(`${at}.hostPort`, hostPort, inRange(hostPort, 1, 65535))),
      ...checkEnum(port, "protocol", PROTOCOLS, at),
    ];
  });
}

const ENVIRONMENT_SOURCES = ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef"];

function checkEnvironment(variable: JsonObject, path: string): FieldError[] {
  const name = textAt(variable, "name");
  const errors =
    name === "" ? [required(`${path}.name`)] : invalids(`${path}.name`, name, environmentName(name));
  const source = objectAt(variable, "valueFrom");
  if (!source) return errors;
  const sources = ENVIRONMENT_SOURCES.filter((each) => objectAt(source, each));
  const at = `${path}.valueFrom`;
  const all = "`fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`";
  if (sources.length === 0) return [...errors, invalid(at, "", `must specify one of: ${all}`)];
  if (textAt(variable, "value") !== "")
    return [...errors, invalid(at, "", "may not be specified when `value` is not empty")];
  if (sources.length > 1)
    return [...errors, invalid(at, "", "may not have more than one field specified at a time")];
  return errors;
}

function checkMounts(
  mounts: readonly JsonObject[],
  volumes: ReadonlySet<string>,
  path: string,
): FieldError[] {
  const paths = new Set<string>();
  return mounts.flatMap((mount, index) => {
    const at = `${path}[${index}]`;
    const [name, mountPath] = [textAt(mount, "name"), textAt(mount, "mountPath")];
    const isRepeated = paths.has(mountPath);
    paths.add(mountPath);
    return [
      ...(name === "" ? [required(`${at}.name`)] : []),
      ...(volumes.has(name) ? [] : [notFound(`${at}.name`, name)]),
      ...(mountPath === "" ? [required(`${at}.mountPath`)] : []),
      ...(isRepeated ? [invalid(`${at}.mountPath`, mountPath, "must be unique")] : []),
    ];
  });
}

const STANDARD_RESOURCES = new Set(["cpu", "memory", "ephemeral-storage"]);

/** Requests and limits: known names, no negative amounts, no request above its limit. */
export function checkResources(resources: JsonObject | undefined, path: string): FieldError[] {
  const limits = objectAt(resources, "limits");
  const requests = objectAt(resources, "requests");
  const errors = amountsOf(limits).flatMap(([name, amount]) =>
    checkAmount(name, amount, `${path}.limits[${name}]`),
  );
  for (const [name, amount] of amountsOf(requests)) {
    errors.push(...checkAmount(name, amount, `${path}.requests[${name}]`));
    const limit = limits?.[name];
    const mayExceed = !isExtended(name) && !name.startsWith("hugepages-");
    if (limit === undefined) {
      if (!mayExceed)
        errors.push(required(`${path}.limits`, "Limit must be set for non overcommitable resources"));
      continue;
    }
    const difference = compareAmounts(amount, limit);
    if (difference !== 0 && !mayExceed) {
      errors.push(invalid(`${path}.requests`, amount, `must be equal to ${name} limit of ${printed(limit)}`));
    } else if (difference > 0) {
      errors.push(
        invalid(
          `${path}.requests`,
          amount,
          `must be less than or equal to ${name} limit of ${printed(limit)}`,
        ),
      );
    }
  }
  return errors;
}

function checkAmount(name: string, amount: Json, path: string): FieldError[] {
  const errors = invalids(path, name, qualifiedName(name));
  if (!name.includes("/") && !STANDARD_RESOURCES.has(name) && !name.startsWith("hugepages-")) {
    errors.push(invalid(path, name, "must be a standard resource type or fully qualified"));
    errors.push(invalid(path, name, "must be a standard resource for containers"));
  }
  const quantity = readQuantity(amount);
  if (!quantity) return errors;
  if (quantity.nano < 0n) errors.push(invalid(path, quantity.text, NEGATIVE));
  const isWhole = quantity.nano % 1_000_000_000n === 0n;
  if (isExtended(name) && !isWhole) errors.push(invalid(path, quantity.text, "must be an integer"));
  return errors;
}

/** Resources that somebody else than Kubernetes names: whole, and never promised twice. */
function isExtended(name: string): boolean {
  return name.includes("/") && !name.includes("kubernetes.io/");
}

function amountsOf(amounts: JsonObject | undefined): (readonly [string, Json])[] {
  return Object.entries(amounts ?? {}).sort(([a], [b]) => compareText(a, b));
}

function printed(amount: Json): string {
  return readQuantity(amount)?.text ?? JSON.stringify(amount);
}

function compareAmounts(a: Json, b: Json): number {
  const [left, right] = [readQuantity(a), readQuantity(b)];
  return left && right ? compareQuantities(left.text, right.text) : 0;
}

/** A text that is one of those supported; required where it is empty. */
export function checkEnum(
  owner: JsonObject | undefined,
  name: string,
  supported: readonly string[],
  path: string,
): FieldError[] {
  const value = textAt(owner, name);
  if (value === "") return [required(`${path}.${name}`)];
  return supported.includes(value) ? [] : [notSupported(`${path}.${name}`, value, supported)];
}

import { type JsonObject, numberAt, objectAt, objectsAt, textAt, textMapAt } from "../json.ts";
import { checkContainer, checkEnum, checkProbes } from "./container.ts";
import { dns1123Label, dns1123Subdomain, inRange, labelValue, qualifiedName } from "./content.ts";
import {
  duplicate,
  type FieldError,
  forbidden,
  invalid,
  invalids,
  notSupported,
  required,
} from "./field-error.ts";
import { checkAnnotations, checkLabels } from "./metadata.ts";
import { checkLabelSelector } from "./selector.ts";

/**
 * Rules for a pod template.
 *
 * Rules: kubernetes v1.36 `pkg/apis/core/validation` (`ValidatePodTemplateSpec`).
 *
 * @param claims names of volumes that come from somewhere else (a stateful set's claim templates)
 */
export function checkPodTemplate(
  template: JsonObject | undefined,
  path: string,
  claims: readonly string[] = [],
): FieldError[] {
  const metadata = objectAt(template, "metadata");
  const spec = objectAt(template, "spec") ?? {};
  const message = "ephemeral containers not allowed in pod template";
  return [
    ...checkLabels(textMapAt(metadata, "labels"), `${path}.labels`),
    ...checkAnnotations(textMapAt(metadata, "annotations"), `${path}.annotations`),
    ...checkPodSpec(spec, `${path}.spec`, claims),
    ...(objectsAt(spec, "ephemeralContainers").length > 0
      ? [forbidden(`${path}.spec.ephemeralContainers`, message)]
      : []),
  ];
}

/** Rules for a pod's spec, with its defaults filled in. */
export function checkPodSpec(spec: JsonObject, path: string, claims: readonly string[] = []): FieldError[] {
  const volumes = new Set([...objectsAt(spec, "volumes").map((each) => textAt(each, "name")), ...claims]);
  return [
    ...checkVolumes(objectsAt(spec, "volumes"), `${path}.volumes`),
    ...checkContainers(spec, volumes, path),
    ...checkInitContainers(spec, volumes, path),
    ...checkEnum(spec, "restartPolicy", ["Always", "OnFailure", "Never"], path),
    ...checkEnum(spec, "dnsPolicy", ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"], path),
    ...checkLabels(textMapAt(spec, "nodeSelector"), `${path}.nodeSelector`),
    ...checkSpread(objectsAt(spec, "topologySpreadConstraints"), `${path}.topologySpreadConstraints`),
    ...checkNames(spec, path),
    ...checkTolerations(objectsAt(spec, "tolerations"), `${path}.tolerations`),
  ];
}

function checkContainers(spec: JsonObject, volumes: ReadonlySet<string>, path: string): FieldError[] {
  const containers = objectsAt(spec, "containers");
  const at = `${path}.containers`;
  if (containers.length === 0) return [required(at)];
  const names = new Set<string>();
  const errors = containers.flatMap((container, index) => {
    const name = textAt(container, "name");
    const isRepeated = names.has(name);
    names.add(name);
    const each = `${at}[${index}]`;
    return [
      ...checkContainer(container, volumes, each),
      ...(isRepeated ? [duplicate(`${each}.name`, name)] : []),
      ...checkProbes(container, each),
    ];
  });
  return [...errors, ...checkHostPorts(containers, at)];
}

function checkInitContainers(spec: JsonObject, volumes: ReadonlySet<string>, path: string): FieldError[] {
  const names = new Set(objectsAt(spec, "containers").map((each) => textAt(each, "name")));
  return objectsAt(spec, "initContainers").flatMap((container, index) => {
    const at = `${path}.initContainers[${index}]`;
    const name = textAt(container, "name");
    const isRepeated = names.has(name);
    names.add(name);
    const isSidecar = container["restartPolicy"] === "Always";
    const misplaced = isSidecar
      ? []
      : ["livenessProbe", "readinessProbe", "startupProbe", "lifecycle"].filter((each) =>
          objectAt(container, each),
        );
    return [
      ...checkContainer(container, volumes, at),
      ...(isRepeated && name !== "" ? [duplicate(`${at}.name`, name)] : []),
      ...misplaced.map((each) =>
        forbidden(`${at}.${each}`, "may not be set for init containers without restartPolicy=Always"),
      ),
      ...(isSidecar ? checkProbes(container, at) : []),
    ];
  });
}

function checkHostPorts(containers: readonly JsonObject[], path: string): FieldError[] {
  const taken = new Set<string>();
  return containers.flatMap((container, index) =>
    objectsAt(container, "ports").flatMap((port, portIndex) => {
      const hostPort = numberAt(port, "hostPort") ?? 0;
      if (hostPort === 0) return [];
      const key = `${textAt(port, "protocol")}/${textAt(port, "hostIP")}/${hostPort}`;
      const isTaken = taken.has(key);
      taken.add(key);
      return isTaken ? [duplicate(`${path}[${index}].ports[${portIndex}].hostPort`, key)] : [];
    }),
  );
}

function checkVolumes(volumes: readonly JsonObject[], path: string): FieldError[] {
  const names = new Set<string>();
  return volumes.flatMap((volume, index) => {
    const at = `${path}[${index}]`;
    const name = textAt(volume, "name");
    const sources = Object.keys(volume).filter((each) => each !== "name");
    const errors = sources
      .slice(1)
      .map((each) => forbidden(`${at}.${each}`, "may not specify more than 1 volume type"));
    if (name === "") return [...errors, required(`${at}.name`)];
    errors.push(...invalids(`${at}.name`, name, dns1123Label(name)));
    if (names.has(name)) errors.push(duplicate(`${at}.name`, name));
    names.add(name);
    return errors;
  });
}

function checkNames(spec: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const check = (name: string, rule: (text: string) => readonly string[]) => {
    const value = textAt(spec, name);
    if (value !== "") errors.push(...invalids(`${path}.${name}`, value, rule(value)));
  };
  check("serviceAccountName", dns1123Subdomain);
  check("nodeName", dns1123Subdomain);
  const deadline = numberAt(spec, "activeDeadlineSeconds");
  if (deadline !== undefined)
    errors.push(...invalids(`${path}.activeDeadlineSeconds`, deadline, inRange(deadline, 1, 2 ** 31 - 1)));
  check("hostname", dns1123Label);
  check("subdomain", dns1123Label);
  check("priorityClassName", dns1123Subdomain);
  check("runtimeClassName", dns1123Subdomain);
  return errors;
}

const EFFECTS = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

/** Rules: kubernetes v1.36 `ValidateTolerations`. */
export function checkTolerations(tolerations: readonly JsonObject[], path: string): FieldError[] {
  return tolerations.flatMap((toleration, index) => {
    const at = `${path}[${index}]`;
    const [key, operator, value, effect] = ["key", "operator", "value", "effect"].map((name) =>
      textAt(toleration, name),
    );
    const errors = key ? invalids(`${at}.key`, key, qualifiedName(key)) : [];
    const everything =
      'operator must be Exists when `key` is empty, which means "match all values and all keys"';
    if (!key && operator !== "Exists") errors.push(invalid(`${at}.operator`, operator ?? "", everything));
    if (toleration["tolerationSeconds"] !== undefined && effect !== "NoExecute") {
      errors.push(
        invalid(`${at}.effect`, effect ?? "", "effect must be 'NoExecute' when `tolerationSeconds` is set"),
      );
    }
    if (!operator || operator === "Equal") {
      const faults = labelValue(value ?? "");
      if (faults.length > 0) errors.push(invalid(`${at}.operator`, value ?? "", faults.join(";")));
    } else if (operator === "Exists") {
      if (value)
        errors.push(invalid(`${at}.operator`, toleration, "value must be empty when `operator` is 'Exists'"));
    } else errors.push(notSupported(`${at}.operator`, operator, ["Equal", "Exists"]));
    if (effect && !EFFECTS.includes(effect)) errors.push(notSupported(`${at}.effect`, effect, EFFECTS));
    return errors;
  });
}

/** Rules: kubernetes v1.36 `validateTopologySpreadConstraints`. */
function checkSpread(constraints: readonly JsonObject[], path: string): FieldError[] {
  const pairs = new Set<string>();
  return constraints.flatMap((constraint, index) => {
    const at = `${path}[${index}]`;
    const maxSkew = numberAt(constraint, "maxSkew") ?? 0;
    const key = textAt(constraint, "topologyKey");
    const action = textAt(constraint, "whenUnsatisfiable");
    const errors: FieldError[] = [];
    if (maxSkew <= 0) errors.push(invalid(`${at}.maxSkew`, maxSkew, "must be greater than zero"));
    if (key === "") errors.push(required(`${at}.topologyKey`, "can not be empty"));
    else errors.push(...invalids(`${at}.topologyKey`, key, qualifiedName(key)));
    if (action !== "DoNotSchedule" && action !== "ScheduleAnyway") {
      errors.push(notSupported(`${at}.whenUnsatisfiable`, action, ["DoNotSchedule", "ScheduleAnyway"]));
    }
    const pair = `{${key}, ${action}}`;
    if (pairs.has(pair)) errors.push(duplicate(`${at}.{topologyKey, whenUnsatisfiable}`, pair));
    pairs.add(pair);
    const minDomains = numberAt(constraint, "minDomains");
    if (minDomains !== undefined && minDomains <= 0)
      errors.push(invalid(`${at}.minDomains`, minDomains, "must be greater than zero"));
    const onlyStrict = "can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ScheduleAnyway";
    if (minDomains !== undefined && action === "ScheduleAnyway")
      errors.push(invalid(`${at}.minDomains`, minDomains, onlyStrict));
    return [...errors, ...checkLabelSelector(objectAt(constraint, "labelSelector"), `${at}.labelSelector`)];
  });
}

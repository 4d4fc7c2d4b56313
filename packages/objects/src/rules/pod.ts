import {
  type JsonObject,
  type MutableJson,
  type MutableJsonObject,
  numberAt,
  objectAt,
  objectsAt,
  sameJson,
  textAt,
} from "../json.ts";
import { readQuantity } from "../quantity.ts";
import { dns1123Subdomain } from "./content.ts";
import { type FieldError, forbidden, invalid, required } from "./field-error.ts";
import type { Admission, KindRules, Priority } from "./kind-rules.ts";
import { checkMetadataUpdate } from "./metadata.ts";
import { checkPodSpec, checkTolerations } from "./pod-spec.ts";

// Rules: kubernetes v1.36 `pkg/apis/core/validation` (`ValidatePodUpdate`), `pkg/registry/core/pod/strategy.go`, and
// the admission plugins Priority and DefaultTolerationSeconds.

export const pod: KindRules = {
  checkName: dns1123Subdomain,
  hasGeneration: true,
  forbidCreate: forbidPriority,
  prepareCreate: (object, admission) => {
    admitPod(object, undefined, admission);
    object["status"] = { phase: "Pending", qosClass: qosClass(objectAt(object, "spec") ?? {}) };
  },
  prepareUpdate: admitPod,
  checkCreate: (object) => checkPodSpec(objectAt(object, "spec") ?? {}, "spec"),
  checkUpdate: checkPodUpdate,
};

const GRACE_SECONDS = 300;
const NODE_TAINTS = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];
const SYSTEM_PRIORITIES: Readonly<Record<string, number>> = {
  "system-cluster-critical": 2_000_000_000,
  "system-node-critical": 2_000_001_000,
};

/** The two classes that every cluster has, then those of this one. */
function priorityOf(spec: JsonObject, { priorityClass }: Admission): Priority | undefined {
  const name = textAt(spec, "priorityClassName");
  if (Object.hasOwn(SYSTEM_PRIORITIES, name)) return { name, value: SYSTEM_PRIORITIES[name] ?? 0 };
  return priorityClass?.(name === "" ? undefined : name);
}

function forbidPriority(pod: JsonObject, admission: Admission): string | undefined {
  const spec = objectAt(pod, "spec") ?? {};
  const name = textAt(spec, "priorityClassName");
  const isUnknown = name !== "" && admission.priorityClass && !priorityOf(spec, admission);
  return isUnknown ? `no PriorityClass with name ${name} was found` : undefined;
}

/** What admission adds to pods: the two tolerations that outlive a node for five minutes, and a priority. */
function admitPod(pod: MutableJsonObject, live: JsonObject | undefined, admission: Admission): void {
  const spec = objectAt(pod, "spec");
  if (!spec) return;
  const before = objectAt(live, "spec");
  const priority = before ? undefined : priorityOf(spec, admission);
  if (priority && textAt(spec, "priorityClassName") === "") spec["priorityClassName"] = priority.name;
  spec["priority"] ??= priority?.value ?? numberAt(before, "priority") ?? 0;
  spec["preemptionPolicy"] ??=
    priority?.preemptionPolicy ?? (textAt(before, "preemptionPolicy") || "PreemptLowerPriority");
  const tolerations: MutableJson[] = [...objectsAt(spec, "tolerations")];
  for (const key of NODE_TAINTS) {
    const isTolerated = objectsAt(spec, "tolerations").some(
      (each) =>
        (textAt(each, "key") === key || textAt(each, "key") === "") &&
        (textAt(each, "effect") === "NoExecute" || textAt(each, "effect") === ""),
    );
    if (!isTolerated)
      tolerations.push({ key, operator: "Exists", effect: "NoExecute", tolerationSeconds: GRACE_SECONDS });
  }
  if (tolerations.length > 0) spec["tolerations"] = tolerations;
}

const UPDATABLE = [
  "`spec.containers[*].image`",
  "`spec.initContainers[*].image`",
  "`spec.activeDeadlineSeconds`",
  "`spec.tolerations` (only additions to existing tolerations)",
  "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)",
];

function checkPodUpdate(object: JsonObject, live: JsonObject): FieldError[] {
  const spec = objectAt(object, "spec") ?? {};
  const before = objectAt(live, "spec") ?? {};
  const errors = [
    ...checkMetadataUpdate(objectAt(object, "metadata") ?? {}, objectAt(live, "metadata") ?? {}),
    ...checkPodSpec(spec, "spec"),
  ];
  for (const name of ["containers", "initContainers"]) {
    const containers = objectsAt(spec, name);
    if (containers.length !== objectsAt(before, name).length) {
      return [...errors, forbidden(`spec.${name}`, "pod updates may not add or remove containers")];
    }
    const nameless = containers.flatMap((each, index) =>
      textAt(each, "image").trim() === "" ? [required(`spec.${name}[${index}].image`)] : [],
    );
    errors.push(...nameless);
  }
  const deadline = checkDeadline(spec, before);
  errors.push(...deadline.errors);
  if (deadline.stop) return errors;
  errors.push(...checkTolerationUpdate(spec, before), ...checkGates(spec, before));
  const munged = withUpdatesUndone(spec, before);
  if (sameJson(spec, before) || sameJson(munged, before)) return errors;
  return [
    ...errors,
    forbidden(
      "spec",
      `pod updates may not change fields other than ${UPDATABLE.join(",")}\n${changedFields(before, munged)}`,
    ),
  ];
}

function checkDeadline(spec: JsonObject, before: JsonObject): { errors: FieldError[]; stop: boolean } {
  const at = "spec.activeDeadlineSeconds";
  const [deadline, previous] = [
    numberAt(spec, "activeDeadlineSeconds"),
    numberAt(before, "activeDeadlineSeconds"),
  ];
  if (deadline === undefined) {
    const message = "must not update from a positive integer to nil value";
    return { errors: previous === undefined ? [] : [invalid(at, null, message)], stop: false };
  }
  if (deadline < 0 || deadline > 2 ** 31 - 1)
    return { errors: [invalid(at, deadline, `must be between 0 and ${2 ** 31 - 1}, inclusive`)], stop: true };
  const isLonger = previous !== undefined && previous < deadline;
  return {
    errors: isLonger ? [invalid(at, deadline, "must be less than or equal to previous value")] : [],
    stop: isLonger,
  };
}

function checkTolerationUpdate(spec: JsonObject, before: JsonObject): FieldError[] {
  const tolerations = objectsAt(spec, "tolerations");
  const isKept = (old: JsonObject) =>
    tolerations.some((each) => sameJson(withoutSeconds(each), withoutSeconds(old)));
  if (!objectsAt(before, "tolerations").every(isKept)) {
    return [
      forbidden("spec.tolerations", "existing toleration can not be modified except its tolerationSeconds"),
    ];
  }
  return checkTolerations(tolerations, "spec.tolerations");
}

function withoutSeconds(toleration: JsonObject): JsonObject {
  const { tolerationSeconds: _seconds, ...rest } = toleration;
  return rest;
}

function checkGates(spec: JsonObject, before: JsonObject): FieldError[] {
  const known = new Set(objectsAt(before, "schedulingGates").map((each) => textAt(each, "name")));
  return objectsAt(spec, "schedulingGates").flatMap((gate, index) => {
    const message = "only deletion is allowed, but found new scheduling gate";
    const name = textAt(gate, "name");
    return known.has(name) ? [] : [forbidden(`spec.schedulingGates[${index}].name`, `${message} '${name}'`)];
  });
}

/** The new spec with everything that may change put back as it was. */
function withUpdatesUndone(spec: JsonObject, before: JsonObject): JsonObject {
  const undone: { [name: string]: JsonObject[string] } = { ...spec };
  for (const name of ["containers", "initContainers"]) {
    const old = objectsAt(before, name);
    if (old.length > 0)
      undone[name] = objectsAt(spec, name).map((each, index) => ({
        ...each,
        image: old[index]?.["image"] ?? "",
      }));
  }
  for (const name of ["activeDeadlineSeconds", "schedulingGates", "tolerations"]) {
    const old = before[name];
    if (old === undefined) delete undone[name];
    else undone[name] = old;
  }
  const grace = numberAt(before, "terminationGracePeriodSeconds") ?? 0;
  if (grace < 0 && spec["terminationGracePeriodSeconds"] === 1)
    undone["terminationGracePeriodSeconds"] = grace;
  return undone;
}

/** Kubernetes appends a diff of its internal form; the names of the changed fields say as much. */
function changedFields(before: JsonObject, after: JsonObject): string {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => !sameJson(before[name], after[name]),
  );
  return names
    .sort()
    .map((name) => `- ${name}`)
    .join("\n");
}

/**
 * A pod's class of service. Rules: kubernetes v1.36 `pkg/apis/core/v1/helper/qos`.
 */
export function qosClass(spec: JsonObject): "BestEffort" | "Burstable" | "Guaranteed" {
  const isPodLevel =
    objectAt(objectAt(spec, "resources"), "limits") ?? objectAt(objectAt(spec, "resources"), "requests");
  const owners = isPodLevel
    ? [spec]
    : [...objectsAt(spec, "containers"), ...objectsAt(spec, "initContainers")];
  let hasAny = false;
  let isGuaranteed = owners.length > 0;
  for (const owner of owners) {
    const resources = objectAt(owner, "resources");
    const [requests, limits] = [objectAt(resources, "requests"), objectAt(resources, "limits")];
    for (const name of ["cpu", "memory"]) {
      const [request, limit] = [
        readQuantity(requests?.[name])?.nano ?? 0n,
        readQuantity(limits?.[name])?.nano ?? 0n,
      ];
      if (request > 0n || limit > 0n) hasAny = true;
      if (limit === 0n || (request !== 0n && request !== limit)) isGuaranteed = false;
    }
  }
  if (!hasAny) return "BestEffort";
  return isGuaranteed ? "Guaranteed" : "Burstable";
}

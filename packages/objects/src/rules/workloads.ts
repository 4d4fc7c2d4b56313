import {
  type Json,
  type JsonObject,
  numberAt,
  objectAt,
  objectsAt,
  sameJson,
  textAt,
  textMapAt,
} from "../json.ts";
import { dns1123Label, dns1123Subdomain, percent } from "./content.ts";
import { type FieldError, forbidden, invalid, invalids, notSupported, required } from "./field-error.ts";
import type { KindRules } from "./kind-rules.ts";
import {
  checkImmutable,
  checkMetadataUpdate,
  checkNonNegative,
  IMMUTABLE,
  printedSelector,
  sortedObject,
} from "./metadata.ts";
import { checkPodTemplate } from "./pod-spec.ts";
import { checkLabelSelector, isEmptySelector, matcherOf } from "./selector.ts";

// Rules: kubernetes v1.36 `pkg/apis/apps/validation` and `pkg/registry/apps/*/strategy.go`.

const MISMATCH = "`selector` does not match template `labels`";

export const deployment: KindRules = {
  checkName: dns1123Subdomain,
  hasGeneration: true,
  countsAnnotations: true,
  checkCreate: (object) => checkDeploymentSpec(objectAt(object, "spec")),
  checkUpdate: (object, live) => [
    ...checkMeta(object, live),
    ...checkDeploymentSpec(objectAt(object, "spec")),
    ...checkSelectorUpdate(object, live),
  ],
};

export const replicaSet: KindRules = {
  checkName: dns1123Subdomain,
  hasGeneration: true,
  checkCreate: (object) => checkReplicaSetSpec(objectAt(object, "spec")),
  checkUpdate: (object, live) => [
    ...checkMeta(object, live),
    ...checkReplicaSetSpec(objectAt(object, "spec")),
    ...checkSelectorUpdate(object, live),
  ],
};

export const daemonSet: KindRules = {
  checkName: dns1123Subdomain,
  hasGeneration: true,
  checkCreate: (object) => checkDaemonSetSpec(objectAt(object, "spec")),
  checkUpdate: (object, live) => [
    ...checkMeta(object, live),
    ...checkDaemonSetSpec(objectAt(object, "spec")),
    ...checkSelectorUpdate(object, live),
  ],
};

export const statefulSet: KindRules = {
  checkName: dns1123Label,
  hasGeneration: true,
  checkCreate: (object) => checkStatefulSetSpec(objectAt(object, "spec")),
  checkUpdate: (object, live) => [
    ...checkMeta(object, live),
    ...checkStatefulSetSpec(objectAt(object, "spec")),
    ...checkStatefulSetUpdate(object, live),
  ],
};

function checkMeta(object: JsonObject, live: JsonObject): FieldError[] {
  return checkMetadataUpdate(objectAt(object, "metadata") ?? {}, objectAt(live, "metadata") ?? {});
}

function checkSelectorUpdate(object: JsonObject, live: JsonObject): FieldError[] {
  const selector = objectAt(objectAt(object, "spec"), "selector");
  if (sameJson(selector, objectAt(objectAt(live, "spec"), "selector"))) return [];
  return [invalid("spec.selector", printedSelector(selector), IMMUTABLE)];
}

function checkDeploymentSpec(spec: JsonObject | undefined): FieldError[] {
  const errors = [
    ...checkNonNegative(spec, "replicas", "spec"),
    ...checkSelector(spec, "empty selector is invalid for deployment"),
    ...checkTemplate(spec, "ReplicaSet"),
    ...checkStrategy(objectAt(spec, "strategy"), "spec.strategy"),
    ...checkNonNegative(spec, "minReadySeconds", "spec"),
    ...checkNonNegative(spec, "revisionHistoryLimit", "spec"),
    ...checkNonNegative(spec, "progressDeadlineSeconds", "spec"),
  ];
  const deadline = numberAt(spec, "progressDeadlineSeconds");
  if (deadline !== undefined && deadline <= (numberAt(spec, "minReadySeconds") ?? 0)) {
    errors.push(invalid("spec.progressDeadlineSeconds", deadline, "must be greater than minReadySeconds"));
  }
  return errors;
}

function checkReplicaSetSpec(spec: JsonObject | undefined): FieldError[] {
  return [
    ...checkNonNegative(spec, "replicas", "spec"),
    ...checkNonNegative(spec, "minReadySeconds", "spec"),
    ...checkSelector(spec, "empty selector is invalid for deployment"),
    ...checkTemplate(spec, "ReplicaSet"),
  ];
}

function checkDaemonSetSpec(spec: JsonObject | undefined): FieldError[] {
  return [
    ...checkSelector(spec, "empty selector is invalid for daemonset"),
    ...checkTemplate(spec, "DaemonSet"),
    ...checkNonNegative(spec, "minReadySeconds", "spec"),
    ...checkDaemonSetStrategy(objectAt(spec, "updateStrategy"), "spec.updateStrategy"),
    ...checkNonNegative(spec, "revisionHistoryLimit", "spec"),
  ];
}

function checkStatefulSetSpec(spec: JsonObject | undefined): FieldError[] {
  const errors: FieldError[] = [];
  const policy = textAt(spec, "podManagementPolicy");
  if (policy !== "OrderedReady" && policy !== "Parallel") {
    errors.push(invalid("spec.podManagementPolicy", policy, "must be 'OrderedReady' or 'Parallel'"));
  }
  errors.push(...checkStatefulSetStrategy(objectAt(spec, "updateStrategy"), "spec.updateStrategy"));
  const retention = objectAt(spec, "persistentVolumeClaimRetentionPolicy");
  for (const name of ["whenDeleted", "whenScaled"]) {
    const value = textAt(retention, name);
    const at = `spec.persistentVolumeClaimRetentionPolicy.${name}`;
    if (retention && value !== "Retain" && value !== "Delete")
      errors.push(notSupported(at, value, ["Delete", "Retain"]));
  }
  return [
    ...errors,
    ...checkNonNegative(spec, "replicas", "spec"),
    ...checkNonNegative(spec, "minReadySeconds", "spec"),
    ...checkNonNegative(objectAt(spec, "ordinals"), "start", "spec.ordinals"),
    ...checkSelector(spec, "empty selector is invalid for statefulset"),
    ...checkTemplate(spec, "StatefulSet"),
  ];
}

const MUTABLE_IN_STATEFUL_SETS = [
  "replicas",
  "ordinals",
  "template",
  "updateStrategy",
  "revisionHistoryLimit",
  "persistentVolumeClaimRetentionPolicy",
  "minReadySeconds",
];

function checkStatefulSetUpdate(object: JsonObject, live: JsonObject): FieldError[] {
  const fixed = (owner: JsonObject) =>
    Object.fromEntries(
      Object.entries(objectAt(owner, "spec") ?? {}).filter(
        ([name]) => !MUTABLE_IN_STATEFUL_SETS.includes(name),
      ),
    );
  if (sameJson(fixed(object), fixed(live))) return [];
  const names = MUTABLE_IN_STATEFUL_SETS.map((name) => `'${name}'`);
  const list = `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
  return [forbidden("spec", `updates to statefulset spec for fields other than ${list} are forbidden`)];
}

function checkSelector(spec: JsonObject | undefined, whenEmpty: string): FieldError[] {
  const selector = objectAt(spec, "selector");
  if (!selector) return [required("spec.selector")];
  const errors = checkLabelSelector(selector, "spec.selector");
  return isEmptySelector(selector)
    ? [...errors, invalid("spec.selector", printedSelector(selector), whenEmpty)]
    : errors;
}

function checkTemplate(
  spec: JsonObject | undefined,
  owner: "ReplicaSet" | "DaemonSet" | "StatefulSet",
): FieldError[] {
  const template = objectAt(spec, "template");
  const podSpec = objectAt(template, "spec");
  const errors: FieldError[] = [];
  const selector = objectAt(spec, "selector");
  const matches = matcherOf(selector);
  if (selector && !matches)
    errors.push(invalid("spec.selector", printedSelector(selector), "invalid label selector"));
  const labels = textMapAt(objectAt(template, "metadata"), "labels");
  if (selector && matches && !isEmptySelector(selector) && !matches(labels)) {
    errors.push(
      invalid(
        "spec.template.metadata.labels",
        Object.keys(labels).length > 0 ? sortedObject(labels) : null,
        MISMATCH,
      ),
    );
  }
  const claims = objectsAt(spec, "volumeClaimTemplates").map((each) =>
    textAt(objectAt(each, "metadata"), "name"),
  );
  errors.push(...checkPodTemplate(template, "spec.template", claims));
  const restartPolicy = textAt(podSpec, "restartPolicy");
  if (restartPolicy !== "Always")
    errors.push(notSupported("spec.template.spec.restartPolicy", restartPolicy, ["Always"]));
  if (podSpec?.["activeDeadlineSeconds"] !== undefined) {
    errors.push(
      forbidden(
        "spec.template.spec.activeDeadlineSeconds",
        `activeDeadlineSeconds in ${owner} is not Supported`,
      ),
    );
  }
  return errors;
}

function checkStrategy(strategy: JsonObject | undefined, path: string): FieldError[] {
  const rollingUpdate = objectAt(strategy, "rollingUpdate");
  const at = `${path}.rollingUpdate`;
  switch (textAt(strategy, "type")) {
    case "Recreate":
      return rollingUpdate ? [forbidden(at, "may not be specified when strategy `type` is 'Recreate'")] : [];
    case "RollingUpdate":
      return rollingUpdate
        ? checkRollingUpdate(rollingUpdate, at)
        : [required(at, "this should be defaulted and never be nil")];
    default:
      return [notSupported(`${path}.type`, textAt(strategy, "type"), ["Recreate", "RollingUpdate"])];
  }
}

function checkRollingUpdate(rollingUpdate: JsonObject, path: string): FieldError[] {
  const { maxUnavailable = 0, maxSurge = 0 } = rollingUpdate;
  const errors = [
    ...checkAmount(maxUnavailable, `${path}.maxUnavailable`),
    ...checkAmount(maxSurge, `${path}.maxSurge`),
  ];
  if (amountOf(maxUnavailable) === 0 && amountOf(maxSurge) === 0) {
    errors.push(invalid(`${path}.maxUnavailable`, maxUnavailable, "may not be 0 when `maxSurge` is 0"));
  }
  return [...errors, ...checkAtMostAll(maxUnavailable, `${path}.maxUnavailable`)];
}

function checkDaemonSetStrategy(strategy: JsonObject | undefined, path: string): FieldError[] {
  const type = textAt(strategy, "type");
  const rollingUpdate = objectAt(strategy, "rollingUpdate");
  if (type === "OnDelete") return [];
  if (type !== "RollingUpdate") return [notSupported(`${path}.type`, type, ["RollingUpdate", "OnDelete"])];
  if (!rollingUpdate) return [required(`${path}.rollingUpdate`)];
  const { maxUnavailable = 0, maxSurge = 0 } = rollingUpdate;
  const [hasUnavailable, hasSurge] = [amountOf(maxUnavailable) !== 0, amountOf(maxSurge) !== 0];
  const at = `${path}.rollingUpdate`;
  const errors = [
    ...checkAmount(maxUnavailable, `${at}.maxUnavailable`),
    ...checkAtMostAll(maxUnavailable, `${at}.maxUnavailable`),
    ...checkAmount(maxSurge, `${at}.maxSurge`),
    ...checkAtMostAll(maxSurge, `${at}.maxSurge`),
  ];
  if (hasUnavailable && hasSurge)
    errors.push(invalid(`${at}.maxSurge`, maxSurge, "may not be set when maxUnavailable is non-zero"));
  if (!hasUnavailable && !hasSurge)
    errors.push(required(`${at}.maxUnavailable`, "cannot be 0 when maxSurge is 0"));
  return errors;
}

function checkStatefulSetStrategy(strategy: JsonObject | undefined, path: string): FieldError[] {
  const type = textAt(strategy, "type");
  const rollingUpdate = objectAt(strategy, "rollingUpdate");
  if (type === "OnDelete") {
    const printed = rollingUpdate
      ? { Partition: numberAt(rollingUpdate, "partition") ?? 0, MaxUnavailable: null }
      : null;
    return rollingUpdate
      ? [invalid(`${path}.rollingUpdate`, printed, "only allowed for updateStrategy 'RollingUpdate'")]
      : [];
  }
  if (type !== "RollingUpdate") return [invalid(path, type, "must be 'RollingUpdate' or 'OnDelete'")];
  return checkNonNegative(rollingUpdate, "partition", `${path}.rollingUpdate`);
}

/** A number of pods, or a share of them. */
export function checkAmount(value: Json, path: string): FieldError[] {
  if (typeof value === "string") return invalids(path, value, percent(value));
  return typeof value === "number" && value < 0
    ? [invalid(path, value, "must be greater than or equal to 0")]
    : [];
}

function checkAtMostAll(value: Json, path: string): FieldError[] {
  const isMore = typeof value === "string" && percent(value).length === 0 && Number.parseInt(value, 10) > 100;
  return isMore ? [invalid(path, value, "must not be greater than 100%")] : [];
}

function amountOf(value: Json): number {
  return typeof value === "string" ? Number.parseInt(value, 10) || 0 : typeof value === "number" ? value : 0;
}

export const job: KindRules = {
  checkName: dns1123Subdomain,
  hasGeneration: true,
  checkUpdate: (object, live) => [
    ...checkMeta(object, live),
    ...["completionMode", "selector", "template"].flatMap((name) =>
      checkImmutable(`spec.${name}`, objectAt(object, "spec")?.[name], objectAt(live, "spec")?.[name]),
    ),
  ],
};

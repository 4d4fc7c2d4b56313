import { type JsonObject, objectAt, objectsAt, sameJson, textAt, textsAt } from "../json.ts";
import type { Kind } from "../schema/kind.ts";
import { configMap, secret } from "./configuration.ts";
import { dns1123Label, dns1123Subdomain, pathSegmentName } from "./content.ts";
import { type FieldError, forbidden, invalid } from "./field-error.ts";
import type { KindRules } from "./kind-rules.ts";
import { checkImmutable, checkMetadataUpdate } from "./metadata.ts";
import { pod } from "./pod.ts";
import { service } from "./service.ts";
import { daemonSet, deployment, job, replicaSet, statefulSet } from "./workloads.ts";

const named: KindRules = { checkName: dns1123Subdomain };
const counted: KindRules = { ...named, hasGeneration: true };
const anyName: KindRules = { checkName: pathSegmentName };

/** A kind some of whose fields may not change. */
function fixed(
  rules: KindRules,
  check: (object: JsonObject, live: JsonObject) => readonly FieldError[],
): KindRules {
  return {
    ...rules,
    checkUpdate: (object, live) => [
      ...checkMetadataUpdate(objectAt(object, "metadata") ?? {}, objectAt(live, "metadata") ?? {}),
      ...check(object, live),
    ],
  };
}

function changed(object: JsonObject, live: JsonObject, name: string): boolean {
  return !sameJson(object[name] ?? null, live[name] ?? null);
}

const roleBinding = fixed(anyName, (object, live) =>
  changed(object, live, "roleRef")
    ? [invalid("roleRef", object["roleRef"] ?? null, "cannot change roleRef")]
    : [],
);

/** Rules by kind. Source: kubernetes v1.36 `pkg/apis/{group}/validation` and `pkg/registry/{group}/{kind}/strategy.go`. */
const RULES: Readonly<Record<string, KindRules>> = {
  "apps/v1 DaemonSet": daemonSet,
  "apps/v1 Deployment": deployment,
  "apps/v1 ReplicaSet": replicaSet,
  "apps/v1 StatefulSet": statefulSet,
  "autoscaling/v1 HorizontalPodAutoscaler": named,
  "autoscaling/v2 HorizontalPodAutoscaler": named,
  "batch/v1 CronJob": counted,
  "batch/v1 Job": job,
  "certificates.k8s.io/v1 CertificateSigningRequest": anyName,
  "discovery.k8s.io/v1 EndpointSlice": fixed(counted, (object, live) =>
    checkImmutable("addressType", object["addressType"], live["addressType"]),
  ),
  "networking.k8s.io/v1 IPAddress": anyName,
  "networking.k8s.io/v1 Ingress": counted,
  "networking.k8s.io/v1 IngressClass": fixed(counted, (object, live) =>
    checkImmutable(
      "spec.controller",
      objectAt(object, "spec")?.["controller"],
      objectAt(live, "spec")?.["controller"],
    ),
  ),
  "networking.k8s.io/v1 NetworkPolicy": counted,
  "policy/v1 PodDisruptionBudget": counted,
  "rbac.authorization.k8s.io/v1 ClusterRole": anyName,
  "rbac.authorization.k8s.io/v1 ClusterRoleBinding": roleBinding,
  "rbac.authorization.k8s.io/v1 Role": anyName,
  "rbac.authorization.k8s.io/v1 RoleBinding": roleBinding,
  "scheduling.k8s.io/v1 PriorityClass": fixed(counted, (object, live) => [
    ...(changed(object, live, "value") ? [forbidden("value", "may not be changed in an update.")] : []),
    ...checkImmutable("preemptionPolicy", object["preemptionPolicy"], live["preemptionPolicy"]),
  ]),
  "storage.k8s.io/v1 StorageClass": fixed(named, (object, live) => [
    ...["parameters", "provisioner"]
      .filter((name) => changed(object, live, name))
      .map((name) => forbidden(name, `updates to ${name} are forbidden.`)),
    ...(changed(object, live, "reclaimPolicy")
      ? [forbidden("reclaimPolicy", "updates to reclaimPolicy are forbidden.")]
      : []),
    ...checkImmutable("volumeBindingMode", object["volumeBindingMode"], live["volumeBindingMode"]),
  ]),
  "v1 ConfigMap": configMap,
  "v1 Namespace": {
    checkName: dns1123Label,
    prepareCreate: (object) => {
      const spec = objectAt(object, "spec");
      if (spec && !textsAt(spec, "finalizers").includes("kubernetes")) {
        spec["finalizers"] = [...textsAt(spec, "finalizers"), "kubernetes"];
      }
    },
  },
  "v1 Node": named,
  "v1 PersistentVolume": fixed(
    { ...named, prepareCreate: (object) => protect(object, "kubernetes.io/pv-protection") },
    (object, live) => {
      const [spec, before] = [objectAt(object, "spec") ?? {}, objectAt(live, "spec") ?? {}];
      return checkImmutable("spec.volumeMode", spec["volumeMode"], before["volumeMode"]);
    },
  ),
  "v1 PersistentVolumeClaim": fixed(
    { ...named, prepareCreate: (object) => protect(object, "kubernetes.io/pvc-protection") },
    checkClaimUpdate,
  ),
  "v1 Pod": pod,
  "v1 Secret": secret,
  "v1 Service": service,
};

/** What the API server does with objects of a kind beyond decoding them. */
export function rulesOf(kind: Kind): KindRules {
  const key = `${kind.apiVersion} ${kind.kind}`;
  return (Object.hasOwn(RULES, key) ? RULES[key] : undefined) ?? named;
}

/** What the admission plugin StorageObjectInUseProtection adds. */
function protect(object: { [name: string]: JsonObject[string] }, finalizer: string): void {
  const metadata = objectAt(object, "metadata") ?? {};
  const finalizers = textsAt(metadata, "finalizers");
  if (!finalizers.includes(finalizer))
    object["metadata"] = { ...metadata, finalizers: [...finalizers, finalizer] };
}

function checkClaimUpdate(object: JsonObject, live: JsonObject): FieldError[] {
  const fixedPart = (owner: JsonObject) => {
    const { resources, volumeAttributesClassName: _class, ...rest } = objectAt(owner, "spec") ?? {};
    const limits = objectAt(objectsAt({ list: [resources ?? {}] }, "list")[0], "limits");
    return { ...rest, limits: limits ?? {} };
  };
  const wasUnbound = textAt(objectAt(live, "spec"), "volumeName") === "";
  const [now, before] = [fixedPart(object), fixedPart(live)];
  const isSame =
    sameJson(now, before) ||
    (wasUnbound && sameJson({ ...now, volumeName: "" }, { ...before, volumeName: "" }));
  const message =
    "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";
  return isSame ? [] : [forbidden("spec", message)];
}

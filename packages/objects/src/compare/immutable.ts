import type { JsonObject } from "../json.ts";
import { valueAt } from "../path.ts";

/** A part of an object that the API server lets nobody change once it is there. */
export interface ImmutableField {
  /** Field names from the object down: everything at or below is immutable. */
  readonly path: readonly string[];
  /** Fields directly below that may change all the same. */
  readonly except?: readonly string[];
  /** Holds only where this field of the object as it was has this value. */
  readonly when?: { readonly path: readonly string[]; readonly is: unknown };
  /** The rule in words, for people. */
  readonly rule: string;
}

const identity: readonly ImmutableField[] = [
  { path: ["apiVersion"], rule: "another version or group is another resource" },
  { path: ["kind"], rule: "another kind is another resource" },
  { path: ["metadata", "name"], rule: "an object can't be renamed" },
  { path: ["metadata", "namespace"], rule: "an object can't move to another namespace" },
];

const selector: ImmutableField = { path: ["spec", "selector"], rule: "a selector is immutable (apps/v1)" };

/**
 * By kind. Source: validation of Kubernetes 1.36 (`ValidateDeploymentUpdate` and its like, in pkg/apis) and the API
 * reference; recorded where the recordings of a real API server exercise it.
 */
const byKind: Readonly<Record<string, readonly ImmutableField[]>> = {
  "apps/v1 Deployment": [selector],
  "apps/v1 ReplicaSet": [selector],
  "apps/v1 DaemonSet": [selector],
  "apps/v1 StatefulSet": [
    {
      path: ["spec"],
      except: [
        "replicas",
        "ordinals",
        "template",
        "updateStrategy",
        "revisionHistoryLimit",
        "persistentVolumeClaimRetentionPolicy",
        "minReadySeconds",
      ],
      rule: "of a stateful set's spec only replicas, ordinals, template, updateStrategy, revisionHistoryLimit, persistentVolumeClaimRetentionPolicy and minReadySeconds can change",
    },
  ],
  "batch/v1 Job": [
    { path: ["spec", "selector"], rule: "a job's selector is immutable" },
    { path: ["spec", "template"], rule: "a job's template is immutable" },
    { path: ["spec", "completionMode"], rule: "a job's completion mode is immutable" },
  ],
  "v1 Service": [{ path: ["spec", "clusterIP"], rule: "a service's cluster IP can't change once it is set" }],
  "v1 ConfigMap": ["data", "binaryData", "immutable"].map((field) => immutableData(field)),
  "v1 Secret": [
    ...["data", "stringData", "immutable"].map((field) => immutableData(field)),
    { path: ["type"], rule: "a secret's type is immutable" },
  ],
  "v1 PersistentVolumeClaim": [
    {
      path: ["spec"],
      except: ["resources", "volumeAttributesClassName"],
      rule: "of a claim only its requests can change",
    },
  ],
  "v1 Pod": [
    {
      path: ["spec"],
      except: ["containers", "initContainers", "activeDeadlineSeconds", "tolerations", "schedulingGates"],
      rule: "of a running pod's spec only images, the deadline and further tolerations can change",
    },
    ...["containers", "initContainers"].map((list) => ({
      path: ["spec", list],
      except: ["image"],
      rule: "of a running pod's containers only the image can change",
    })),
  ],
  "discovery.k8s.io/v1 EndpointSlice": [
    { path: ["addressType"], rule: "an endpoint slice's address type is immutable" },
  ],
  "networking.k8s.io/v1 IngressClass": [
    { path: ["spec", "controller"], rule: "an ingress class's controller is immutable" },
  ],
  "storage.k8s.io/v1 StorageClass": ["provisioner", "parameters", "reclaimPolicy", "volumeBindingMode"].map(
    (field) => ({
      path: [field],
      rule: `a storage class's ${field} is immutable`,
    }),
  ),
  "scheduling.k8s.io/v1 PriorityClass": ["value", "preemptionPolicy"].map((field) => ({
    path: [field],
    rule: `a priority class's ${field} is immutable`,
  })),
  "rbac.authorization.k8s.io/v1 RoleBinding": [{ path: ["roleRef"], rule: "a binding's role is immutable" }],
  "rbac.authorization.k8s.io/v1 ClusterRoleBinding": [
    { path: ["roleRef"], rule: "a binding's role is immutable" },
  ],
};

function immutableData(field: string): ImmutableField {
  return {
    path: [field],
    when: { path: ["immutable"], is: true },
    rule: "the object is marked immutable",
  };
}

/**
 * What can't change in objects of a kind; a change of it needs a replacement.
 *
 * @example immutableFields("apps/v1", "Deployment").map((field) => field.path.join(".")) // …, "spec.selector"
 */
export function immutableFields(apiVersion: string, kind: string): readonly ImmutableField[] {
  return [...identity, ...(byKind[`${apiVersion} ${kind}`] ?? [])];
}

/** The rule by which a change at this path of an object can't be made; nothing where it can. */
export function immutabilityOf(
  before: JsonObject,
  fields: readonly ImmutableField[],
  path: readonly string[],
): string | undefined {
  const field = fields.find(({ path: fixed, except, when }) => {
    if (fixed.length > path.length || !fixed.every((step, i) => step === path[i])) return false;
    const below = path[fixed.length];
    if (below !== undefined && except?.includes(below)) return false;
    return when === undefined || valueAt(before, when.path) === when.is;
  });
  return field?.rule;
}

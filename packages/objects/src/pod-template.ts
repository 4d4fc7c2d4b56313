import type { IPodTemplateSpec } from "kubernetes-models/v1/PodTemplateSpec";
import { isJsonObject } from "./json.ts";
import type { KubernetesObject } from "./object.ts";
import { valueAt } from "./path.ts";

/** Where each kind that makes pods keeps their template. A pod is its own. */
const LOCATIONS: Readonly<Record<string, readonly string[]>> = {
  "apps/v1 DaemonSet": ["spec", "template"],
  "apps/v1 Deployment": ["spec", "template"],
  "apps/v1 ReplicaSet": ["spec", "template"],
  "apps/v1 StatefulSet": ["spec", "template"],
  "batch/v1 CronJob": ["spec", "jobTemplate", "spec", "template"],
  "batch/v1 Job": ["spec", "template"],
  "v1 Pod": [],
  "v1 PodTemplate": ["template"],
  "v1 ReplicationController": ["spec", "template"],
};

/**
 * Path of the pod template in objects of a kind, empty for pods themselves; nothing for kinds that make no pods.
 *
 * @example podTemplatePath({ apiVersion: "apps/v1", kind: "Deployment" }) // ["spec", "template"]
 */
export function podTemplatePath(
  kind: Pick<KubernetesObject, "apiVersion" | "kind">,
): readonly string[] | undefined {
  const key = `${kind.apiVersion} ${kind.kind}`;
  return Object.hasOwn(LOCATIONS, key) ? LOCATIONS[key] : undefined;
}

/** The template of an object's pods (of a pod: its own metadata and spec); nothing where it has none. */
export function podTemplateOf(object: KubernetesObject): IPodTemplateSpec | undefined {
  const path = podTemplatePath(object);
  const template = path && valueAt(object, path);
  return isTemplate(template) ? template : undefined;
}

function isTemplate(value: unknown): value is IPodTemplateSpec {
  return isJsonObject(value) && isJsonObject(value["spec"]);
}

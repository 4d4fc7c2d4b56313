import type { KubernetesObject } from "@berth/objects";
import { sameValue } from "./canonical.ts";

/** A new object: its spec is the first one. */
export function withFirstGeneration(object: KubernetesObject): KubernetesObject {
  if (!hasGeneration(object) || object.metadata?.generation !== undefined) return object;
  return { ...object, metadata: { ...object.metadata, generation: 1 } };
}

/** The status is the cluster's own where the given object has none; the generation grows with the spec. */
export function withNextGeneration(object: KubernetesObject, before: KubernetesObject): KubernetesObject {
  const status = "status" in object || !("status" in before) ? {} : { status: before.status };
  const known = before.metadata?.generation;
  if (known === undefined) return { ...object, ...status };
  const isSame = sameValue(specOf(object), specOf(before));
  const generation = isSame ? known : Math.max(known + 1, object.metadata?.generation ?? 0);
  return { ...object, ...status, metadata: { ...object.metadata, generation } };
}

/** Whether the API server counts the changes of such an object's spec. */
export function hasGeneration({ apiVersion, kind }: KubernetesObject): boolean {
  return (
    (apiVersion.startsWith("apps/") && kind !== "ControllerRevision") ||
    (apiVersion === "v1" && kind === "Pod")
  );
}

function specOf(object: KubernetesObject): unknown {
  return "spec" in object ? object.spec : undefined;
}

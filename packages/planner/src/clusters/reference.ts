import type { JsonObject, KubernetesObjectFacet } from "@berth/core";
import { isNamespaced, type KubernetesObject, type ObjectRef, refKey, refOf } from "@berth/objects";
import { isObject, property } from "../compare/difference.ts";
import { kubernetesObject } from "./kinds.ts";

/** What names an object in its cluster: what lives in a namespace and names none is in `default`. */
export function referenceOf(object: KubernetesObject): ObjectRef {
  return refOf(object, isNamespaced(object) === true ? "default" : undefined);
}

/** The object with its namespace written. */
export function inNamespace(json: JsonObject, { namespace }: ObjectRef): KubernetesObject | undefined {
  const metadata = property(json, "metadata");
  const named = {
    ...(isObject(metadata) ? metadata : {}),
    ...(namespace === undefined ? {} : { namespace }),
  };
  return kubernetesObject({ ...json, metadata: named });
}

/** Whether two facets are of one object of the cluster. */
export function isSameObject(a: KubernetesObjectFacet, b: KubernetesObjectFacet): boolean {
  const [left, right] = [kubernetesObject(a.object), kubernetesObject(b.object)];
  if (!left || !right) return false;
  return refKey(referenceOf(left)) === refKey(referenceOf(right));
}

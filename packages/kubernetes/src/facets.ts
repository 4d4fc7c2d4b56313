import {
  encodeValue,
  formatPath,
  type JsonObject,
  type KubernetesObjectFacet,
  type PathSegments,
  type ResourceView,
  Unknown,
  type Value,
} from "@berth/core";

/** The object that this resource is, as far as it is known; nothing while its cluster is not. */
export function objectFacets({ inputs, cluster }: ResourceView): readonly KubernetesObjectFacet[] {
  if (cluster === undefined) return [];
  const object = encodeValue(inputs) as JsonObject;
  return [{ kind: "KubernetesObject", cluster, object, unknownPaths: [...unknownPaths(inputs, [])] }];
}

function* unknownPaths(value: Value, path: PathSegments): Generator<string> {
  if (value instanceof Unknown) yield formatPath(path);
  else if (Array.isArray(value))
    for (const [i, each] of value.entries()) yield* unknownPaths(each as Value, [...path, i]);
  else if (typeof value === "object" && value !== null) {
    for (const [key, each] of Object.entries(value)) yield* unknownPaths(each as Value, [...path, key]);
  }
}

import {
  formatPath,
  isValueObject,
  type Json,
  type JsonObject,
  type KubernetesObjectFacet,
  type PathSegments,
  type ResourceView,
  Secret,
  standInFor,
  Unknown,
  type Value,
} from "@berth/core";

/** The object that this resource is, as far as it is known; nothing while its cluster is not. */
export function objectFacets({ inputs, cluster }: ResourceView): readonly KubernetesObjectFacet[] {
  if (cluster === undefined) return [];
  const unknownPaths: string[] = [];
  const object = known(inputs, [], unknownPaths);
  if (typeof object !== "object" || object === null || Array.isArray(object)) return [];
  return [{ kind: "KubernetesObject", cluster, object: object as JsonObject, unknownPaths }];
}

/** The value without what is not known, whose places are noted. A changed secret must roll its pods out in a plan too. */
function known(value: Value, path: PathSegments, unknownPaths: string[]): Json | undefined {
  if (value instanceof Unknown) {
    unknownPaths.push(formatPath(path));
    return undefined;
  }
  if (value instanceof Secret) return standInFor(value);
  if (isList(value)) return value.flatMap((each, i) => known(each, [...path, i], unknownPaths) ?? []);
  if (!isValueObject(value)) return value;
  const entries: [string, Json][] = [];
  for (const [key, each] of Object.entries(value)) {
    const part = known(each, [...path, key], unknownPaths);
    if (part !== undefined) entries.push([key, part]);
  }
  return Object.fromEntries(entries);
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

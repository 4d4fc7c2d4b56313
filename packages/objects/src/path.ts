import { isJsonObject } from "./json.ts";

/** The value at a path of field names, or nothing where the path leaves the objects. */
export function valueAt(value: unknown, path: readonly string[]): unknown {
  let current = value;
  for (const step of path) {
    if (!isJsonObject(current) || !Object.hasOwn(current, step)) return undefined;
    current = current[step];
  }
  return current;
}

/**
 * Appends a field to a path as people write it: `spec.replicas`, and `metadata.labels["app.kubernetes.io/name"]`
 * where the name is no identifier.
 */
export function childPath(path: string, field: string): string {
  if (!/^[A-Za-z_$][\w$-]*$/.test(field)) return `${path}[${JSON.stringify(field)}]`;
  return path === "" ? field : `${path}.${field}`;
}

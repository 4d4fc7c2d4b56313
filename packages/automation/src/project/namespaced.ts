import type { Value } from "@berth/core";

/** Configuration by full key: `replicas` is the project's own `shop:replicas`; `azure:location` stays what it is. */
export function namespaced(
  project: string,
  values: Readonly<Record<string, Value>>,
): Readonly<Record<string, Value>> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key.includes(":") ? key : `${project}:${key}`, value]),
  );
}

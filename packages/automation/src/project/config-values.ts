import type { Value } from "@berth/core";

/** Configuration values by key, as a program reads them with `Config`; secrets as `Secret`. */
export type ConfigValues = Readonly<Record<string, Value>>;

/** Configuration by full key: `replicas` is the project's own `shop:replicas`; `azure:location` stays what it is. */
export function namespaced(project: string, values: ConfigValues): ConfigValues {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key.includes(":") ? key : `${project}:${key}`, value]),
  );
}

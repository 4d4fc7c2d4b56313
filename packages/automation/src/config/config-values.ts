import type { Value } from "@berth/core";

/** Configuration values by key, as a program reads them with `Config`; secrets as `Secret`. */
export type ConfigValues = Readonly<Record<string, Value>>;

/** Configuration by full key: `replicas` is the project's own `shop:replicas`; `azure:location` stays what it is. */
export function namespaced(project: string, values: ConfigValues): ConfigValues {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [fullKey(project, key), value]));
}

/** A key as people write it: without the project's own name before it. */
export function shortKey(project: string, key: string): string {
  return key.startsWith(`${project}:`) ? key.slice(project.length + 1) : key;
}

/** A key with whose it is: the project's own by default. */
export function fullKey(project: string, key: string): string {
  return key.includes(":") ? key : `${project}:${key}`;
}

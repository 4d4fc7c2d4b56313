import type { KubernetesObject } from "./object.ts";

/** What identifies an object inside one cluster. `namespace` is absent for cluster-scoped kinds. */
export interface ObjectRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/**
 * The reference of an object.
 *
 * @param defaultNamespace used where a namespaced object states none; leave it out for cluster-scoped kinds.
 * @example refOf({ apiVersion: "v1", kind: "Pod", metadata: { name: "web", namespace: "shop" } })
 */
export function refOf(object: KubernetesObject, defaultNamespace?: string): ObjectRef {
  const { apiVersion, kind, metadata } = object;
  const namespace = metadata?.namespace || defaultNamespace;
  const name = metadata?.name ?? "";
  return namespace ? { apiVersion, kind, namespace, name } : { apiVersion, kind, name };
}

/**
 * The stable key of a reference, equal for equal references and as people read it:
 * `apps/v1 Deployment shop/web`, `v1 Node worker-1`. No part of a valid reference holds a space.
 */
export function refKey(ref: ObjectRef): string {
  return `${ref.apiVersion} ${ref.kind} ${ref.namespace ? `${ref.namespace}/` : ""}${ref.name}`;
}

/** Reads a {@link refKey} back, or answers nothing where the text is not one. */
export function parseRefKey(key: string): ObjectRef | undefined {
  const match = /^(\S+) (\S+) (?:([^\s/]+)\/)?([^\s/]+)$/.exec(key);
  if (!match) return undefined;
  const [, apiVersion = "", kind = "", namespace, name = ""] = match;
  return namespace ? { apiVersion, kind, namespace, name } : { apiVersion, kind, name };
}

/**
 * Orders references by kind, group, namespace and name, by code units and not by locale, so that
 * what is sorted with it is the same bytes on every machine.
 */
export function compareRefs(a: ObjectRef, b: ObjectRef): number {
  return (
    compareText(a.kind, b.kind) ||
    compareText(a.apiVersion, b.apiVersion) ||
    compareText(a.namespace ?? "", b.namespace ?? "") ||
    compareText(a.name, b.name)
  );
}

/** Splits `apps/v1` into group `apps` and version `v1`; the core group is the empty text. */
export function splitApiVersion(apiVersion: string): { readonly group: string; readonly version: string } {
  const slash = apiVersion.indexOf("/");
  if (slash < 0) return { group: "", version: apiVersion };
  return { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

/** Order of two texts by UTF-16 code units, never by locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

import { formatPath, type Urn } from "@berth/core";

/** `spec` and `clusterIP` → `spec.clusterIP`; keys that a program would quote are quoted: `labels["app.kubernetes.io/name"]`. */
export function propertyPath(parent: string, key: string): string {
  const own = formatPath([key]);
  return parent === "" || own.startsWith("[") ? parent + own : `${parent}.${own}`;
}

/** `containers` and 0 → `containers[0]`. */
export function indexPath(parent: string, index: number): string {
  return `${parent}[${index}]`;
}

/** `ports`, `[["port", "80"], ["protocol", "TCP"]]` → `ports[port=80,protocol=TCP]`. */
export function elementPath(parent: string, identity: readonly (readonly [string, string])[]): string {
  return `${parent}[${identity.map(([key, value]) => `${key}=${value}`).join(",")}]`;
}

/** The resources from which the input at a path takes values. */
export function sourcesOf(
  path: string,
  references: Readonly<Record<string, readonly Urn[]>>,
): readonly Urn[] {
  const [input = path] = /^[^.[]+/.exec(path) ?? [];
  return Object.hasOwn(references, input) ? (references[input] ?? []) : [];
}

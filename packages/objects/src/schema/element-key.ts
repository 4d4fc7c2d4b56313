import { isJsonObject } from "../json.ts";
import type { ListType } from "./type.ts";

/**
 * A text that is equal for elements of a list with the same key, or nothing where the list has no keys or the
 * element none. It is JSON, so that `1` and `"1"` stay apart.
 */
export function elementKey(type: ListType, element: unknown): string | undefined {
  if (type.relation === "atomic") return undefined;
  if (type.relation === "set") return isScalar(element) ? JSON.stringify(element) : undefined;
  const fields = keyFields(type, element);
  return fields.length > 0 ? JSON.stringify(fields) : undefined;
}

/** The key of an element as people read it: `name=web`, `port=80,protocol=TCP`; the value itself in sets. */
export function formatKey(type: ListType, element: unknown): string {
  if (type.relation !== "map") return String(element);
  return keyFields(type, element)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(",");
}

/** Names and values of the fields that identify an element of a keyed list, defaults filled in, sorted by name. */
export function keyFields(type: ListType, element: unknown): (readonly [string, unknown])[] {
  if (!isJsonObject(element)) return [];
  const fields: (readonly [string, unknown])[] = [];
  for (const { name, default: fallback } of type.keys) {
    const value = Object.hasOwn(element, name) ? element[name] : fallback;
    if (value !== undefined) fields.push([name, value]);
  }
  return fields.sort(([a], [b]) => (a < b ? -1 : 1));
}

function isScalar(value: unknown): boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import { compareText } from "../reference.ts";
import { keyFields } from "../schema/element-key.ts";
import type { ListType } from "../schema/type.ts";

/**
 * One step of a field's path, in the text that `managedFields` uses for it: `f:spec` a field, `k:{"name":"web"}` an
 * element of a keyed list, `v:"a"` one of a set, `i:0` one by its index. The text is canonical, so that equal
 * elements are equal texts.
 *
 * Rules: `sigs.k8s.io/structured-merge-diff` v6 `fieldpath`.
 */
export type PathElement = string;

/** A path from an object's root; empty for the object itself. */
export type FieldPath = readonly PathElement[];

export function fieldElement(name: string): PathElement {
  return `f:${name}`;
}

/** The path element of a list's element, or nothing where it has no key to go by. */
export function listElement(type: ListType, element: Json): PathElement | undefined {
  if (type.relation === "set") {
    return typeof element === "object" ? undefined : `v:${JSON.stringify(element)}`;
  }
  const fields = keyFields(type, element);
  return fields.length > 0 ? `k:${JSON.stringify(Object.fromEntries(fields))}` : undefined;
}

/** The field name of an element that is one. */
export function fieldName(element: PathElement): string | undefined {
  return element.startsWith("f:") ? element.slice(2) : undefined;
}

/** Reads an element as somebody else wrote it; nothing where it is malformed. */
export function readElement(text: string): PathElement | undefined {
  if (text.startsWith("f:") || /^i:\d+$/.test(text)) return text;
  const value = readJson(text.slice(2));
  if (value === undefined) return undefined;
  if (text.startsWith("v:")) return `v:${JSON.stringify(value)}`;
  if (!text.startsWith("k:") || !isJsonObject(value)) return undefined;
  const fields = Object.entries(value).sort(([a], [b]) => compareText(a, b));
  return fields.length > 0 ? `k:${JSON.stringify(Object.fromEntries(fields))}` : undefined;
}

/** How Kubernetes prints a path in messages: `.spec.containers[name="web"].image`. */
export function formatPath(path: FieldPath): string {
  return path.map(formatElement).join("");
}

function formatElement(element: PathElement): string {
  const text = element.slice(2);
  switch (element[0]) {
    case "f":
      return `.${text}`;
    case "k": {
      const fields = Object.entries(readJson(text) ?? {}).map(
        ([name, value]) => `${name}=${JSON.stringify(value)}`,
      );
      return `[${fields.join(",")}]`;
    }
    case "v":
      return `[=${text}]`;
    default:
      return `[${text}]`;
  }
}

const ORDER = "fkvi";

/** The order in which Kubernetes lists elements: fields, keys, values, indices; each by what it holds. */
export function compareElements(a: PathElement, b: PathElement): number {
  const kind = a[0] ?? "";
  if (kind !== b[0]) return ORDER.indexOf(kind) - ORDER.indexOf(b[0] ?? "");
  if (kind === "f") return compareText(a.slice(2), b.slice(2));
  if (kind === "i") return Number(a.slice(2)) - Number(b.slice(2));
  const [left, right] = [readJson(a.slice(2)), readJson(b.slice(2))];
  return isJsonObject(left) && isJsonObject(right) ? compareKeys(left, right) : compareScalars(left, right);
}

function compareKeys(a: JsonObject, b: JsonObject): number {
  const [left, right] = [Object.entries(a), Object.entries(b)];
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const [[name, value], [otherName, otherValue]] = [left[index]!, right[index]!];
    const order = compareText(name, otherName) || compareScalars(value, otherValue);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/** Numbers, then texts, then booleans. */
function compareScalars(a: unknown, b: unknown): number {
  if (typeof a === "number" || typeof b === "number") {
    return typeof a === "number" && typeof b === "number" ? a - b : typeof a === "number" ? -1 : 1;
  }
  if (typeof a === "string" || typeof b === "string") {
    return typeof a === "string" && typeof b === "string"
      ? compareText(a, b)
      : typeof a === "string"
        ? -1
        : 1;
  }
  return Number(a) - Number(b);
}

function readJson(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

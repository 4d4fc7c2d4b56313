import { isJsonObject, type Json } from "../json.ts";
import type { ListType, ScalarType, Type } from "../schema/type.ts";
import { fieldElement, formatPath, listElement, type PathElement } from "./path-element.ts";

/**
 * What makes a stated object no value of its type, in the words of the API server: fields that the type does not
 * have, scalars of the wrong kind, list elements without a key or with one that another has.
 *
 * Rules: `sigs.k8s.io/structured-merge-diff` v6 `typed/validate.go`.
 */
export function checkTyped(type: Type, value: Json): readonly string[] {
  const faults: string[] = [];
  check(type, value, [], (path, message) =>
    faults.push(path.length > 0 ? `${formatPath(path)}: ${message}` : message),
  );
  return faults;
}

/** Several faults as one text. */
export function typedFaultText(faults: readonly string[]): string {
  return faults.length === 1
    ? faults.join("")
    : ["errors:", ...faults.map((fault) => `  ${fault}`)].join("\n");
}

type Report = (path: readonly PathElement[], message: string) => void;

function check(type: Type, value: Json, path: readonly PathElement[], report: Report): void {
  if (value === null) return;
  if (type.kind === "scalar") {
    const message = scalarFault(type, value);
    if (message !== undefined) report(path, message);
    return;
  }
  if (type.kind === "list") {
    if (Array.isArray(value)) return checkList(type, value, path, report);
    return report(path, `expected list, got ${describe(value)}`);
  }
  if (!isJsonObject(value)) return report(path, `expected map, got ${describe(value)}`);
  for (const [name, member] of Object.entries(value)) {
    const below = type.kind === "map" ? type.element : type.fields.get(name)?.type;
    const at = [...path, fieldElement(name)];
    if (below) check(below, member, at, report);
    else report(at, "field not declared in schema");
  }
}

function checkList(
  type: ListType,
  list: readonly Json[],
  path: readonly PathElement[],
  report: Report,
): void {
  const seen = new Set<PathElement>();
  for (const [index, each] of list.entries()) {
    if (type.relation === "atomic") {
      check(type.element, each, [...path, `i:${index}`], report);
      continue;
    }
    const element = listElement(type, each);
    if (element === undefined) return report(path, `element ${index}: ${keyFault(type, each)}`);
    if (seen.has(element)) report(path, `duplicate entries for key ${formatPath([element])}`);
    seen.add(element);
    check(type.element, each, [...path, element], report);
  }
}

function keyFault(type: ListType, element: Json): string {
  if (type.relation === "set") {
    if (element === null) return "associative list without keys has an element that's an explicit null";
    return Array.isArray(element)
      ? "not supported: associative list with lists as elements"
      : "associative list without keys has an element that's a map type";
  }
  if (element === null) return "associative list with keys may not have a null element";
  if (!isJsonObject(element)) return "associative list with keys may not have non-map elements";
  const keys = `[${type.keys.map((key) => JSON.stringify(key.name)).join(" ")}]`;
  return `associative list with keys has an element that omits all key fields ${keys} (and doesn't have default values for any key fields)`;
}

function scalarFault(type: ScalarType, value: Json): string | undefined {
  const kind = typeof value;
  switch (type.scalar) {
    case "string":
    case "bytes":
      return kind === "string" ? undefined : `expected string, got ${describe(value)}`;
    case "boolean":
      return kind === "boolean" ? undefined : `expected boolean, got ${describe(value)}`;
    case "int32":
    case "int64":
    case "number":
      return kind === "number" ? undefined : `expected numeric (int or float), got ${kind}`;
    case "quantity":
    case "intOrString":
    case "time":
      return kind === "object" ? `expected any scalar, got ${describe(value)}` : undefined;
    case "any":
      return undefined;
  }
}

function describe(value: Json): string {
  return typeof value === "object"
    ? JSON.stringify(value)
    : `&value.valueUnstructured{Value:${JSON.stringify(value)}}`;
}

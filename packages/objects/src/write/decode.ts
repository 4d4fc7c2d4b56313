import { isJsonObject, type Json } from "../json.ts";
import { childPath } from "../path.ts";
import type { Type } from "../schema/type.ts";
import { describe, scalarFault } from "../validation/value.ts";

/**
 * The first value that cannot be read into its type, in words; nothing where all can. Enums and required fields are
 * not its business: the API server reads an object first and validates it later.
 */
export function decodeFault(type: Type, value: Json, path = ""): string | undefined {
  if (value === null) return undefined;
  if (type.kind === "scalar") {
    const { values: _values, ...plain } = type;
    const fault = scalarFault(plain, value, true);
    return fault && `${path}: ${fault.message}`;
  }
  if (type.kind === "list") {
    if (!Array.isArray(value)) return `${path}: expected a list, not ${describe(value)}`;
    return first(value.entries(), ([index, each]) => decodeFault(type.element, each, `${path}[${index}]`));
  }
  if (!isJsonObject(value)) return `${path}: expected an object, not ${describe(value)}`;
  return first(Object.entries(value), ([name, member]) => {
    const below = type.kind === "map" ? type.element : type.fields.get(name)?.type;
    return below && decodeFault(below, member, childPath(path, name));
  });
}

/** Fields that a type does not have, as paths. */
export function unknownFields(type: Type, value: Json, path = ""): string[] {
  if (type.kind === "list" && Array.isArray(value)) {
    return value.flatMap((each, index) => unknownFields(type.element, each, `${path}[${index}]`));
  }
  if ((type.kind !== "map" && type.kind !== "struct") || !isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    const below = type.kind === "map" ? type.element : type.fields.get(name)?.type;
    return below ? unknownFields(below, member, childPath(path, name)) : [childPath(path, name)];
  });
}

function first<T>(items: Iterable<T>, find: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

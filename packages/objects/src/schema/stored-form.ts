import {
  copyJson,
  isJsonObject,
  type Json,
  type JsonObject,
  type MutableJson,
  type MutableJsonObject,
} from "../json.ts";
import { readQuantity } from "../quantity.ts";
import type { Field, ScalarType, StructType, Type } from "./type.ts";

/**
 * An object as the API server writes it after reading it into its own types: fields that the type does not have are
 * gone, empty ones are left out or written as their zero value (by {@link Field.presence}), quantities are in
 * canonical text. The result shares nothing with the input, and defaults are filled into it.
 *
 * Values of a wrong type are kept as they are; validation is for others to do.
 */
export function storedForm(type: StructType, value: JsonObject): MutableJsonObject {
  const stored: MutableJsonObject = {};
  for (const field of type.fields.values()) {
    const given = Object.hasOwn(value, field.name) ? value[field.name] : undefined;
    if (given === undefined || given === null) {
      const zero = zeroWhenAbsent(field);
      if (zero !== undefined) stored[field.name] = zero;
      continue;
    }
    const member = storedValue(field.type, given);
    if (field.presence !== "omitEmpty" || !isEmpty(member)) stored[field.name] = member;
  }
  return stored;
}

function storedValue(type: Type, value: Json): MutableJson {
  switch (type.kind) {
    case "scalar":
      return type.scalar === "quantity" ? (readQuantity(value)?.text ?? copyJson(value)) : copyJson(value);
    case "list":
      return Array.isArray(value) ? value.map((each) => storedElement(type.element, each)) : copyJson(value);
    case "map":
      if (!isJsonObject(value)) return copyJson(value);
      return Object.fromEntries(
        Object.entries(value).map(([name, each]) => [name, storedElement(type.element, each)]),
      );
    case "struct":
      return isJsonObject(value) ? storedForm(type, value) : copyJson(value);
  }
}

function storedElement(type: Type, value: Json): MutableJson {
  return value === null ? zeroOf(type) : storedValue(type, value);
}

function zeroWhenAbsent(field: Field): MutableJson | undefined {
  if (field.presence === "always") return zeroOf(field.type);
  return field.presence === "nullable" ? null : undefined;
}

/** What Go writes for a value of a type that nobody set. */
function zeroOf(type: Type): MutableJson {
  switch (type.kind) {
    case "struct":
      return storedForm(type, {});
    case "scalar":
      return zeroScalar(type);
    case "list":
    case "map":
      return null;
  }
}

function zeroScalar({ scalar }: ScalarType): MutableJson {
  switch (scalar) {
    case "string":
      return "";
    case "boolean":
      return false;
    case "int32":
    case "int64":
    case "number":
    case "intOrString":
      return 0;
    case "quantity":
      return "0";
    case "bytes":
    case "time":
    case "any":
      return null;
  }
}

function isEmpty(value: MutableJson): boolean {
  if (value === "" || value === 0 || value === false) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isJsonObject(value) && Object.keys(value).length === 0;
}

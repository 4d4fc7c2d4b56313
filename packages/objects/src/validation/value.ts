import { nearest } from "@berth/diagnostics";
import { readQuantity } from "../quantity.ts";
import type { ScalarType } from "../schema/type.ts";

/** What is wrong with a scalar: a sentence, and the way out where it is likely. */
export interface ValueFault {
  readonly message: string;
  readonly hint?: string;
}

const INT32_MAX = 2 ** 31 - 1;
const RFC3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * Checks a scalar against its type.
 *
 * @param mayBeEmpty whether empty text means "not set", as it does for fields that are not stored when empty
 */
export function scalarFault(type: ScalarType, value: unknown, mayBeEmpty: boolean): ValueFault | undefined {
  switch (type.scalar) {
    case "string":
      if (typeof value !== "string") return expected("text", value, quoted(value));
      return type.values && !(mayBeEmpty && value === "") ? enumFault(type.values, value) : undefined;
    case "boolean":
      return typeof value === "boolean"
        ? undefined
        : expected("true or false", value, unquoted(value, /^(?:true|false)$/));
    case "int32":
    case "int64":
      return integerFault(type.scalar, value);
    case "number":
      return typeof value === "number" && Number.isFinite(value) ? undefined : expected("a number", value);
    case "quantity":
      return readQuantity(value) ? undefined : expected("a quantity such as 500m or 1.5Gi", value);
    case "intOrString":
      return typeof value === "string" || integerFault("int32", value) === undefined
        ? undefined
        : expected("an integer or text", value);
    case "time":
      return typeof value === "string" && RFC3339.test(value)
        ? undefined
        : expected("a time such as 2026-01-31T12:00:00Z", value);
    case "bytes":
      return typeof value === "string" && BASE64.test(value) ? undefined : expected("text in base64", value);
    case "any":
      return undefined;
  }
}

function integerFault(scalar: "int32" | "int64", value: unknown): ValueFault | undefined {
  if (typeof value !== "number" || !Number.isInteger(value)) {
    return expected("an integer", value, unquoted(value, /^-?\d{1,15}$/));
  }
  const inRange =
    scalar === "int32" ? value >= -INT32_MAX - 1 && value <= INT32_MAX : Number.isSafeInteger(value);
  return inRange ? undefined : { message: `${value} is out of the range of ${scalar}` };
}

function enumFault(values: readonly string[], value: string): ValueFault | undefined {
  if (values.includes(value)) return undefined;
  const near = nearest(value, values);
  return {
    message: `${JSON.stringify(value)} is not one of ${values.map((each) => JSON.stringify(each)).join(", ")}`,
    ...(near ? { hint: `did you mean "${near}"?` } : {}),
  };
}

function expected(what: string, value: unknown, hint?: string): ValueFault {
  const message = `expected ${what}, not ${describe(value)}`;
  return hint === undefined ? { message } : { message, hint };
}

function quoted(value: unknown): string | undefined {
  return typeof value === "number" || typeof value === "boolean"
    ? `write "${String(value)}", in quotes`
    : undefined;
}

function unquoted(value: unknown, syntax: RegExp): string | undefined {
  return typeof value === "string" && syntax.test(value) ? `write ${value}, without quotes` : undefined;
}

/** A value in a message: short, and no more than its kind where it is large. */
export function describe(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  if (typeof value === "string") return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}…` : value);
  return typeof value === "number" || typeof value === "boolean" ? String(value) : `a ${typeof value}`;
}

import type { Json } from "@berth/core";
import { createHash } from "node:crypto";

/**
 * JSON text with keys sorted at every depth and no white space: equal values have equal text.
 *
 * @throws TypeError for what JSON cannot hold (NaN, infinities, functions, `undefined` in an array),
 * instead of writing `null` as `JSON.stringify` does.
 * @example canonicalJson({ b: 1, a: [true] }) // {"a":[true],"b":1}
 */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value === "boolean" || typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number" && Number.isFinite(value)) return JSON.stringify(value);
  if (isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value === "object" && isPlain(value)) {
    const members = Object.keys(value)
      .filter((key) => value[key] !== undefined)
      .toSorted()
      .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key]!)}`);
    return `{${members.join(",")}}`;
  }
  throw new TypeError(`not JSON: ${typeof value === "number" ? String(value) : describe(value)}`);
}

/** SHA-256 of the text, in hex. */
export function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function describe(value: unknown): string {
  return typeof value === "object" && value !== null
    ? `an instance of ${value.constructor.name}`
    : typeof value;
}

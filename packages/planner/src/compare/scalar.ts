import type { Json } from "@berth/core";
import { readQuantity, sameQuantity } from "@berth/objects";
import { canonicalText } from "./equality.ts";
import { canonicalJsonText, canonicalYamlText } from "./embedded.ts";

/** Whether two known values mean the same by the schema's `compare`. */
export function sameMeaning(compare: Json | undefined, before: Json, after: Json): boolean {
  if (before === after) return true;
  if (compare === "quantity") return sameQuantity(before, after);
  if (typeof before !== "string" || typeof after !== "string") return false;
  return canonicalScalar(compare, before) === canonicalScalar(compare, after);
}

/** One text for all that mean the same by the schema's `compare`, quantities left out. */
export function canonicalScalar(compare: Json | undefined, text: string): string {
  switch (compare) {
    case "case-insensitive":
      return text.toLowerCase();
    // `West Europe` and `westeurope` are one place.
    case "location":
      return text.replaceAll(" ", "").toLowerCase();
    case "json":
      return canonicalJsonText(text) ?? text;
    case "yaml":
      return canonicalYamlText(text) ?? text;
    default:
      return text;
  }
}

/** One text for every way to write an amount. */
export function canonicalQuantityText(value: Json): string {
  return readQuantity(value)?.nano.toString() ?? canonicalText(value);
}

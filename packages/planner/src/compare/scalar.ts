import type { Json } from "@berth/core";
import { sameQuantity } from "@berth/objects";
import { canonicalText } from "./equality.ts";

/** Whether two known values mean the same by the schema's `compare`. */
export function sameMeaning(compare: Json | undefined, before: Json, after: Json): boolean {
  if (before === after) return true;
  if (compare === "quantity") return sameQuantity(before, after);
  if (typeof before !== "string" || typeof after !== "string") return false;
  if (compare === "case-insensitive") return before.toLowerCase() === after.toLowerCase();
  if (compare === "location") return canonicalLocation(before) === canonicalLocation(after);
  if (compare === "json") return sameEmbeddedJson(before, after);
  return false;
}

/** `West Europe` and `westeurope` are one place. */
function canonicalLocation(text: string): string {
  return text.replaceAll(" ", "").toLowerCase();
}

function sameEmbeddedJson(before: string, after: string): boolean {
  try {
    return canonicalText(JSON.parse(before)) === canonicalText(JSON.parse(after));
  } catch {
    return false;
  }
}

import type { Json, JsonObject } from "@berth/core";

/** One difference between recorded and desired inputs, in JSON with marks for unknowns and secrets. */
export interface Difference {
  readonly path: string;
  readonly kind: "add" | "remove" | "change";
  readonly before?: Json;
  readonly after?: Json;
  /** `may`: it depends on what {@link because} names. */
  readonly certainty: "will" | "may";
  /** Producers of unknowns (`store.id`), or a secret that cannot be read; empty for what is certain. */
  readonly because: readonly string[];
  /** The rule that makes it a replacement, in words. */
  readonly forcesReplacement?: string;
}

/** The value at a property; nothing is inherited from `Object.prototype`. */
export function property(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

import type { Json, JsonObject, Schema } from "@berth/core";
import { isObject, property } from "../compare/difference.ts";
import { SchemaNode } from "../compare/schema-node.ts";

/** What stands for live plaintext where the record has a secret; `null` for what stands beside secrets and is not recorded. */
export type OpaqueValue = (recorded: Json, live: Json) => Json;

/**
 * The part of what an API tells that recorded inputs speak about, by the schema: declared properties that it does not
 * tell stand as recorded, those that it says to be absent (`null`) are absent, elements of keyed lists are found by
 * their keys, entries of maps that others added are left out, sets and other lists are one value.
 */
export function projectBySchema(
  schema: Schema,
  recorded: JsonObject,
  live: JsonObject,
  opaque: OpaqueValue,
): JsonObject {
  return new Projection(opaque).members(new SchemaNode(schema), recorded, live);
}

class Projection {
  readonly #opaque: OpaqueValue;

  constructor(opaque: OpaqueValue) {
    this.#opaque = opaque;
  }

  members(schema: SchemaNode, recorded: JsonObject, live: JsonObject): JsonObject {
    const entries = Object.entries(recorded).flatMap(([name, value]): [string, Json][] => {
      const found = property(live, name);
      // Of a property that is declared, silence says nothing; of an entry of a map, that it is not there.
      if (found === undefined && schema.declares(name)) return [[name, value]];
      const projected = this.#value(schema.property(name), value, found ?? null);
      return projected === undefined ? [] : [[name, projected]];
    });
    return Object.fromEntries(entries);
  }

  #value(schema: SchemaNode, recorded: Json, live: Json): Json | undefined {
    if (live === null) return isBlank(recorded) ? recorded : undefined;
    if (isOpaque(recorded)) return this.#opaque(recorded, live);
    if (isObject(recorded) && isObject(live)) return this.members(schema, recorded, live);
    if (isList(recorded) && isList(live)) return this.#list(schema, recorded, live);
    return live;
  }

  #list(schema: SchemaNode, recorded: readonly Json[], live: readonly Json[]): readonly Json[] {
    const { items, keys } = schema;
    // Where one is a secret, any of those that are found may be it, at another place.
    const beside = (each: Json): Json => (recorded.some(holdsSecret) ? this.#opaque(null, each) : each);
    if (schema.compare === "set") return live.map(beside);
    if (keys === undefined)
      return live.map((each, i) => {
        const before = recorded[i];
        return (before === undefined ? beside(each) : this.#value(items, before, each)) ?? null;
      });
    const byKey = new Map(live.map((each) => [identityOf(each, keys), each]));
    return recorded.flatMap((each) => {
      const found = byKey.get(identityOf(each, keys));
      return found === undefined ? [] : (this.#value(items, each, found) ?? []);
    });
  }
}

function identityOf(element: Json, keys: readonly string[]): string {
  return JSON.stringify(keys.map((key) => (isObject(element) ? property(element, key) : undefined) ?? null));
}

/** Nothing and empty mean the same to an API that need not keep them. */
function isBlank(value: Json): boolean {
  return value === null || (typeof value === "object" && Object.keys(value).length === 0);
}

function holdsSecret(value: Json): boolean {
  if (typeof value !== "object" || value === null) return false;
  return isOpaque(value) || Object.values(value).some((each: Json) => holdsSecret(each));
}

/** A secret, as it is recorded, or the mark of something that is secret or not known. */
function isOpaque(value: Json): boolean {
  return isObject(value) && "$berth" in value;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

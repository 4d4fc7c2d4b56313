import type { Schema } from "./definition.ts";
import type { Json, JsonObject, Unknown, Value, ValueObject } from "./json.ts";
import { formatPath } from "./path.ts";
import { isValueObject } from "./value.ts";

const placeholder = "{generation}";
const none: readonly (readonly string[])[] = Object.freeze([]);

/**
 * Inputs in which each `{generation}` of a physical name (properties that their schema calls `generation`) is a number:
 * 1 for a resource that was never replaced, 2 once it was. So a replacement has another name, and can stand beside
 * what it replaces. Answers the very inputs where there is none.
 *
 * @param generation - how often it was replaced; or what stands for a whole name while nobody knows
 * @example withGeneration(schema, { name: "user{generation}" }, 1) // { name: "user2" }
 */
export function withGeneration(
  schema: Schema,
  inputs: ValueObject,
  generation: number | ((path: string) => Unknown),
): ValueObject {
  let filled = inputs;
  for (const path of placesOf(schema)) {
    const named = (name: string): Value =>
      typeof generation === "number"
        ? name.replaceAll(placeholder, String(generation + 1))
        : generation(formatPath(path));
    filled = fillIn(filled, path, named) ?? filled;
  }
  return filled;
}

/**
 * Whether a physical name among the inputs holds a `{generation}`.
 *
 * @example hasGeneration({ properties: { name: { type: "string", generation: true } } }, { name: "user{generation}" }) // true
 */
export function hasGeneration(schema: Schema, inputs: ValueObject): boolean {
  return withGeneration(schema, inputs, 0) !== inputs;
}

/** A copy with the name at the path made; `undefined` where there is nothing to fill in. */
function fillIn(
  object: ValueObject,
  [name = "", ...rest]: readonly string[],
  named: (text: string) => Value,
): ValueObject | undefined {
  const value: Value | undefined = Object.hasOwn(object, name) ? object[name] : undefined;
  if (rest.length > 0) {
    const below = value !== undefined && isValueObject(value) ? fillIn(value, rest, named) : undefined;
    return below && { ...object, [name]: below };
  }
  if (typeof value !== "string" || !value.includes(placeholder)) return undefined;
  return { ...object, [name]: named(value) };
}

const places = new WeakMap<Schema, readonly (readonly string[])[]>();

function placesOf(schema: Schema): readonly (readonly string[])[] {
  let known = places.get(schema);
  if (!known) {
    const found = [...find(schema)];
    places.set(schema, (known = found.length > 0 ? found : none));
  }
  return known;
}

function* find(schema: JsonObject, path: readonly string[] = []): Generator<readonly string[]> {
  if (schema["generation"] === true) yield path;
  const { properties } = schema;
  if (!isObject(properties)) return;
  for (const [name, each] of Object.entries(properties))
    if (isObject(each)) yield* find(each, [...path, name]);
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

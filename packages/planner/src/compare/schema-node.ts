import type { Json, JsonObject, Schema } from "@berth/core";
import { isObject, property } from "./difference.ts";

/**
 * A place in a definition's schema, followed along a value: properties, map values, items and
 * local references (`#/$defs/…`). Where the schema says nothing it is empty, and comparison structural.
 */
export class SchemaNode {
  readonly #root: JsonObject;
  readonly #schema: JsonObject;

  constructor(root: Schema, schema: Json | undefined = root) {
    this.#root = root;
    this.#schema = this.#resolve(schema);
  }

  get immutable(): string | undefined {
    const text = this.#schema["immutable"];
    return typeof text === "string" ? text : undefined;
  }

  get compare(): Json | undefined {
    return this.#schema["compare"];
  }

  /** Names of the properties that identify an element of this list. */
  get keys(): readonly string[] | undefined {
    const keys = this.#schema["keys"];
    return Array.isArray(keys) && keys.length > 0 ? keys.map(String) : undefined;
  }

  /** What stands for keys of an element that are left out. */
  get keyDefaults(): JsonObject {
    const defaults = this.#schema["keyDefaults"];
    return isObject(defaults) ? defaults : {};
  }

  property(key: string): SchemaNode {
    const { properties, additionalProperties } = this.#schema;
    const own = isObject(properties) ? property(properties, key) : undefined;
    return new SchemaNode(this.#root, own ?? additionalProperties);
  }

  /** Whether the schema names this property, rather than taking any. */
  declares(key: string): boolean {
    const { properties } = this.#schema;
    return isObject(properties) && property(properties, key) !== undefined;
  }

  get items(): SchemaNode {
    return new SchemaNode(this.#root, this.#schema["items"]);
  }

  /** The rule of the first immutable property inside a value, the value itself included. */
  immutableWithin(value: Json | undefined): string | undefined {
    if (this.immutable !== undefined) return this.immutable;
    if (typeof value !== "object" || value === null) return undefined;
    const parts = Array.isArray(value)
      ? value.map((each) => [this.items, each] as const)
      : Object.entries(value).map(([key, each]) => [this.property(key), each] as const);
    for (const [schema, each] of parts) {
      const rule = schema.immutableWithin(each);
      if (rule !== undefined) return rule;
    }
    return undefined;
  }

  #resolve(schema: Json | undefined): JsonObject {
    let at = schema;
    // A chain of references longer than this is a loop.
    for (let hops = 0; isObject(at) && typeof at["$ref"] === "string" && hops < 32; hops++) {
      const { $ref, ...beside } = at;
      const target = $ref
        .replace(/^#\/?/, "")
        .split("/")
        .filter((each) => each !== "")
        .reduce<Json | undefined>(
          (from, name) => (isObject(from) ? property(from, name) : undefined),
          this.#root,
        );
      at = isObject(target) ? { ...target, ...beside } : undefined;
    }
    return isObject(at) ? at : {};
  }
}

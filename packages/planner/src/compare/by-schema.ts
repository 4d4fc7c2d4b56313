import type { Json, JsonObject, Schema } from "@berth/core";
import { elementPath, indexPath, propertyPath } from "./path.ts";
import { type Difference, isObject, property } from "./difference.ts";
import { canonicalText, equality } from "./equality.ts";
import { isSecretMark, isUnknownMark, reasonsForDoubt, type SecretDigest } from "./opaque.ts";
import { canonicalQuantityText, canonicalScalar, sameMeaning } from "./scalar.ts";
import { SchemaNode } from "./schema-node.ts";

/**
 * Differences by meaning, as the schema's annotations say: lists of objects by their keys, sets as
 * sets, quantities, locations and embedded JSON by value. In order of path inside each object.
 */
export function compareBySchema(
  schema: Schema,
  before: JsonObject,
  after: JsonObject,
  digest: SecretDigest,
): readonly Difference[] {
  const walk = new Walk(digest);
  walk.value(new SchemaNode(schema), "", undefined, before, after);
  return walk.differences;
}

class Walk {
  readonly differences: Difference[] = [];
  readonly #digest: SecretDigest;

  constructor(digest: SecretDigest) {
    this.#digest = digest;
  }

  /** `rule`: why a change of what encloses this value would be a replacement. */
  value(
    schema: SchemaNode,
    path: string,
    rule: string | undefined,
    before: Json | undefined,
    after: Json | undefined,
  ): void {
    if (before === after) return;
    const forced = schema.immutable ?? rule;
    if (before === undefined || after === undefined) return this.#differ(schema, path, forced, before, after);
    if (isUnknownMark(after) || isSecretMark(before) || isSecretMark(after))
      return this.#differ(schema, path, forced, before, after);
    if (isObject(before) && isObject(after)) return this.#object(schema, path, forced, before, after);
    if (Array.isArray(before) && Array.isArray(after)) return this.#list(schema, path, forced, before, after);
    if (!sameMeaning(schema.compare, before, after)) this.#differ(schema, path, forced, before, after);
  }

  #object(
    schema: SchemaNode,
    path: string,
    rule: string | undefined,
    before: JsonObject,
    after: JsonObject,
  ): void {
    for (const key of [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted()) {
      this.value(
        schema.property(key),
        propertyPath(path, key),
        rule,
        property(before, key),
        property(after, key),
      );
    }
  }

  #list(
    schema: SchemaNode,
    path: string,
    rule: string | undefined,
    before: readonly Json[],
    after: readonly Json[],
  ): void {
    if (schema.compare === "set") return this.#set(schema, path, rule, before, after);
    const keys = schema.keys;
    const left = keys && byIdentity(before, keys, path);
    const right = keys && byIdentity(after, keys, path);
    if (!left || !right) return this.#sequence(schema, path, rule, before, after);
    for (const at of [...new Set([...left.keys(), ...right.keys()])].toSorted()) {
      this.value(schema.items, at, rule, left.get(at), right.get(at));
    }
  }

  /** Elements are matched by meaning, each once; order says nothing. */
  #set(
    schema: SchemaNode,
    path: string,
    rule: string | undefined,
    before: readonly Json[],
    after: readonly Json[],
  ): void {
    const items = schema.items;
    const canonical = (each: Json): string =>
      items.compare === "quantity"
        ? `quantity ${canonicalQuantityText(each)}`
        : typeof each === "string"
          ? JSON.stringify(canonicalScalar(items.compare, each))
          : canonicalText(each);
    const unmatched = new Map<string, Json[]>();
    for (const each of after)
      unmatched.set(canonical(each), [...(unmatched.get(canonical(each)) ?? []), each]);
    const removed = before.filter((each) => unmatched.get(canonical(each))?.pop() === undefined);
    const added = [...unmatched.values()].flat();
    const doubt = added.flatMap(reasonsForDoubt);
    for (const each of removed)
      this.#differ(items, `${path}[${canonicalText(each)}]`, rule, each, undefined, doubt);
    for (const each of added) {
      const text = isUnknownMark(each) || isSecretMark(each) ? "?" : canonicalText(each);
      this.#differ(
        items,
        `${path}[${text}]`,
        rule,
        undefined,
        each,
        removed.length > 0 ? reasonsForDoubt(each) : [],
      );
    }
  }

  /** By position, after what is equal at both ends. */
  #sequence(
    schema: SchemaNode,
    path: string,
    rule: string | undefined,
    before: readonly Json[],
    after: readonly Json[],
  ): void {
    const items = schema.items;
    const same = (left: Json | undefined, right: Json | undefined): boolean => {
      const walk = new Walk(this.#digest);
      walk.value(items, "", undefined, left, right);
      return walk.differences.length === 0;
    };
    const shorter = Math.min(before.length, after.length);
    if (before.length === after.length) {
      for (let i = 0; i < shorter; i++) this.value(items, indexPath(path, i), rule, before[i], after[i]);
      return;
    }
    let head = 0;
    while (head < shorter && same(before[head], after[head])) head++;
    let tail = 0;
    while (tail < shorter - head && same(before[before.length - 1 - tail], after[after.length - 1 - tail]))
      tail++;
    const middle = Math.max(before.length, after.length) - tail;
    for (let i = head; i < middle; i++) {
      const left = i < before.length - tail ? before[i] : undefined;
      const right = i < after.length - tail ? after[i] : undefined;
      this.value(items, indexPath(path, i), rule, left, right);
    }
  }

  #differ(
    schema: SchemaNode,
    path: string,
    rule: string | undefined,
    before: Json | undefined,
    after: Json | undefined,
    doubt: readonly string[] = [],
  ): void {
    const equal = equality(before, after, this.#digest);
    if (equal === "yes") return;
    const because = [
      ...new Set([
        ...doubt,
        ...(equal === "maybe" ? reasonsForDoubt(before).concat(reasonsForDoubt(after)) : []),
      ]),
    ].toSorted();
    const forced = rule ?? schema.immutableWithin(before) ?? schema.immutableWithin(after);
    this.differences.push({
      path,
      kind: before === undefined ? "add" : after === undefined ? "remove" : "change",
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
      certainty: equal === "maybe" || doubt.length > 0 ? "may" : "will",
      because,
      ...(forced === undefined ? {} : { forcesReplacement: forced }),
    });
  }
}

/** Elements by their path with keys; `undefined` where a key is missing or unknown, or two elements share one. */
function byIdentity(
  list: readonly Json[],
  keys: readonly string[],
  path: string,
): ReadonlyMap<string, Json> | undefined {
  const elements = new Map<string, Json>();
  for (const element of list) {
    if (!isObject(element)) return undefined;
    const identity: [string, string][] = [];
    for (const key of keys) {
      const value = property(element, key);
      if (value === undefined || typeof value === "object") return undefined;
      identity.push([key, String(value)]);
    }
    const at = elementPath(path, identity);
    if (elements.has(at)) return undefined;
    elements.set(at, element);
  }
  return elements;
}

import { isJsonObject, type JsonObject } from "../json.ts";
import { childPath } from "../path.ts";
import { sameQuantity } from "../quantity.ts";
import { elementKey, formatKey } from "../schema/element-key.ts";
import { kindOf } from "../schema/kind.ts";
import type { ListType, MapType, StructType, Type } from "../schema/type.ts";
import { immutabilityOf, type ImmutableField, immutableFields } from "./immutable.ts";

/** One difference of meaning between two objects. Values are as given; opaque ones are passed through. */
export interface ObjectDifference {
  /** Elements of keyed lists stand under their key: `spec.template.spec.containers[name=web].image`. */
  readonly path: string;
  readonly kind: "add" | "remove" | "change";
  readonly before?: unknown;
  readonly after?: unknown;
  /** The rule by which the API server refuses it, where it does. */
  readonly forcesReplacement?: string;
}

export interface ComparisonOptions {
  /** Tells values that stand for something not known, or not to be seen. They are compared with {@link isSame} alone. */
  readonly isOpaque?: (value: unknown) => boolean;
  /** Equality where one side is opaque; never equal where absent. */
  readonly isSame?: (before: unknown, after: unknown) => boolean;
}

/**
 * Differences by meaning: lists by their keys, sets as sets, quantities by amount (`1000m` is `1`), a null as absence.
 * One changed environment variable is one difference, wherever it stands in its list. Kinds that are not built in are
 * compared member by member, their lists as wholes.
 *
 * @returns in the order of the kind's own fields, so the same for the same objects
 * @example
 * compareObjects(before, after);
 * // [{ path: "spec.replicas", kind: "change", before: 1, after: 3 }]
 */
export function compareObjects(
  before: JsonObject,
  after: JsonObject,
  options: ComparisonOptions = {},
): readonly ObjectDifference[] {
  const { apiVersion, kind } = before;
  const known = typeof apiVersion === "string" && typeof kind === "string";
  const fields = known ? immutableFields(apiVersion, kind) : [];
  const type = known ? kindOf(apiVersion, kind)?.type : undefined;
  const walk = new Comparison(before, fields, options);
  walk.value(type, before, after, "", []);
  return walk.differences;
}

class Comparison {
  readonly differences: ObjectDifference[] = [];
  readonly #object: JsonObject;
  readonly #immutable: readonly ImmutableField[];
  readonly #isOpaque: (value: unknown) => boolean;
  readonly #isSame: (before: unknown, after: unknown) => boolean;

  constructor(
    object: JsonObject,
    immutable: readonly ImmutableField[],
    { isOpaque, isSame }: ComparisonOptions,
  ) {
    this.#object = object;
    this.#immutable = immutable;
    this.#isOpaque = isOpaque ?? (() => false);
    this.#isSame = isSame ?? (() => false);
  }

  /** @param steps field names down to here, without the keys of list elements: what immutability goes by */
  value(
    type: Type | undefined,
    before: unknown,
    after: unknown,
    path: string,
    steps: readonly string[],
  ): void {
    const was = before ?? undefined;
    const is = after ?? undefined;
    if (was === undefined || is === undefined) return this.#presence(was, is, path, steps);
    if (this.#isOpaque(was) || this.#isOpaque(is))
      return this.#leaf(this.#isSame(was, is), was, is, path, steps);
    if (type?.kind === "list" && Array.isArray(was) && Array.isArray(is) && type.relation !== "atomic") {
      return this.#keyedList(type, was, is, path, steps);
    }
    if (isJsonObject(was) && isJsonObject(is) && !isAtomic(type))
      return this.#members(type, was, is, path, steps);
    this.#leaf(this.#equal(type, was, is), was, is, path, steps);
  }

  #members(
    type: Type | undefined,
    was: JsonObject,
    is: JsonObject,
    path: string,
    steps: readonly string[],
  ): void {
    const names = type?.kind === "struct" ? type.fields.keys() : [];
    for (const name of new Set([...names, ...Object.keys(was), ...Object.keys(is)])) {
      this.value(memberType(type, name), was[name], is[name], childPath(path, name), [...steps, name]);
    }
  }

  #keyedList(
    type: ListType,
    was: readonly unknown[],
    is: readonly unknown[],
    path: string,
    steps: readonly string[],
  ): void {
    const before = byKey(type, was);
    const after = byKey(type, is);
    for (const [key, element] of before) {
      this.value(type.element, element, after.get(key), `${path}[${formatKey(type, element)}]`, steps);
    }
    for (const [key, element] of after) {
      if (!before.has(key))
        this.value(type.element, undefined, element, `${path}[${formatKey(type, element)}]`, steps);
    }
  }

  /** An empty object or list means the same as none. */
  #presence(was: unknown, is: unknown, path: string, steps: readonly string[]): void {
    if (isEmpty(was) && isEmpty(is)) return;
    this.#note(was === undefined ? "add" : "remove", was, is, path, steps);
  }

  #leaf(same: boolean, was: unknown, is: unknown, path: string, steps: readonly string[]): void {
    if (!same) this.#note("change", was, is, path, steps);
  }

  #note(
    kind: ObjectDifference["kind"],
    before: unknown,
    after: unknown,
    path: string,
    steps: readonly string[],
  ): void {
    const rule = immutabilityOf(this.#object, this.#immutable, steps);
    this.differences.push({
      path,
      kind,
      ...(before !== undefined && { before }),
      ...(after !== undefined && { after }),
      ...(rule !== undefined && { forcesReplacement: rule }),
    });
  }

  #equal(type: Type | undefined, was: unknown, is: unknown): boolean {
    if (this.#isOpaque(was) || this.#isOpaque(is)) return this.#isSame(was, is);
    if (type?.kind === "scalar" && type.scalar === "quantity") return was === is || sameQuantity(was, is);
    if (Array.isArray(was) && Array.isArray(is)) {
      const element = type?.kind === "list" ? type.element : undefined;
      return was.length === is.length && was.every((each, i) => this.#equal(element, each, is[i]));
    }
    if (isJsonObject(was) && isJsonObject(is)) {
      const names = new Set([...Object.keys(was), ...Object.keys(is)]);
      return [...names].every((name) =>
        this.#equal(memberType(type, name), was[name] ?? undefined, is[name] ?? undefined),
      );
    }
    return was === is;
  }
}

function memberType(type: Type | undefined, name: string): Type | undefined {
  if (type?.kind === "struct") return type.fields.get(name)?.type;
  return type?.kind === "map" ? type.element : undefined;
}

function isAtomic(type: Type | undefined): boolean {
  return (type as StructType | MapType | undefined)?.atomic === true;
}

/** Elements by key. Duplicates and keyless ones (which validation refuses) stand under their position. */
function byKey(type: ListType, list: readonly unknown[]): Map<string, unknown> {
  const keyed = new Map<string, unknown>();
  list.forEach((element, i) => {
    const key = elementKey(type, element);
    keyed.set(key === undefined || keyed.has(key) ? `#${i}` : key, element);
  });
  return keyed;
}

function isEmpty(value: unknown): boolean {
  if (value === undefined) return true;
  return Array.isArray(value) ? value.length === 0 : isJsonObject(value) && Object.keys(value).length === 0;
}

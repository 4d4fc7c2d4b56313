import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import { elementKey } from "../schema/element-key.ts";
import { kindOf } from "../schema/kind.ts";
import type { ListType, Type } from "../schema/type.ts";

/** What stands for a value of the first object that {@link ProjectionOptions.isOpaque} tells. */
export interface ProjectionOptions {
  /** Tells values that stand for something not to be seen. */
  readonly isOpaque?: (value: unknown) => boolean;
  /**
   * What stands there in the projection; the live value, where absent. Called with `null` for what is not stated and
   * stands beside something opaque, where it may be the same at another place.
   */
  readonly opaque?: (stated: Json, live: Json) => Json;
}

/**
 * The part of a live object that another one states: members that it has, elements of keyed lists with its keys, atomic
 * lists and maps as wholes. Defaults and status that the server added, and what others added beside it (a label, a
 * sidecar), are left out; what it states and the live object does not have is absent.
 *
 * @param stated - the object as it was applied
 * @param live - the object as the API server has it
 * @example projectObject({ ...deployment, spec: { replicas: 3 } }, live).spec // { replicas: 5 }
 */
export function projectObject(
  stated: JsonObject,
  live: JsonObject,
  options: ProjectionOptions = {},
): JsonObject {
  const { apiVersion, kind } = stated;
  const known = typeof apiVersion === "string" && typeof kind === "string";
  const type: Type | undefined = known ? kindOf(apiVersion, kind)?.type : undefined;
  return new Projection(options).members(type, stated, live, false);
}

class Projection {
  readonly #isOpaque: (value: unknown) => boolean;
  readonly #opaque: (stated: Json, live: Json) => Json;

  constructor({ isOpaque, opaque }: ProjectionOptions) {
    this.#isOpaque = isOpaque ?? (() => false);
    this.#opaque = opaque ?? ((_, live) => live);
  }

  /** @param whole - whether it stands inside something that is one value, so that what others add to it changes it */
  members(type: Type | undefined, stated: JsonObject, live: JsonObject, whole: boolean): JsonObject {
    const names = whole && type?.kind !== "struct" ? { ...stated, ...live } : stated;
    const beside = this.#beside(Object.values(stated));
    const entries = Object.keys(names).flatMap((name): [string, Json][] => {
      const [said, found] = [own(stated, name), own(live, name)];
      if (found === undefined && isUnstored(type, name, said)) return [[name, said ?? null]];
      if (said === undefined && found !== undefined) return [[name, beside(found)]];
      const value = this.#value(memberType(type, name), said, found, whole);
      return value === undefined ? [] : [[name, value]];
    });
    return Object.fromEntries(entries);
  }

  #value(
    type: Type | undefined,
    stated: Json | undefined,
    live: Json | undefined,
    whole: boolean,
  ): Json | undefined {
    if (live === undefined || live === null) return isBlank(stated) ? stated : undefined;
    if (stated === undefined || stated === null) return live;
    if (this.#isOpaque(stated)) return this.#opaque(stated, live);
    if (isJsonObject(stated) && isJsonObject(live))
      return this.members(type, stated, live, whole || isAtomic(type));
    if (isList(stated) && isList(live)) {
      const list = type?.kind === "list" ? type : undefined;
      return list && list.relation !== "atomic"
        ? this.#keyed(list, stated, live, whole)
        : this.#sequence(list?.element, stated, live);
    }
    return live;
  }

  /** Elements by their keys, in the order in which they are stated. */
  #keyed(type: ListType, stated: readonly Json[], live: readonly Json[], whole: boolean): readonly Json[] {
    const byKey = new Map<string, Json>();
    for (const each of live) {
      const key = elementKey(type, each);
      if (key !== undefined && !byKey.has(key)) byKey.set(key, each);
    }
    return stated.flatMap((each) => {
      const key = elementKey(type, each);
      const found = key === undefined ? undefined : byKey.get(key);
      return this.#value(type.element, each, found, whole) ?? [];
    });
  }

  /** By position: an atomic list is one value, but the server fills defaults into its elements too. */
  #sequence(element: Type | undefined, stated: readonly Json[], live: readonly Json[]): readonly Json[] {
    const beside = this.#beside(stated);
    return live.map((each, i) => {
      const said = stated[i];
      return said === undefined ? beside(each) : (this.#value(element, said, each, true) ?? null);
    });
  }

  /** What is found beside these, and is none of them. */
  #beside(stated: readonly Json[]): (found: Json) => Json {
    const secretive = stated.some((each) => this.#holdsOpaque(each));
    return (found) => (secretive ? this.#opaque(null, found) : found);
  }

  #holdsOpaque(value: Json): boolean {
    if (typeof value !== "object" || value === null) return false;
    return this.#isOpaque(value) || Object.values(value).some((each: Json) => this.#holdsOpaque(each));
  }
}

function memberType(type: Type | undefined, name: string): Type | undefined {
  if (type?.kind === "struct") return type.fields.get(name)?.type;
  return type?.kind === "map" ? type.element : undefined;
}

/** Whether the server stores nothing for such a value: a zero of a field that is left out where it is empty. */
function isUnstored(type: Type | undefined, name: string, stated: Json | undefined): boolean {
  if (stated !== false && stated !== 0 && stated !== "") return false;
  return type?.kind === "struct" && type.fields.get(name)?.presence === "omitEmpty";
}

function isAtomic(type: Type | undefined): boolean {
  return (type?.kind === "struct" || type?.kind === "map") && type.atomic;
}

/** Null, nothing and empty mean the same to the server, which need not keep them. */
function isBlank(value: Json | undefined): boolean {
  if (value === undefined || value === null) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function own(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

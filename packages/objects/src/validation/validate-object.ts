import { nearest, problem, type Problem } from "@berth/diagnostics";
import { codes } from "../codes.ts";
import { isJsonObject, type JsonObject } from "../json.ts";
import { childPath } from "../path.ts";
import { elementKey, formatKey } from "../schema/element-key.ts";
import { kindOf, nearestKind } from "../schema/kind.ts";
import type { Field, ListType, MapType, StructType, Type } from "../schema/type.ts";
import { describe, scalarFault } from "./value.ts";

export interface ValidationOptions {
  /**
   * Tells values that stand for something not known yet, or not to be seen: they are accepted anywhere and not
   * looked into.
   */
  readonly isOpaque?: (value: unknown) => boolean;
}

/**
 * Everything in an object that its kind's shape does not allow, closed at every depth: unknown fields, wrong types,
 * values outside an enum, missing fields, duplicate keys. Paths are those of the object:
 * `spec.template.spec.containers[0].image`.
 *
 * It needs no cluster, and says nothing about rules that span fields; `checkObject` does.
 *
 * @returns problems `BERTH2004` to `BERTH2008`, in the order of the object; none where it is valid
 * @example
 * validateObject({ apiVersion: "v1", kind: "Service", metadata: { name: "web" }, spec: { port: [] } });
 * // BERTH2005 spec.port: unknown field "port" (did you mean "ports"?)
 */
export function validateObject(object: unknown, options: ValidationOptions = {}): readonly Problem[] {
  if (!isJsonObject(object))
    return [problem(codes.BERTH2006, { message: `expected an object, not ${describe(object)}` })];
  const { apiVersion, kind } = object;
  if (typeof apiVersion !== "string" || typeof kind !== "string") {
    const missing = typeof kind === "string" ? "apiVersion" : "kind";
    return [problem(codes.BERTH2007, { message: `the object has no ${missing}`, path: missing })];
  }
  const known = kindOf(apiVersion, kind);
  if (known) return validateValue(known.type, object, "", options);
  const near = nearestKind(apiVersion, kind);
  return [
    problem(codes.BERTH2004, {
      message: `${apiVersion} ${kind} is not a built-in kind of Kubernetes 1.36`,
      path: "kind",
      ...(near ? { hint: `did you mean "${near}"?` } : {}),
    }),
  ];
}

/** {@link validateObject} for a part of an object, given its type. `path` is where it stands. */
export function validateValue(
  type: Type,
  value: unknown,
  path: string,
  options: ValidationOptions = {},
): readonly Problem[] {
  const walk = new Walk(options.isOpaque ?? (() => false));
  walk.value(type, value, path, false);
  return walk.problems;
}

class Walk {
  readonly problems: Problem[] = [];
  readonly #isOpaque: (value: unknown) => boolean;

  constructor(isOpaque: (value: unknown) => boolean) {
    this.#isOpaque = isOpaque;
  }

  value(type: Type, value: unknown, path: string, mayBeEmpty: boolean): void {
    if (value === null || value === undefined || this.#isOpaque(value)) return;
    switch (type.kind) {
      case "scalar": {
        const fault = scalarFault(type, value, mayBeEmpty);
        if (fault) this.problems.push(problem(codes.BERTH2006, { path, ...fault }));
        return;
      }
      case "list":
        return Array.isArray(value) ? this.#list(type, value, path) : this.#expected("a list", value, path);
      case "map":
        return isJsonObject(value) ? this.#map(type, value, path) : this.#expected("an object", value, path);
      case "struct":
        return isJsonObject(value)
          ? this.#struct(type, value, path)
          : this.#expected("an object", value, path);
    }
  }

  #struct(type: StructType, value: JsonObject, path: string): void {
    for (const [name, member] of Object.entries(value)) {
      const field = type.fields.get(name);
      if (field) this.value(field.type, member, childPath(path, name), field.presence !== "keepZero");
      else this.#unknownField(type, name, childPath(path, name));
    }
    for (const field of type.fields.values()) {
      if (field.required) this.#required(field, value[field.name], path);
    }
  }

  #required(field: Field, value: unknown, path: string): void {
    if (value !== undefined && value !== null) return;
    this.problems.push(
      problem(codes.BERTH2007, { message: `"${field.name}" is required`, path: childPath(path, field.name) }),
    );
  }

  #unknownField(type: StructType, name: string, path: string): void {
    const near = nearest(name, type.fields.keys());
    const known = [...type.fields.keys()].slice(0, 12).join(", ");
    this.problems.push(
      problem(codes.BERTH2005, {
        message: `unknown field ${JSON.stringify(name)}`,
        path,
        hint: near ? `did you mean "${near}"?` : `known here: ${known}${type.fields.size > 12 ? ", …" : ""}`,
      }),
    );
  }

  #map(type: MapType, value: JsonObject, path: string): void {
    for (const [name, member] of Object.entries(value)) {
      const at = childPath(path, name);
      if (member === null) this.#expected("a value", member, at);
      else this.value(type.element, member, at, true);
    }
  }

  #list(type: ListType, value: readonly unknown[], path: string): void {
    const seen = new Map<string, number>();
    value.forEach((element, index) => {
      const at = `${path}[${index}]`;
      if (element === null || element === undefined) return this.#expected("a value", element ?? null, at);
      this.value(type.element, element, at, false);
      const key = this.#isOpaque(element) ? undefined : elementKey(type, element);
      if (key === undefined) return;
      const first = seen.get(key);
      if (first === undefined) seen.set(key, index);
      else this.#duplicate(type, element, at, `${path}[${first}]`);
    });
  }

  #duplicate(type: ListType, element: unknown, path: string, first: string): void {
    const message = `${formatKey(type, element)} is the key of ${first} already`;
    this.problems.push(problem(codes.BERTH2008, { message, path }));
  }

  #expected(what: string, value: unknown, path: string): void {
    this.problems.push(
      problem(codes.BERTH2006, { message: `expected ${what}, not ${describe(value)}`, path }),
    );
  }
}

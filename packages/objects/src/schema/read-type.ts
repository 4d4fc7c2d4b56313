import { TYPES } from "./generated/kubernetes.ts";
import type {
  Field,
  ListKey,
  ListType,
  MapType,
  PatchStrategy,
  Presence,
  Scalar,
  StructType,
  Type,
} from "./type.ts";

/**
 * Reads the generated table, a type at a time and each once. A line lists fields as `name:type`, after a `* ` if the
 * struct is atomic. The syntax of names and types:
 *
 * - `name!` is required; `name?` keeps an explicit zero; `name+` is always stored; `name+?` is stored as null
 * - `string`, `int32`, `quantity`, … scalars; `=A|B` an enum, in which `~` stands for a blank
 * - `Container`, `core.v1.Container` a struct (of the same package, of another); `X*` atomic, `X~` granular
 * - `X[]` an atomic list, `X[set]` a set, `X[name]`, `X[port,protocol=TCP]` a list keyed by fields with defaults
 * - `{X}` a map, `{X}*` an atomic one
 * - `…&name` merged by that key in strategic merge patches, `…%retainKeys`, `…%replace` their other strategies
 */
export function structType(name: string): StructType {
  const known = structs.get(name);
  if (known) return known;
  const line = TYPES[name];
  if (line === undefined) throw new Error(`no type ${name} in the table`);
  const struct = new Struct(name, line.startsWith("* "), line.replace(/^\* /, ""));
  structs.set(name, struct);
  return struct;
}

const structs = new Map<string, StructType>();
const scalars = new Map<string, Type>();
const SCALARS = new Set<string>([
  "string",
  "boolean",
  "int32",
  "int64",
  "number",
  "bytes",
  "time",
  "quantity",
  "intOrString",
  "any",
]);

/** Reads its fields when they are first asked for: types refer to each other in circles. */
class Struct implements StructType {
  readonly kind = "struct";
  readonly name: string;
  readonly atomic: boolean;
  readonly #line: string;
  #fields: ReadonlyMap<string, Field> | undefined;

  constructor(name: string, atomic: boolean, line: string) {
    this.name = name;
    this.atomic = atomic;
    this.#line = line;
  }

  get fields(): ReadonlyMap<string, Field> {
    this.#fields ??= readFields(this.#line, this.name.slice(0, this.name.lastIndexOf(".")));
    return this.#fields;
  }

  withAtomic(atomic: boolean): Struct {
    return new Struct(this.name, atomic, this.#line);
  }
}

function readFields(line: string, group: string): ReadonlyMap<string, Field> {
  const fields = new Map<string, Field>();
  if (line === "") return fields;
  for (const token of line.split(" ")) {
    const match = /^([\w$-]+)(!?)(\+\?|\+|\?)?:(.+?)(?:&(\w*))?(?:%(\w+))?$/.exec(token);
    if (!match) throw new Error(`the table has a field that cannot be read: ${token}`);
    const [, name = "", required, mark, type = "", mergeKey, strategy] = match;
    const patch = patchStrategy(mergeKey, strategy);
    fields.set(name, {
      name,
      required: required === "!",
      presence: presenceOf(mark),
      type: readType(type, group),
      ...(patch ? { patch } : {}),
    });
  }
  return fields;
}

function presenceOf(mark: string | undefined): Presence {
  switch (mark) {
    case "+":
      return "always";
    case "?":
      return "keepZero";
    case "+?":
      return "nullable";
    default:
      return "omitEmpty";
  }
}

function patchStrategy(
  mergeKey: string | undefined,
  strategy: string | undefined,
): PatchStrategy | undefined {
  if (mergeKey === undefined && strategy === undefined) return undefined;
  return {
    ...(mergeKey === undefined ? {} : { mergeKey }),
    ...(strategy === "retainKeys" ? { retainKeys: true } : {}),
    ...(strategy === "replace" ? { replace: true } : {}),
  };
}

function readType(text: string, group: string): Type {
  const list = /^(.*)\[([^[\]]*)\]$/.exec(text);
  if (list) return listType(readType(list[1]!, group), list[2]!);
  const map = /^\{(.*)\}([*~]?)$/.exec(text);
  if (map)
    return { kind: "map", element: readType(map[1]!, group), atomic: map[2] === "*" } satisfies MapType;
  if (text.startsWith("=") || SCALARS.has(text)) return scalarType(text);
  const mark = text.at(-1);
  const name = mark === "*" || mark === "~" ? text.slice(0, -1) : text;
  const struct = structType(name.includes(".") ? name : `${group}.${name}`);
  return name === text || !(struct instanceof Struct) ? struct : struct.withAtomic(mark === "*");
}

function listType(element: Type, mark: string): ListType {
  if (mark === "") return { kind: "list", element, relation: "atomic", keys: [] };
  if (mark === "set") return { kind: "list", element, relation: "set", keys: [] };
  return { kind: "list", element, relation: "map", keys: mark.split(",").map(listKey) };
}

function listKey(text: string): ListKey {
  const [name = "", value] = text.split("=");
  return value === undefined ? { name } : { name, default: value };
}

function scalarType(text: string): Type {
  const known = scalars.get(text);
  if (known) return known;
  const type: Type = text.startsWith("=")
    ? { kind: "scalar", scalar: "string", values: text.slice(1).replaceAll("~", " ").split("|") }
    : { kind: "scalar", scalar: isScalar(text) ? text : "any" };
  scalars.set(text, type);
  return type;
}

function isScalar(text: string): text is Scalar {
  return SCALARS.has(text);
}

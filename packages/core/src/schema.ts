import { BerthError, problem } from "@berth/diagnostics";
import { coreCodes } from "./codes.ts";
import type { ResourceDefinition, Schema } from "./definition.ts";
import { type Json, type JsonObject, Secret, Unknown, type Value, type ValueObject } from "./json.ts";
import { isOutput } from "./output-handle.ts";
import type { PropertyRecord } from "./metadata.ts";
import { formatPath, type PathSegments } from "./path.ts";
import { isValueObject, secretOf } from "./value.ts";

/** The closed object schema of recorded properties. */
export function objectSchema(type: string, records: readonly PropertyRecord[]): Schema {
  const properties = records.map(
    ({ property, schema }) => [property, closeSchema(type, schema, [property])] as const,
  );
  const required = records.filter((each) => !each.optional && each.schema["default"] === undefined);
  return Object.freeze({
    type: "object",
    properties: Object.fromEntries(properties),
    required: required.map((each) => each.property),
    additionalProperties: false,
  });
}

/**
 * Closes a schema at every depth: an object with `properties` has no others. An object that says
 * nothing of its properties is a mistake in the definition, for which `additionalProperties: true` says what is meant.
 *
 * @throws BERTH1023
 */
export function closeSchema(type: string, schema: Schema, path: PathSegments): Schema {
  const isOpen = schema.type === "object" || (Array.isArray(schema.type) && schema.type.includes("object"));
  const says = ["properties", "additionalProperties", "patternProperties", "anyOf", "oneOf", "allOf", "$ref"];
  if (isOpen && !says.some((each) => each in schema)) {
    const message = `the schema of ${formatPath(path)} in ${type} does not say which properties the object has`;
    const hint = "list them in `properties`, or write `additionalProperties: true`";
    throw new BerthError([problem(coreCodes.BERTH1023, { message, hint, path: formatPath(path) })]);
  }
  const closed: Record<string, Json> = { ...schema };
  for (const [keyword, value] of Object.entries(schema)) {
    const inside = [...path, keyword];
    if (keyword === "properties" || keyword === "patternProperties")
      closed[keyword] = closeEach(type, value, path);
    else if (keyword === "anyOf" || keyword === "oneOf") closed[keyword] = closeList(type, value, path);
    else if (keyword === "items" || keyword === "additionalProperties")
      closed[keyword] = closeOne(type, value, inside);
  }
  if ("properties" in schema && !("additionalProperties" in schema)) closed["additionalProperties"] = false;
  return closed;
}

function closeOne(type: string, schema: Json, path: PathSegments): Json {
  return isSchema(schema) ? closeSchema(type, schema, path) : schema;
}

function closeEach(type: string, schemas: Json, path: PathSegments): Json {
  if (!isSchema(schemas)) return schemas;
  return Object.fromEntries(
    Object.entries(schemas).map(([key, each]) => [key, closeOne(type, each, [...path, key])]),
  );
}

function closeList(type: string, schemas: Json, path: PathSegments): Json {
  return Array.isArray(schemas) ? schemas.map((each: Json) => closeOne(type, each, path)) : schemas;
}

function isSchema(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Fills the schema's `default`s in, at every depth of what was given. Answers the very value where there are none. */
export function applyDefaults(schema: Json | undefined, value: unknown): unknown {
  if (!isSchema(schema)) return value;
  if (value === undefined) return schema["default"];
  if (Array.isArray(value)) {
    const items = schema["items"];
    return mapList(value, (each) => applyDefaults(items, each));
  }
  const properties = schema["properties"];
  if (!isSchema(properties) || !isPlainObject(value)) return value;
  let changed = false;
  const filled: Record<string, unknown> = { ...value };
  for (const [key, property] of Object.entries(properties)) {
    const before = Object.hasOwn(value, key) ? value[key] : undefined;
    const after = applyDefaults(property, before);
    if (after === before) continue;
    filled[key] = after;
    changed = true;
  }
  return changed ? Object.freeze(filled) : value;
}

const keywords = new WeakMap<Schema, ReadonlySet<string>>();

/** Whether a schema has a `default` or a `secret` anywhere, so that values need not be walked for nothing. */
export function hasKeyword(schema: Schema, keyword: "default" | "secret"): boolean {
  let found = keywords.get(schema);
  if (!found) {
    found = collectKeys(schema, new Set());
    keywords.set(schema, found);
  }
  return found.has(keyword);
}

/** Keywords and names of properties alike: one that is there by chance costs a walk, not correctness. */
function collectKeys(schema: Json | undefined, found: Set<string>): Set<string> {
  if (Array.isArray(schema)) for (const each of schema as readonly Json[]) collectKeys(each, found);
  if (!isSchema(schema)) return found;
  for (const [key, each] of Object.entries(schema)) collectKeys(each, found.add(key));
  return found;
}

/**
 * Wraps what a definition's output schemas call secret, in what a provider answered.
 *
 * @example markOutputs(definition, { fqdn: "…", kubeconfig: "…" }) // kubeconfig is a Secret now
 */
export function markOutputs(definition: ResourceDefinition, outputs: ValueObject): ValueObject {
  const entries = Object.entries(outputs).map(([name, value]): [string, Value] => {
    const schema = Object.hasOwn(definition.outputs, name) ? definition.outputs[name] : undefined;
    return [name, schema && hasKeyword(schema, "secret") ? markSecrets(schema, value) : value];
  });
  return Object.fromEntries(entries);
}

/**
 * Marks outputs as secret that the program calls so (`additionalSecretOutputs`), whether they are known yet or not.
 *
 * @example hasSecret(markNamed({ id: "db/1", host: "10.0.0.4" }, ["host"])) // true
 */
export function markNamed(outputs: ValueObject, names: readonly string[] | undefined): ValueObject {
  if (!names) return outputs;
  const marked = names.flatMap((name) => {
    const value = Object.hasOwn(outputs, name) ? outputs[name] : undefined;
    return value === undefined || value === null ? [] : [[name, secretOf(value)] as const];
  });
  return marked.length === 0 ? outputs : { ...outputs, ...Object.fromEntries(marked) };
}

/**
 * Wraps what a definition's input schema calls secret.
 *
 * @example hasSecret(markInputs({ inputs: { properties: { key: { secret: true } } } }, { key: "x" })) // true
 */
export function markInputs(definition: Pick<ResourceDefinition, "inputs">, inputs: ValueObject): ValueObject {
  if (!hasKeyword(definition.inputs, "secret")) return inputs;
  const marked = markSecrets(definition.inputs, inputs);
  return isValueObject(marked) ? marked : inputs;
}

/**
 * Wraps what the schema calls secret. Answers the very value where nothing is.
 *
 * @example hasSecret(markSecrets({ secret: true }, "hunter2")) // true
 */
export function markSecrets(schema: Json | undefined, value: Value): Value {
  if (!isSchema(schema) || isOutput(value) || value instanceof Secret) return value;
  if (schema["secret"] === true) return value === null ? null : secretOf(value);
  if (value instanceof Unknown) return value;
  if (Array.isArray(value))
    return mapList(value as readonly Value[], (each) => markSecrets(schema["items"], each));
  const properties = schema["properties"];
  if (!isPlainObject(value)) return value;
  const others = schema["additionalProperties"];
  let changed = false;
  const entries = Object.entries(value).map(([key, each]): [string, Value] => {
    const own = isSchema(properties) && Object.hasOwn(properties, key) ? properties[key] : others;
    const marked = markSecrets(own, each);
    changed ||= marked !== each;
    return [key, marked];
  });
  return changed ? Object.fromEntries(entries) : value;
}

function mapList<T>(list: readonly T[], map: (element: T) => T): readonly T[] {
  const mapped = list.map(map);
  return mapped.some((each, i) => each !== list[i]) ? Object.freeze(mapped) : list;
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

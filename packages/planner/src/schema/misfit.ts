/** A schema of the language in which the Plan's is written: see `FromSchema`. */
export type MisfitSchema = Readonly<Record<string, unknown>>;

/**
 * Where a value is not as a schema says, for the part of JSON Schema in which the Plan's is written; `undefined` where
 * it is. Interprets the schema: for one look at one file, compiling it with ajv takes a hundred times as long.
 *
 * @param definitions - what `#/$defs/NAME` stands for
 * @returns the path of the first misfit: `plan.steps[0].after`
 */
export function misfit(
  schema: MisfitSchema,
  value: unknown,
  definitions: MisfitSchema,
  path = "",
): string | undefined {
  const { $ref, anyOf } = schema;
  if (typeof $ref === "string") {
    const named = definitions[$ref.slice("#/$defs/".length)];
    return isSchema(named) ? misfit(named, value, definitions, path) : path;
  }
  if (isList(anyOf)) {
    const fits = anyOf.some((each) => isSchema(each) && misfit(each, value, definitions, path) === undefined);
    return fits ? undefined : path;
  }
  if ("const" in schema) return value === schema["const"] ? undefined : path;
  if (isList(schema["enum"])) return schema["enum"].includes(value) ? undefined : path;
  switch (schema["type"]) {
    case "object":
      return isSchema(value) ? misfitOfObject(schema, value, definitions, path) : path;
    case "array":
      return misfitOfList(schema["items"], value, definitions, path);
    case "string": {
      const { pattern } = schema;
      const isText = typeof value === "string";
      return isText && (typeof pattern !== "string" || new RegExp(pattern, "u").test(value))
        ? undefined
        : path;
    }
    case "number":
    case "integer": {
      const isNumber = schema["type"] === "integer" ? Number.isInteger(value) : typeof value === "number";
      const { minimum } = schema;
      return isNumber && (typeof minimum !== "number" || Number(value) >= minimum) ? undefined : path;
    }
    case "boolean":
      return typeof value === "boolean" ? undefined : path;
    default:
      return undefined;
  }
}

function misfitOfObject(
  { properties, required, additionalProperties }: MisfitSchema,
  value: MisfitSchema,
  definitions: MisfitSchema,
  path: string,
): string | undefined {
  const known = isSchema(properties) ? properties : {};
  for (const name of isList(required) ? required : [])
    if (!Object.hasOwn(value, String(name))) return under(path, String(name));
  for (const [name, each] of Object.entries(value)) {
    const schema = Object.hasOwn(known, name) ? known[name] : additionalProperties;
    if (schema === false) return under(path, name);
    const wrong = isSchema(schema) ? misfit(schema, each, definitions, under(path, name)) : undefined;
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function misfitOfList(
  items: unknown,
  value: unknown,
  definitions: MisfitSchema,
  path: string,
): string | undefined {
  if (!isList(value)) return path;
  for (const [index, each] of value.entries()) {
    const wrong = isSchema(items) ? misfit(items, each, definitions, `${path}[${index}]`) : undefined;
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function under(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

function isSchema(value: unknown): value is MisfitSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

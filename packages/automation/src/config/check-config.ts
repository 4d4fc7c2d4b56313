import type { Json } from "@berth/core";
import { nearest, type Problem, problem, type SourceSite } from "@berth/diagnostics";
import type { ErrorObject, ValidateFunction } from "ajv";
import { codes } from "../codes.ts";
import type { ConfigProperty, ConfigSchema } from "./config-schema.ts";
import { validatorOf } from "../project/validator.ts";

/** Values that are checked: plaintext, without those that cannot be read. */
export interface Checkable {
  readonly values: Readonly<Record<string, Json>>;
  /** Keys of values that must not be seen in messages. */
  readonly secret: ReadonlySet<string>;
  /** Where a value, or a part of it, stands; or its key. */
  readonly site: (path: readonly string[], part?: "key" | "value") => SourceSite | undefined;
}

/** What the schema has against values; nothing where it says nothing of a key. @throws never */
export function valueProblems(schema: ConfigSchema, { values, secret, site }: Checkable): readonly Problem[] {
  const validate = compiled(schema);
  if (validate(values)) return [];
  return (validate.errors ?? []).map((error) => {
    const path = error.instancePath.split("/").slice(1).map(unescapePointer);
    const [key = ""] = path;
    const unknown: unknown = error.params["additionalProperty"];
    const where = typeof unknown === "string" ? site([...path, unknown], "key") : site(path);
    const isSecret = secret.has(key);
    return problem(codes.BERTH7208, {
      message: `the configuration value ${isSecret ? key : path.join(".")} ${described(error, isSecret)}`,
      ...hintOf(error, schema[key], isSecret),
      ...(where && { site: where }),
    });
  });
}

/** Values that the schema wants and nobody gives. */
export function missingProblems(
  schema: ConfigSchema,
  given: ReadonlySet<string>,
  file: string,
): readonly Problem[] {
  return Object.entries(schema).flatMap(([key, property]) => {
    if (given.has(key) || property.default !== undefined || property.optional === true) return [];
    const message = `the configuration value ${key} is missing${property.description === undefined ? "" : ` (${property.description})`}`;
    const hint = `berth config set ${key} ${property.secret === true ? "--secret" : "VALUE"}`;
    return [problem(codes.BERTH7209, { message, hint, site: { file, line: 1, column: 1 } })];
  });
}

/** A key that the schema does not have. Those of others (`azure:location`) it need not have. */
export function unknownKeyProblem(schema: ConfigSchema, key: string, site?: SourceSite): Problem | undefined {
  if (Object.hasOwn(schema, key) || key.includes(":")) return undefined;
  const near = nearest(key, Object.keys(schema));
  return problem(codes.BERTH7210, {
    message: `berth.yaml knows no configuration value ${JSON.stringify(key)}`,
    hint: near
      ? `did you mean ${JSON.stringify(near)}?`
      : `declare it there under \`config:\`, as it does ${Object.keys(schema).join(", ") || "nothing"}`,
    ...(site && { site }),
  });
}

/** What is wrong with the schema itself, beyond its shape: defaults, patterns. */
export function schemaProblems(
  schema: ConfigSchema,
  site: (path: readonly string[]) => SourceSite | undefined,
): readonly Problem[] {
  const problems: Problem[] = [];
  const sound: [string, ConfigProperty][] = [];
  for (const [key, property] of Object.entries(schema)) {
    const where = site([key]);
    const refuse = (message: string): void =>
      void problems.push(
        problem(codes.BERTH7203, { message: `config.${key}: ${message}`, ...(where && { site: where }) }),
      );
    if (property.secret === true && property.default !== undefined)
      refuse("a secret can have no default here, where it would stand in plaintext");
    try {
      compiled({ [key]: property });
      sound.push([key, property]);
    } catch (error) {
      refuse(error instanceof Error ? error.message : String(error));
    }
  }
  const defaults = sound.flatMap(([key, each]) =>
    each.default === undefined ? [] : [[key, each.default] as const],
  );
  const wrong = valueProblems(Object.fromEntries(sound), {
    values: Object.fromEntries(defaults),
    secret: new Set(),
    site: ([key = "", ...rest]) => site([key, "default", ...rest]),
  });
  return [...problems, ...wrong.map((each) => ({ ...each, message: `the default of ${each.message}` }))];
}

function compiled(schema: ConfigSchema): ValidateFunction {
  return validatorOf(schema, () => shapeOf(schema));
}

/** The schema of all values together, without what is not about the values themselves. */
function shapeOf(schema: ConfigSchema): object {
  const properties = Object.fromEntries(
    Object.entries(schema).map(([key, { default: _, secret: _secret, optional: _optional, ...rest }]) => [
      key,
      rest,
    ]),
  );
  return { type: "object", properties };
}

function described({ keyword, message, params }: ErrorObject, isSecret: boolean): string {
  // Of a secret not even the names in it are said.
  if (isSecret && !spoken.has(keyword)) return "is not what berth.yaml says of it";
  if (keyword === "enum")
    return `must be one of ${(params["allowedValues"] as Json[]).map((each) => JSON.stringify(each)).join(", ")}`;
  if (keyword === "const") return `must be ${JSON.stringify(params["allowedValue"])}`;
  if (keyword === "additionalProperties")
    return `has the unknown key ${JSON.stringify(params["additionalProperty"])}`;
  return message ?? "is not valid";
}

/** What of a secret is wrong can be said where it says nothing of what it is. */
const spoken: ReadonlySet<string> = new Set([
  "type",
  "minLength",
  "maxLength",
  "pattern",
  "required",
  "minItems",
  "maxItems",
]);

function hintOf(
  { keyword, data, params, parentSchema }: ErrorObject,
  property: ConfigProperty | undefined,
  isSecret: boolean,
): { readonly hint?: string } {
  if (isSecret) return property?.description === undefined ? {} : { hint: property.description };
  if (keyword === "enum" && typeof data === "string") {
    const near = nearest(data, (params["allowedValues"] as Json[]).map(String));
    if (near) return { hint: `did you mean ${JSON.stringify(near)}?` };
  }
  if (keyword === "additionalProperties") {
    const near = nearest(
      String(params["additionalProperty"]),
      Object.keys((parentSchema?.["properties"] as object | undefined) ?? {}),
    );
    if (near) return { hint: `did you mean ${JSON.stringify(near)}?` };
  }
  return property?.description === undefined ? {} : { hint: property.description };
}

function unescapePointer(part: string): string {
  return part.replaceAll("~1", "/").replaceAll("~0", "~");
}

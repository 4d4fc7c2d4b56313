import type { Json } from "@berth/core";

/** `config:` of berth.yaml: which values a program reads, by key. */
export type ConfigSchema = Readonly<Record<string, ConfigProperty>>;

/** A value that a program reads: JSON Schema of it, and what berth does with it. */
export interface ConfigProperty {
  readonly type?: "string" | "number" | "integer" | "boolean" | "array" | "object";
  readonly description?: string;
  /** What the program gets where the stack's file says nothing. */
  readonly default?: Json;
  /** It is kept encrypted, and reaches the program as a secret. */
  readonly secret?: boolean;
  /** It may be absent, although it has no default. */
  readonly optional?: boolean;
  /** Other keywords of JSON Schema. */
  readonly [keyword: string]: Json | undefined;
}

const keywords = {
  type: { enum: ["string", "number", "integer", "boolean", "array", "object"] },
  description: { type: "string" },
  enum: { type: "array", minItems: 1 },
  const: true,
  minimum: { type: "number" },
  maximum: { type: "number" },
  exclusiveMinimum: { type: "number" },
  exclusiveMaximum: { type: "number" },
  multipleOf: { type: "number", exclusiveMinimum: 0 },
  minLength: { type: "integer", minimum: 0 },
  maxLength: { type: "integer", minimum: 0 },
  pattern: { type: "string" },
  items: { $ref: "#/$defs/value" },
  minItems: { type: "integer", minimum: 0 },
  maxItems: { type: "integer", minimum: 0 },
  uniqueItems: { type: "boolean" },
  properties: { type: "object", additionalProperties: { $ref: "#/$defs/value" } },
  required: { type: "array", items: { type: "string" }, uniqueItems: true },
  additionalProperties: { anyOf: [{ type: "boolean" }, { $ref: "#/$defs/value" }] },
};

/** JSON Schema of {@link ConfigSchema}: closed, so that a misspelt keyword is not ignored. Refers to {@link configSchemaDefinitions}. */
export const configSchemaSchema = {
  type: ["object", "null"],
  additionalProperties: {
    type: "object",
    additionalProperties: false,
    properties: {
      ...keywords,
      default: true,
      secret: { type: "boolean" },
      optional: { type: "boolean" },
    },
  },
};

/** `$defs` of the schema that {@link configSchemaSchema} is part of. */
export const configSchemaDefinitions = {
  value: { type: "object", additionalProperties: false, properties: keywords },
};

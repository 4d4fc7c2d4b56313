import { BerthError, problem } from "@berth/diagnostics";
import { coreCodes } from "./codes.ts";
import type { Schema } from "./definition.ts";
import { designTypeOf, recordProperty } from "./metadata.ts";
import type * as outputType from "./output-type.ts";

/** Decorates a property of a class that extends `Resource` or `Component`. */
export type BerthPropertyDecorator = (prototype: object, property: string) => void;

/** What may be given where a `T` is due: a `T`, an output of one, or a `T` with outputs inside. */
export type Input<T> = outputType.Input<T>;

/**
 * A value that may be known only once something has been created; see `output-type.ts`.
 */
export type Output<T> = outputType.Output<T>;

/**
 * Declares an input of a resource or component type by its JSON Schema. Objects are closed at
 * every depth. A property is required unless it is `optional` or its schema has a `default`.
 * Where the schema has no type, the compiler's is used if it is text, number, boolean or list.
 *
 * @example
 * \@Input({ type: "string", immutable: "a group cannot move" }) declare readonly location: Output<string>;
 * \@Input({ type: "integer", minimum: 0 }, { optional: true }) declare readonly count: Output<number>;
 * @throws BERTH1020, BERTH1021 where no type is known
 */
export function Input(
  schema: Schema = {},
  { optional = false }: { readonly optional?: boolean } = {},
): BerthPropertyDecorator {
  return (prototype, property) => {
    const typed = withType(schema, prototype, property);
    recordProperty(prototype, { direction: "input", property, schema: typed, optional });
  };
}

/**
 * Declares an output of a resource type: a property that the provider answers. A property may be both.
 *
 * @example \@Output({ type: "string" }) declare readonly fqdn: Output<string>;
 * @throws BERTH1020, BERTH1021 where no type is known
 */
export function Output(schema: Schema = {}): BerthPropertyDecorator {
  return (prototype, property) => {
    const typed = withType(schema, prototype, property);
    recordProperty(prototype, { direction: "output", property, schema: typed, optional: false });
  };
}

const sayType = ["type", "enum", "const", "anyOf", "oneOf", "allOf", "$ref", "resource"];

function withType(schema: Schema, prototype: object, property: string): Schema {
  if (sayType.some((each) => each in schema)) return schema;
  const type = designTypeOf(prototype, property);
  if (type !== "nothing" && type !== "absent") return { type, ...schema };
  const where = `${prototype.constructor.name}.${property}`;
  const hint = 'give it in the decorator, such as @Input({ type: "string" })';
  const found =
    type === "absent"
      ? problem(coreCodes.BERTH1021, {
          message: `${where} has no type: the program was compiled without decorator metadata`,
          hint,
        })
      : problem(coreCodes.BERTH1020, { message: `${where} has no type that compilers agree on`, hint });
  throw new BerthError([found]);
}

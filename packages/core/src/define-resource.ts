import { ResourceType, type ResourceTypeOptions } from "./class-decorators.ts";
import type { Schema } from "./definition.ts";
import { recordProperty } from "./metadata.ts";
import type { ResourceOptions } from "./options.ts";
import type { Input, InputValue, Output } from "./output-type.ts";
import { Resource } from "./resource.ts";

/** A property of {@link defineResource}: a schema, or one that says that it may be left out. */
export type PropertySpecification = Schema | { readonly schema: Schema; readonly optional: true };

/** What decorators would say. */
export type ResourceSpecification = ResourceTypeOptions & {
  /** `acme:Database` */
  readonly type: string;
  readonly inputs?: Readonly<Record<string, PropertySpecification>>;
  readonly outputs?: Readonly<Record<string, Schema>>;
};

/** A resource class without decorators: inputs `I`, outputs `O`, as plain types. */
export type ResourceClass<I extends object, O extends object> = (new (
  name: string,
  inputs: InputValue<I>,
  options?: ResourceOptions,
) => DefinedResource<I, O>) & {
  /** What exists already and is only read: {@link Resource.get}. */
  get(name: string, id: Input<string>, options?: ResourceOptions): DefinedResource<I, O>;
};

/** A resource of such a class. */
export type DefinedResource<I extends object, O extends object> = Resource<InputValue<I>> & {
  readonly [K in keyof I | keyof O]-?: Output<(I & O)[K]>;
};

/**
 * Defines a resource type without decorators: what they can say can be said here.
 *
 * @example
 * const Database = defineResource<{ size: number }, { host: string }>({
 *   type: "acme:Database",
 *   provider: "acme",
 *   inputs: { size: { type: "integer", minimum: 1 } },
 *   outputs: { host: { type: "string" } },
 * });
 * new Database("orders", { size: 10 }).host;
 * @throws BERTH1023 where type or schemas are not sound
 */
export function defineResource<I extends object, O extends object = object>({
  type,
  inputs = {},
  outputs = {},
  ...options
}: ResourceSpecification): ResourceClass<I, O> {
  const defined = class extends Resource<InputValue<I>> {};
  Object.defineProperty(defined, "name", { value: type.split(":").at(-1) });
  for (const [property, given] of Object.entries(inputs)) {
    const [schema, optional] = isOptional(given) ? [given.schema, true] : [given, false];
    recordProperty(defined.prototype, { direction: "input", property, schema, optional });
  }
  for (const [property, schema] of Object.entries(outputs)) {
    recordProperty(defined.prototype, { direction: "output", property, schema, optional: false });
  }
  ResourceType(type, options)(defined);
  // Its properties were made by the decorator, unseen by the compiler.
  const made: unknown = defined;
  return made as ResourceClass<I, O>;
}

function isOptional(
  given: PropertySpecification,
): given is { readonly schema: Schema; readonly optional: true } {
  return "schema" in given && given["optional"] === true;
}

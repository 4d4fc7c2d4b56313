import type { ResourceDefinition } from "./definition.ts";
import type { Lookup } from "./evaluate.ts";
import {
  type Json,
  type JsonObject,
  SealedSecret,
  Unknown,
  type Urn,
  type Value,
  type ValueObject,
} from "./json.ts";
import { formatPath, parsePath } from "./path.ts";
import { isValueObject, valueAt } from "./value.ts";

/** What evaluation needs of a resource. */
export interface KnownResource {
  readonly definition: ResourceDefinition;
  /** Evaluated, normalised; unknown parts stand in it. */
  readonly inputs: ValueObject;
  /** Recorded or predicted; what is not known yet is {@link Unknown}, see {@link unknownOutputs}. */
  readonly outputs: ValueObject;
}

/**
 * The rule by which a property of a resource is read. One that is only an input is what the
 * program gave. One that is only an output is what the provider answered. One that is both (a
 * Kubernetes object's `spec`) is what the provider answered; until it did, leaves that the
 * program gave stand as given, and everything else in it waits for the provider.
 *
 * @example evaluate(resource.inputs, lookupIn((urn) => views.get(urn)))
 */
export function lookupIn(resource: (urn: Urn) => KnownResource | undefined): Lookup {
  return (urn, path) => {
    const known = resource(urn);
    const waits = new Unknown([{ urn, path: formatPath(path.map(position)) }]);
    if (!known) return waits;
    const { definition, inputs, outputs } = known;
    const [property] = path;
    if (!Object.hasOwn(definition.outputs, property)) return valueAt(inputs, path);
    const answered = valueAt(outputs, path);
    // What was answered and cannot be read is known as well as it will ever be.
    if (answered instanceof SealedSecret || !isWaiting(answered, urn, path)) return answered;
    const exact = new Unknown(waits.producers, answered.secret, typeAt(definition.outputs, path));
    if (!isInput(definition, property)) return exact;
    const given = valueAt(inputs, path);
    return given === undefined || isValueObject(given) || Array.isArray(given) ? exact : given;
  };
}

/**
 * An unknown for each output that a definition declares: what is known of them before anything answered.
 *
 * @example const { host } = unknownOutputs(definitionOf(Database), urn); // Unknown
 */
export function unknownOutputs(definition: ResourceDefinition, urn: Urn): ValueObject {
  const entries = Object.entries(definition.outputs);
  return Object.fromEntries(
    entries.map(([name, schema]) => [
      name,
      new Unknown([{ urn, path: formatPath([name]) }], schema.secret === true, typeOf(schema)),
    ]),
  );
}

/**
 * The same for inputs: of what is only read, the provider knows them.
 *
 * @example const read = { definition, inputs: unknownInputs(definition, urn), outputs: unknownOutputs(definition, urn) };
 */
export function unknownInputs({ inputs }: ResourceDefinition, urn: Urn): ValueObject {
  const { properties } = inputs;
  if (!isSchema(properties)) return {};
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [
      name,
      new Unknown([{ urn, path: formatPath([name]) }], false, typeOf(schema)),
    ]),
  );
}

/** The type that a schema says, where it says one. */
function typeOf(schema: Json | undefined): string | undefined {
  return isSchema(schema) && typeof schema["type"] === "string" ? schema["type"] : undefined;
}

/** The type of an output, or of a part of one. */
function typeAt(schemas: JsonObject, path: readonly string[]): string | undefined {
  let at: Json | undefined = { properties: schemas };
  for (const segment of path) {
    if (!isSchema(at)) return undefined;
    const { properties, additionalProperties, items }: JsonObject = at;
    if (items !== undefined) at = segment === "length" ? { type: "integer" } : items;
    else
      at =
        isSchema(properties) && Object.hasOwn(properties, segment)
          ? properties[segment]
          : additionalProperties;
  }
  return typeOf(at);
}

function isSchema(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isInput(definition: ResourceDefinition, property: string): boolean {
  const properties = definition.inputs["properties"];
  return typeof properties === "object" && properties !== null && Object.hasOwn(properties, property);
}

/** Whether it is unknown because the resource itself has not answered yet, at this path or above it. */
function isWaiting(value: Value | undefined, urn: Urn, path: readonly string[]): value is Unknown {
  if (!(value instanceof Unknown)) return false;
  const [only, ...others] = value.producers;
  if (!only || others.length > 0 || only.urn !== urn) return false;
  const above = parsePath(only.path) ?? [];
  return above.every((segment, i) => String(segment) === path[i]);
}

/** `"0"` is how programs ask for the first element. */
function position(segment: string): string | number {
  return /^(?:0|[1-9]\d*)$/.test(segment) ? Number(segment) : segment;
}

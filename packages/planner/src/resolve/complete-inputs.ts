import {
  isValueObject,
  type Json,
  markSecrets,
  type ResourceDefinition,
  type Schema,
  type Unknown,
  type ValueObject,
  withGeneration,
} from "@berth/core";
import { mergeAssigned } from "./assigned.ts";

/** Inputs as they are compared, sent and recorded. */
export interface CompleteInputs {
  readonly inputs: ValueObject;
  /** Of the values that the planner chose, those that are in {@link inputs}: what the program gives itself stands. */
  readonly assigned: Readonly<Record<string, Json>>;
}

/**
 * Completes what the program gives, evaluated: marks what the schema calls secret, fills defaults and
 * canonical forms, puts in what the planner chose and the number for which `{generation}` stands. Planner and engine both do it here, so that what
 * is planned is what is sent.
 *
 * @param generation - how often the resource was replaced; or what stands for its name while nobody knows
 */
export function completeInputs(
  definition: ResourceDefinition,
  given: ValueObject,
  assigned: Readonly<Record<string, Json>>,
  generation: number | ((path: string) => Unknown) = 0,
): CompleteInputs {
  const named = withGeneration(definition.inputs, given, generation);
  const marked = withSecrets(definition.inputs, named);
  return mergeAssigned(definition.normalise?.(marked) ?? marked, assigned);
}

function withSecrets(schema: Schema, inputs: ValueObject): ValueObject {
  let has = mentionsSecret.get(schema);
  if (has === undefined) mentionsSecret.set(schema, (has = JSON.stringify(schema).includes('"secret":true')));
  const marked = has ? markSecrets(schema, inputs) : inputs;
  return isValueObject(marked) ? marked : inputs;
}

/** Most types have no secret, and their inputs need not be walked. */
const mentionsSecret = new WeakMap<Schema, boolean>();

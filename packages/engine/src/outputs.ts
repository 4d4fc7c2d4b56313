import {
  isValueObject,
  markNamed,
  markSecrets,
  type ResourceDefinition,
  type ValueObject,
} from "@berth/core";

/**
 * What a provider answered, with the outputs marked as secret that their schema, or the program, calls so.
 *
 * @param additional - names, from the option `additionalSecretOutputs`
 */
export function markOutputs(
  definition: ResourceDefinition | undefined,
  answered: ValueObject,
  additional: readonly string[] | undefined,
): ValueObject {
  const marked = definition
    ? markSecrets({ type: "object", properties: definition.outputs }, answered)
    : answered;
  return markNamed(isValueObject(marked) ? marked : answered, additional);
}

import { isValueObject, markSecrets, secretOf, type ResourceDefinition, type ValueObject } from "@berth/core";

/**
 * What a provider answered, with the outputs marked as secret that their schema, or the program, calls so.
 *
 * @param additional - names, from the option `additionalSecretOutputs`
 */
export function markOutputs(
  definition: ResourceDefinition | undefined,
  answered: ValueObject,
  additional: readonly string[] = [],
): ValueObject {
  const marked = definition
    ? markSecrets({ type: "object", properties: definition.outputs }, answered)
    : answered;
  const outputs = isValueObject(marked) ? marked : answered;
  const secret = additional.flatMap((name) => {
    const value = outputs[name];
    return value === undefined || value === null ? [] : [[name, secretOf(value)] as const];
  });
  return secret.length === 0 ? outputs : { ...outputs, ...Object.fromEntries(secret) };
}

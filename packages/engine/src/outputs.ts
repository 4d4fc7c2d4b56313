import { isValueObject, markSecrets, type ResourceDefinition, type ValueObject } from "@berth/core";

/** What a provider answered, with the outputs that their schema calls secret marked as such. */
export function markOutputs(definition: ResourceDefinition | undefined, answered: ValueObject): ValueObject {
  if (!definition) return answered;
  const marked = markSecrets({ type: "object", properties: definition.outputs }, answered);
  return isValueObject(marked) ? marked : answered;
}

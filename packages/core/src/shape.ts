import type { ResourceDefinition, Schema } from "./definition.ts";

const shapes = new WeakMap<Schema, Schema>();

/**
 * What a type's inputs are made of: its schema, or where that leaves it open, what the definition says besides. To find
 * properties and keys of lists by, not to check values.
 *
 * @example shapeOf({ inputs: { type: "object", properties: {} } }) // { type: "object", properties: {} }
 */
export function shapeOf({ inputs, shape }: Pick<ResourceDefinition, "inputs" | "shape">): Schema {
  if (!shape) return inputs;
  let known = shapes.get(inputs);
  if (!known) shapes.set(inputs, (known = shape(inputs)));
  return known;
}

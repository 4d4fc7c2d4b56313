import { equalValues, type PropertyChange, Secret, Unknown, type Value, type ValueObject } from "@berth/core";
import { compareObjects, type JsonObject } from "@berth/objects";

/**
 * Differences of meaning between two versions of an object's inputs. Kubernetes' tables know the keys of lists, what
 * is a quantity and what is immutable; this room knows unknowns and secrets, which stand in for values.
 */
export function compareInputs(before: ValueObject, after: ValueObject): readonly PropertyChange[] {
  const differences = compareObjects(before as JsonObject, after as JsonObject, {
    isOpaque: (value) => value instanceof Unknown || value instanceof Secret,
    isSame: (a, b) => equalValues(a as Value, b as Value),
  });
  return differences as readonly PropertyChange[];
}

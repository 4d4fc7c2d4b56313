import { isValueObject, type Json, parsePath, type Value, type ValueObject } from "@berth/core";

/** Values that the planner chose, merged into inputs. What the program gave stands; it is not in the answer's `assigned`. */
export function mergeAssigned(
  inputs: ValueObject,
  assigned: Readonly<Record<string, Json>>,
): { readonly inputs: ValueObject; readonly assigned: Readonly<Record<string, Json>> } {
  const paths = Object.keys(assigned);
  if (paths.length === 0) return { inputs, assigned };
  let merged = inputs;
  const kept: Record<string, Json> = {};
  for (const path of paths.toSorted()) {
    const value = assigned[path];
    const segments = parsePath(path);
    const next = segments && value !== undefined ? put(merged, segments, value) : undefined;
    if (next === undefined || !isValueObject(next) || value === undefined) continue;
    merged = next;
    kept[path] = value;
  }
  return { inputs: merged, assigned: kept };
}

/** A copy with the value at the path; `undefined` where something is there already, or the path leads through no object. */
function put(
  into: Value | undefined,
  [segment, ...rest]: readonly (string | number)[],
  value: Json,
): Value | undefined {
  if (segment === undefined) return into === undefined ? value : undefined;
  if (into !== undefined && !isValueObject(into)) return undefined;
  const below = put(into && Object.hasOwn(into, segment) ? into[segment] : undefined, rest, value);
  return below === undefined ? undefined : { ...into, [segment]: below };
}

import type { Json, JsonObject, PropertyChange } from "@berth/core";
import { compareObjects, projectObject } from "@berth/objects";
import { isDeepStrictEqual } from "node:util";

/**
 * Differences of meaning between two versions of an object's inputs. Kubernetes' tables know the keys of lists, what
 * is a quantity and what is immutable. What is not known and what is secret stands as a mark in place of any value.
 */
export function compareInputs(before: JsonObject, after: JsonObject): readonly PropertyChange[] {
  const differences = compareObjects(before, after, { isOpaque: isMark, isSame: isDeepStrictEqual });
  return differences as readonly PropertyChange[];
}

/** The part of a live object that inputs speak about, by the same tables. */
export function projectInputs(
  recorded: JsonObject,
  live: JsonObject,
  opaque: (recorded: Json, live: Json) => Json,
): JsonObject {
  return projectObject(recorded, live, { isOpaque: isMark, opaque });
}

function isMark(value: unknown): boolean {
  return typeof value === "object" && value !== null && "$berth" in value;
}

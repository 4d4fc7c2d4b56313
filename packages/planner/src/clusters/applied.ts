import type { Json, JsonObject } from "@berth/core";
import type { KubernetesObject } from "@berth/objects";
import { isObject, property } from "../compare/difference.ts";
import { canonicalText } from "../compare/equality.ts";

/**
 * An object after it was applied again: what the program changed is changed in the live object, and
 * everything else in it stays, defaults and other people's fields included.
 */
export function reapplied(
  live: KubernetesObject,
  before: JsonObject | undefined,
  after: JsonObject,
): JsonObject {
  const merged = merge(JSON.parse(JSON.stringify(live)), before, after);
  return isObject(merged) ? merged : after;
}

function merge(live: Json | undefined, before: Json | undefined, after: Json): Json {
  if (live === undefined) return after;
  if (before !== undefined && canonicalText(before) === canonicalText(after)) return live;
  if (isObject(live) && isObject(after)) return mergeObjects(live, isObject(before) ? before : {}, after);
  if (Array.isArray(live) && Array.isArray(after))
    return mergeLists(live, Array.isArray(before) ? before : [], after);
  return after;
}

function mergeObjects(live: JsonObject, before: JsonObject, after: JsonObject): JsonObject {
  const kept = Object.entries(live).filter(
    ([key]) => Object.hasOwn(after, key) || !Object.hasOwn(before, key),
  );
  const merged = new Map<string, Json>(kept);
  for (const [key, value] of Object.entries(after))
    merged.set(key, merge(property(live, key), property(before, key), value));
  return Object.fromEntries(merged);
}

/** Elements with names are found by them; a list of anything else is replaced. */
function mergeLists(live: readonly Json[], before: readonly Json[], after: readonly Json[]): Json {
  if (!after.every((each) => nameOf(each) !== undefined)) return after;
  const find = (list: readonly Json[], name: string | undefined): Json | undefined =>
    list.find((each) => nameOf(each) === name);
  const merged = after.map((each) => merge(find(live, nameOf(each)), find(before, nameOf(each)), each));
  const foreign = live.filter(
    (each) => nameOf(each) !== undefined && !find(after, nameOf(each)) && !find(before, nameOf(each)),
  );
  return [...merged, ...foreign];
}

function nameOf(element: Json): string | undefined {
  const name = isObject(element) ? property(element, "name") : undefined;
  return typeof name === "string" ? name : undefined;
}

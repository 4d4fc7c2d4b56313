import { formatPath, type Json, type JsonObject } from "@berth/core";
import { type Change, type Difference, shownBeside } from "@berth/planner";

/**
 * Where inputs, known now, are not what the plan showed: paths of parts that it showed as certain.
 * `inputs` is JSON in which secrets stand as marks, as in plans.
 */
export function disagreementsOfCreate(change: Change, inputs: JsonObject): readonly string[] {
  const paths: string[] = [];
  if (change.after) collect(change.after, inputs, [], paths);
  return paths;
}

/** The same for an update: what differs from the record now must be what the plan said would differ. */
export function disagreementsOfUpdate(change: Change, differences: readonly Difference[]): readonly string[] {
  const planned = new Map(change.properties.map((each) => [each.path, each]));
  const paths: string[] = [];
  for (const { path, before, after } of differences) {
    const shown = planned.get(path) ?? enclosing(change, path);
    if (!shown) paths.push(path);
    else if (shown.path === path && shown.certainty === "will") {
      const differs: string[] = [];
      collect(shown.after ?? null, shownBeside(after, before) ?? null, [], differs);
      if (differs.length > 0) paths.push(path);
    }
    planned.delete(path);
  }
  return paths;
}

/** A planned difference above the path that holds something unknown: what is inside was not known. */
function enclosing(change: Change, path: string): Change["properties"][number] | undefined {
  return change.properties.find(
    (each) =>
      each.certainty === "may" && (path.startsWith(`${each.path}.`) || path.startsWith(`${each.path}[`)),
  );
}

function collect(
  planned: Json | undefined,
  now: Json | undefined,
  path: readonly (string | number)[],
  paths: string[],
): void {
  if (planned === now || isMark(planned, "unknown")) return;
  if (isMark(planned, "secret") && isMark(now, "secret")) return;
  if (isList(planned) && isList(now) && planned.length === now.length) {
    for (const [index, each] of planned.entries()) collect(each, now[index], [...path, index], paths);
  } else if (isObject(planned) && isObject(now) && !isMark(planned, "secret")) {
    for (const key of new Set([...Object.keys(planned), ...Object.keys(now)]))
      collect(own(planned, key), own(now, key), [...path, key], paths);
  } else {
    paths.push(formatPath(path));
  }
}

function own(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function isMark(value: Json | undefined, kind: "unknown" | "secret"): boolean {
  return isObject(value) && value["$berth"] === kind;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

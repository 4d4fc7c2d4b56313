import { type Json, parsePattern, type PathPattern, type PatternStep, stepFits } from "@berth/core";
import { type Difference, isObject } from "./difference.ts";

/** The rule of differences that the option `replaceOnChanges` names. */
export const replaceOnChangesRule = "the option replaceOnChanges names it";

/**
 * Differences, those that the option `replaceOnChanges` names among them as ones that force a replacement: a change at
 * a path, inside of it, or of something around it that has or had a value there.
 *
 * Planner and engine both do it here, so that what is planned is what is done.
 */
export function replaceOn(
  differences: readonly Difference[],
  paths: readonly string[] | undefined,
): readonly Difference[] {
  if (!paths || differences.length === 0) return differences;
  const patterns = paths.flatMap((each) => parsePattern(each) ?? []);
  return differences.map((each) =>
    each.forcesReplacement === undefined && patterns.some((pattern) => fits(pattern, each))
      ? { ...each, forcesReplacement: replaceOnChangesRule }
      : each,
  );
}

function fits({ steps }: PathPattern, { path, before, after }: Difference): boolean {
  const at = parsePattern(path)?.steps ?? [path];
  const isAlong = at.slice(0, steps.length).every((each, depth) => sameStep(steps[depth]!, each));
  if (!isAlong) return false;
  const rest = steps.slice(at.length);
  return leads(before, rest) || leads(after, rest);
}

/** Whether the step of a pattern leads where the step of a difference's own path does. */
function sameStep(pattern: PatternStep, at: PatternStep): boolean {
  if (typeof at !== "object") return stepFits(pattern, at);
  if ("any" in at) return typeof pattern === "object" && "any" in pattern;
  return stepFits(pattern, -1, Object.fromEntries(at.keys));
}

/** Whether something is, or may be, where the steps lead in a value. */
function leads(value: Json | undefined, [step, ...rest]: readonly PatternStep[]): boolean {
  if (step === undefined) return value !== undefined;
  if (Array.isArray(value))
    return value.some((each: Json, position) => stepFits(step, position, each) && leads(each, rest));
  if (!isObject(value)) return false;
  if ("$berth" in value) return true;
  return Object.entries(value).some(([name, each]) => stepFits(step, name) && leads(each, rest));
}

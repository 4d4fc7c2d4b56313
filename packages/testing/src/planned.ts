import type { ApplyResult, Plan, PreviewResult } from "@berth/automation";
import { BerthError, type Problem } from "@berth/diagnostics";

/** What has a plan in it: the plan itself, what `preview` or `up` answered. Or what was refused before there was a plan. */
export type Planned = Plan | PreviewResult | ApplyResult | BerthError;

/** The plan that is meant. @throws TypeError where there is none, and what was refused before there was one */
export function planOf(received: unknown): Plan {
  if (BerthError.is(received)) throw received;
  const plan = hasPlan(received) ? received.plan : received;
  if (isPlan(plan)) return plan;
  throw new TypeError("this is no plan: give what `await stack.preview()` or `await stack.up()` answers");
}

/** Everything that was found wrong, wherever it was found. */
export function problemsOf(received: unknown): readonly Problem[] {
  if (BerthError.is(received)) return received.problems;
  const { problems } = planOf(received);
  return [...new Set([...problems, ...(isResult(received) ? received.problems : [])])];
}

function isPlan(value: unknown): value is Plan {
  return typeof value === "object" && value !== null && "format" in value && value.format === "berth.plan";
}

function hasPlan(value: unknown): value is { readonly plan: unknown } {
  return typeof value === "object" && value !== null && "plan" in value;
}

function isResult(value: unknown): value is ApplyResult {
  return hasPlan(value) && "problems" in value && Array.isArray(value.problems);
}

import type { StackState } from "@berth/core";
import { BerthError, problem } from "@berth/diagnostics";
import type { Plan } from "@berth/planner";
import { engineCodes } from "../codes.ts";
import { type Bound, bindingsOf } from "./bindings.ts";
import type { SavedPlan } from "./saved-plan.ts";
import { whatDiffers, whatMoved } from "./what-moved.ts";

/** Refuses a saved plan that is about something else, or whose state has moved on: told before anything else is looked at. @throws BERTH6052, BERTH6053 */
export function refuseOtherStack({ plan, options }: SavedPlan, state: StackState, kind: string): void {
  const { project, stack } = state;
  if (plan.project !== project || plan.stack !== stack) {
    const message = `the saved plan is of ${plan.project}/${plan.stack}, not of ${project}/${stack}`;
    throw new BerthError([problem(engineCodes.BERTH6053, { message })]);
  }
  if (options.operation === kind) return;
  const message = `the saved plan is for \`berth ${options.operation}\`, not for \`berth ${kind}\``;
  throw new BerthError([problem(engineCodes.BERTH6053, { message })]);
}

/** Refuses whatever is not exactly what was saved, before anything is changed. @throws BERTH6052, BERTH6054 */
export function refuseMoved(saved: SavedPlan, now: Plan, bound: Bound): void {
  refuseStale(whatMoved(saved.bindings, bindingsOf(bound)));
  const differs = whatDiffers(saved, now);
  if (differs.length === 0) return;
  throw new BerthError(differs.map((message) => problem(engineCodes.BERTH6054, { message })));
}

/** @throws BERTH6052 where something moved */
export function refuseStale(moved: readonly string[]): void {
  if (moved.length === 0) return;
  throw new BerthError(moved.map((message) => problem(engineCodes.BERTH6052, { message })));
}

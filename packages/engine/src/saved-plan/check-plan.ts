import { look } from "../look.ts";
import type { Operation } from "../operation.ts";
import { bindingsOf } from "./bindings.ts";
import { refuseOtherStack } from "./approve-saved.ts";
import { boundTo } from "./save-plan.ts";
import type { SavedPlan } from "./saved-plan.ts";
import { whatMoved } from "./what-moved.ts";

/** Whether a saved plan still rests on what it was made from. */
export interface PlanCheck {
  /** What is another one now, in words; empty: it is fresh. */
  readonly moved: readonly string[];
}

/**
 * Says whether what a saved plan rests on is as it was, without planning: the program's declarations, configuration,
 * state, what clusters hold, catalogues. Takes no lock and writes nothing. `up` with the plan finds out the rest: what
 * callbacks of `apply` captured from around them.
 *
 * @throws BERTH6053 where it is a plan of another stack
 * @example const { moved } = await checkPlan(operation, readSavedPlan(text, "plan.json"));
 */
export async function checkPlan(operation: Operation, saved: SavedPlan): Promise<PlanCheck> {
  const { bindings, options } = saved;
  const observed = Object.values(bindings.observed);
  const offline = observed.length > 0 && observed.every((each) => each.how === "saved");
  const looked = await look({ ...operation, offline });
  refuseOtherStack(saved, looked.state, options.operation);
  return { moved: whatMoved(bindings, bindingsOf(await boundTo(operation, looked))) };
}

import { AssertionError } from "node:assert";
import { planMatchers, type PlanMatchers } from "./matchers.ts";
import type { Planned } from "./planned.ts";
import type { Verdict } from "./verdict.ts";

/** Every matcher, and every matcher's opposite. */
export interface PlanExpectation extends PlanMatchers {
  readonly not: PlanMatchers;
}

/**
 * Expects something of a plan, under any test runner or none.
 *
 * @throws AssertionError (node:assert) with what the plan says instead
 * @example
 * expectPlan(await stack.preview()).toCreate("azure:NodePool", "user");
 * expectPlan(await stack.preview()).not.toMove("web");
 */
export function expectPlan(received: Planned): PlanExpectation {
  return { ...matchersOf(received, true), not: matchersOf(received, false) };
}

function matchersOf(received: Planned, wanted: boolean): PlanMatchers {
  const hold = (found: Verdict): void => {
    if (found.pass !== wanted) throw new AssertionError({ message: found.message() });
  };
  return {
    toCreate: (...expected) => hold(planMatchers.toCreate(received, ...expected)),
    toUpdate: (...expected) => hold(planMatchers.toUpdate(received, ...expected)),
    toReplace: (...expected) => hold(planMatchers.toReplace(received, ...expected)),
    toDelete: (...expected) => hold(planMatchers.toDelete(received, ...expected)),
    toChangeNothing: () => hold(planMatchers.toChangeNothing(received)),
    toMove: (...expected) => hold(planMatchers.toMove(received, ...expected)),
    toPlace: (...expected) => hold(planMatchers.toPlace(received, ...expected)),
    toLeaveUnplaced: (...expected) => hold(planMatchers.toLeaveUnplaced(received, ...expected)),
    toHaveProblem: (...expected) => hold(planMatchers.toHaveProblem(received, ...expected)),
  };
}

/**
 * Unit tests of programs, with the real planner on a cloud in memory.
 *
 * @example
 * const stack = await testStack(() => void new azure.ResourceGroup("shop", { location: "westeurope" }));
 * expectPlan(await stack.preview()).toCreate("azure:ResourceGroup", "shop");
 *
 * @packageDocumentation
 */
export { expectPlan, type PlanExpectation } from "./expect-plan.ts";
export { type MovePlaces, planMatchers, type PlanMatchers, type PlanMatcherTable } from "./matchers.ts";
export type { Planned } from "./planned.ts";
export { testStack, type TestProgram, TestStack, type TestStackOptions } from "./test-stack.ts";
export type { Placed } from "./matchers/placement.ts";
export type { Verdict } from "./verdict.ts";
export type { ApplyResult, ConfigValues, InlineProgram, Plan, Stack } from "@berth/automation";

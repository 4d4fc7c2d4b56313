/**
 * Desired against recorded and observed: the Plan.
 *
 * @packageDocumentation
 */
export type * from "./plan.ts";
export type { ObservedCluster, PlanRequest, PlanResult } from "./request.ts";

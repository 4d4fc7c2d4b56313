/**
 * The operations on a stack: preview, why, up, destroy.
 *
 * @packageDocumentation
 */
export { engineCodes } from "./codes.ts";
export type {
  EngineEvent,
  FinishedEvent,
  OperationName,
  OperationStatus,
  SettledEvent,
  StepCounts,
  StepEvent,
  StepSubject,
} from "./events.ts";
export type {
  ApplyOperation,
  ApplyResult,
  Operation,
  PreviewOperation,
  PreviewResult,
  StepResult,
} from "./operation.ts";
export { policyCodes } from "./policy/codes.ts";
export { configurePolicies } from "./policy/configure.ts";
export type * from "./policy/policy.ts";
export {
  findResources,
  type FoundResource,
  type FoundResources,
  type ImportQuestion,
  type ImportSpec,
} from "./import/find-resources.ts";
export { preview } from "./preview.ts";
export { checkPlan, type PlanCheck } from "./saved-plan/check-plan.ts";
export type * from "./saved-plan/saved-plan.ts";
export { readSavedPlan, writeSavedPlan } from "./saved-plan/saved-plan-text.ts";
export type { Surroundings } from "./saved-plan/surroundings.ts";
export type { ProviderRegistry, ProviderSource, RecordLookup } from "./providers.ts";
export { destroy, refresh, up } from "./up.ts";
export { why, type WhyOperation } from "./why.ts";

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
export { preview } from "./preview.ts";
export type { ProviderRegistry, ProviderSource, RecordLookup } from "./providers.ts";
export { destroy, refresh, up } from "./up.ts";
export { why, type WhyOperation } from "./why.ts";

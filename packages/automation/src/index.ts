/**
 * The composition root and the API for programs that drive berth.
 *
 * @packageDocumentation
 */
export { allCodes } from "./all-codes.ts";
export { codes as automationCodes } from "./codes.ts";
export type { Cloud, CloudSource } from "./cloud.ts";
export { folderCloud, memoryCloud } from "./local-cloud.ts";
export {
  type InlineProgram,
  type InlineProject,
  inlineProject,
  type InlineProjectOptions,
} from "./inline-project.ts";
export type { OperationRun } from "./operation-run.ts";
export type { ChangedSecrets, SecretsTarget } from "./change-secrets.ts";
export { openProject, type Project } from "./project.ts";
export type { ConfigProperty, ConfigSchema } from "./config/config-schema.ts";
export type { ConfigValues } from "./config/config-values.ts";
export { type ConfigEntry, missingEntry, type StackConfiguration } from "./config/stack-configuration.ts";
export { newProjectFiles, notEmpty } from "./project/new-project.ts";
export type { ProjectStacks } from "./stacks/project-stacks.ts";
export { checkName, type PolicyModule, type ProjectFile } from "./project/project-file.ts";
export { writeFileAtomically } from "./project/write-file.ts";
export type { StackOperationOptions } from "./stack-operation.ts";
export type { DeclareOptions, StackProject } from "./stack-project.ts";
export { type ReplaceOptions, StackRecords } from "./stack-records.ts";
export type { ProgramText } from "./import/program-text.ts";
export {
  type ImportedText,
  Stack,
  type StackApplyOptions,
  type StackDestroyOptions,
  type StackImportQuestion,
  type StackPreviewOptions,
  type StackUpOptions,
} from "./stack.ts";
export {
  exportState,
  isSame,
  type LockHolder,
  readExportedState,
  type RecordMove,
  type RecordRemoval,
  type RepairedState,
  type RepairFinding,
  type RepairOutcome,
  type StateDifference,
  typedName,
} from "@berth/state";
export { readSavedPlan, writeSavedPlan } from "@berth/engine";
export type {
  ApplyResult,
  ConfiguredPolicy,
  EngineEvent,
  Finding,
  Findings,
  GraphPolicy,
  ImportSpec,
  PlanCheck,
  PlanPolicy,
  Policy,
  PolicyGraph,
  PolicyPlan,
  PolicyResource,
  PolicySettings,
  PreviewResult,
  ResourcePolicy,
  SavedPlan,
  Surroundings,
} from "@berth/engine";
export type { Explanation, Plan, PlanScope } from "@berth/planner";

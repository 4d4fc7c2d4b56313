/**
 * Desired against recorded and observed: the Plan.
 *
 * @packageDocumentation
 */
export { plannerCodes } from "./codes.ts";
export { accountDifferences, compareInputs } from "./compare/compare.ts";
export { replaceOn } from "./compare/replace-on.ts";
export { stateDigest } from "./digests.ts";
export { explainPod, type PodQuestion } from "./explain-pod.ts";
export type * from "./explanation.ts";
export type { Difference } from "./compare/difference.ts";
export type { SecretDigest } from "./compare/opaque.ts";
export type * from "./plan.ts";
export { planStack } from "./plan-stack.ts";
export type {
  Bookkeeping,
  LiveResource,
  ObservedCluster,
  PlanRequest,
  PlanResult,
  PlanScope,
  Refreshed,
  SecretReader,
} from "./request.ts";
export { type CompleteInputs, completeInputs } from "./resolve/complete-inputs.ts";
export { differencesFromFound, inputsOfImport, inputsOfRead } from "./resolve/found.ts";
export { triggerChange, type TriggerChange } from "./resolve/trigger.ts";
export { type InScope, inScope, type Scoped } from "./scope/slice.ts";
export { misfit, type MisfitSchema } from "./schema/misfit.ts";
export { planDefinitions, planSchema } from "./schema/plan-schema.ts";
export { keepIgnored, type KeptInputs } from "./resolve/ignored.ts";
export { shownBeside } from "./present.ts";
export { serializePlan } from "./serialize.ts";

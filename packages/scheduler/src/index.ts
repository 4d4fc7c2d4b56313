/**
 * kube-scheduler's default profile: filters, scores, preemption, messages.
 *
 * @packageDocumentation
 */
export { schedulerCodes } from "./codes.ts";
export type {
  Certainty,
  Decision,
  Gated,
  NodeRefusal,
  NodeScores,
  Placed,
  Preempts,
  Shortage,
  Unschedulable,
} from "./decision.ts";
export type { FilterVerdict, NodeExplanation } from "./explanation.ts";
export type { Flavour } from "./framework/default-profile.ts";
export type { PluginName } from "./framework/plugin-name.ts";
export {
  createScheduler,
  type PodReference,
  type ScheduledPod,
  type Scheduler,
  type SchedulerOptions,
} from "./scheduler.ts";

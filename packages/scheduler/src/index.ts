/**
 * kube-scheduler's default profile: filters, scores, preemption, messages.
 *
 * @packageDocumentation
 */
export { nodeAllocatable, podRequests } from "./amounts.ts";
export type { Amounts } from "./cluster/requests.ts";
export { schedulerCodes } from "./codes.ts";
export type {
  KubeSchedulerConfiguration,
  PluginConfig,
  PluginSet,
  SchedulerProfile,
} from "./configuration.ts";
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
export type { Flavour } from "./framework/profile-of.ts";
export { type PluginName, pluginNames } from "./framework/plugin-name.ts";
export {
  createScheduler,
  type PodReference,
  type ScheduledPod,
  type ScheduleOptions,
  type Scheduler,
  type SchedulerOptions,
} from "./scheduler.ts";

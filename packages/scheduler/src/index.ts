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
  ResourceFit,
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
export type { AutoscalerCount } from "./sizing/autoscaler.ts";
export { countNodes, type NodeCounts } from "./sizing/count-nodes.ts";
export type { ExactCount } from "./sizing/exact.ts";
export type {
  Constraint,
  LinearProgram,
  LinearSolution,
  LinearSolver,
  Terms,
} from "./sizing/linear-program.ts";
export type { LowerBound } from "./sizing/lower-bound.ts";
export { cheapestMix, type NodeMix, type NoMix, type SharedLimit } from "./sizing/mix.ts";
export { daemonPods } from "./sizing/daemons.ts";
export type { NodeShape, SizingProblem } from "./sizing/problem.ts";
export {
  createRemedies,
  type GrowingShape,
  type MoreNodes,
  type Refused,
  type Remedy,
  type SmallerRequest,
} from "./sizing/remedy.ts";
export type { Reduction } from "./sizing/smaller-request.ts";
export { type WayOut, waysOut } from "./sizing/ways-out.ts";

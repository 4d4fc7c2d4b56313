/**
 * A running cluster as a pure machine in virtual time.
 *
 * @packageDocumentation
 */
export type * from "./events.ts";
export type { Naming } from "./naming.ts";
export type { KubernetesObject, ObjectMeta, ObjectReference, OwnerReference } from "./object.ts";
export type {
  DeletionPropagation,
  ObjectChange,
  ReadinessPolicy,
  Simulation,
  SimulationOptions,
  StuckWorkload,
  UnschedulablePod,
} from "./simulation.ts";

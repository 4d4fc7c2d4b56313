/**
 * A running cluster as a pure machine in virtual time.
 *
 * @packageDocumentation
 */
export type * from "./events.ts";
export type { Naming } from "./naming.ts";
export { codes as simulatorCodes } from "./codes.ts";
export {
  createSimulation,
  type DeletionPropagation,
  type ObjectChange,
  type ReadinessPolicy,
  type Simulation,
  type SimulationOptions,
  type StuckWorkload,
  type UnschedulablePod,
} from "./simulation.ts";

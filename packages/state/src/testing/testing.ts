/**
 * For those who write a state backend, and for tests that must see a disk fail.
 *
 * @packageDocumentation
 */
export type { BackendCase } from "./backend-case.ts";
export { stateBackendContract } from "./contract.ts";
export { type Fault, faultEnvironment } from "./fault.ts";
export { operationOn, recordOf, urnOf } from "./records.ts";

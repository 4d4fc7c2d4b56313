/**
 * Private: benchmarks, replays of recordings, and the workspace's own tests and commands.
 *
 * @packageDocumentation
 */
export { type Bench, isMet, type Measurement, median } from "./bench.ts";
export { benches } from "./benches.ts";

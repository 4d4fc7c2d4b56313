/**
 * The command `berth`: it parses, prints and exits; everything else is in `@berth/automation`.
 *
 * @packageDocumentation
 */
export { type ExitCode, exitCodeOf, exitCodes } from "./exit-code.ts";
export { main } from "./main.ts";
export type { Terminal } from "./terminal.ts";

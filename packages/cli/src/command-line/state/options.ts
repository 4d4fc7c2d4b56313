import type { Command } from "commander";
import { onStack, type StackOptions } from "../options.ts";

/** Options of commands that tell what is recorded. */
export interface StateOptions extends StackOptions {
  readonly json?: boolean;
}

/** Options of commands that change what is recorded, after asking. */
export interface StateChangeOptions extends StateOptions {
  readonly yes?: boolean;
}

/** Adds what {@link StateOptions} reads. */
export function onState(command: Command): Command {
  return onStack(command).option("--json", "print the result as JSON");
}

/** Adds what {@link StateChangeOptions} reads. */
export function asksOnState(command: Command): Command {
  return onState(command).option("-y, --yes", "do not ask; needed where nobody can answer, as in CI");
}

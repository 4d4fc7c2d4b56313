import type { Command } from "commander";
import type { Terminal } from "../terminal.ts";

/** Called with the exit code of a command that has one of its own. */
export type Exit = (code: number) => void;

/**
 * Adds the commands of one noun to the program. What a command does is imported inside its action, so that
 * the command line costs no more than its names.
 */
export type Register = (program: Command, terminal: Terminal, exit: Exit) => void;

/** Options of every command that is about a project. */
export interface ProjectOptions {
  readonly cwd: string;
}

/** Options of every command that is about a stack. */
export interface StackOptions extends ProjectOptions {
  readonly stack?: string;
}

/** Options of every command that asks before it changes something. */
export interface ChangeOptions extends StackOptions {
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** Adds what {@link ProjectOptions} reads. */
export function withFolder(command: Command): Command {
  return command.option("--cwd <folder>", "project folder, or one inside it", ".");
}

/** Adds what {@link StackOptions} reads. */
export function onStack(command: Command): Command {
  return withFolder(command).option(
    "-s, --stack <name>",
    "stack (default: BERTH_STACK, or the project's only one)",
  );
}

/** Adds what {@link ChangeOptions} reads, to a command that is {@link onStack}. */
export function asksFirst(command: Command): Command {
  return onStack(command)
    .option("-y, --yes", "do not ask; needed where nobody can answer, as in CI")
    .option("--json", "print the result as JSON");
}

/** Adds an example to a command's help. */
export function example(command: Command, ...lines: readonly string[]): Command {
  return command.addHelpText("after", `\nExample:\n${lines.map((line) => `  ${line}`).join("\n")}`);
}

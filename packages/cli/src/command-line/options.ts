import type { PlanScope } from "@berth/automation";
import { type Command, InvalidArgumentError } from "commander";
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
  readonly refresh?: boolean;
  readonly message?: string;
  readonly continueOnError?: boolean;
  readonly parallel?: number;
}

/** Adds what {@link ProjectOptions} reads. */
export function withFolder(command: Command): Command {
  return command.option("--cwd <folder>", "project folder, or one inside it", ".");
}

/** Adds what {@link StackOptions} reads. */
export function onStack(command: Command): Command {
  return withFolder(command).option(
    "-s, --stack <name>",
    "stack (default: BERTH_STACK, the selected one, or the only one)",
  );
}

/** Adds what {@link ChangeOptions} reads, to a command that is {@link onStack}. */
export function asksFirst(command: Command): Command {
  return onStack(command)
    .option("-y, --yes", "do not ask; needed where nobody can answer, as in CI")
    .option("--json", "print the result as JSON")
    .option("--message <text>", "what it is for; `berth stack show` tells", saysSomething)
    .option("--continue-on-error", "after a failure, do all that does not need what failed")
    .option("--parallel <steps>", "how many steps may run at the same time (default: 10)", atLeastOne);
}

/** Adds `--refresh`. */
export function readsFirst(command: Command): Command {
  return command.option(
    "--refresh",
    "read every resource first, and plan against what was changed outside of berth",
  );
}

function saysSomething(text: string): string {
  if (text.trim() !== "" && text.length <= 1000) return text;
  throw new InvalidArgumentError("It says something, in at most 1000 characters.");
}

function atLeastOne(text: string): number {
  const number = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (number > 0) return number;
  throw new InvalidArgumentError("It is a number from 1 to 9999.");
}

/** Which part of the stack a command is about. */
export interface ScopeOptions {
  readonly target?: readonly string[];
  readonly exclude?: readonly string[];
  readonly replace?: readonly string[];
}

/** Adds `--target` and `--exclude`. */
export function onPart(command: Command): Command {
  const pattern = "a name, TYPE::NAME or URN, with * for any part of a name; may be said again";
  return command
    .option("--target <pattern>", `only this, and what it needs: ${pattern}`, collected)
    .option("--exclude <pattern>", "not this, nor what needs it; may be said again", collected);
}

/** Adds what {@link ScopeOptions} reads, to a command that can replace. */
export function onPartOrAnew(command: Command): Command {
  return onPart(command).option(
    "--replace <pattern>",
    "replace this, whether it changed or not; may be said again",
    collected,
  );
}

function collected(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** What the engine is told of {@link ScopeOptions}. */
export function scopeOf({ target = [], exclude = [], replace = [] }: ScopeOptions): {
  readonly scope?: PlanScope;
} {
  if (target.length + exclude.length + replace.length === 0) return {};
  return { scope: { targets: target, excludes: exclude, replaces: replace } };
}

/** Adds an example to a command's help. */
export function example(command: Command, ...lines: readonly string[]): Command {
  return command.addHelpText("after", `\nExample:\n${lines.map((line) => `  ${line}`).join("\n")}`);
}

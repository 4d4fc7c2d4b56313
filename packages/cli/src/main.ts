import { BerthError, problem } from "@berth/diagnostics";
import { renderProblems } from "@berth/report";
import { CommanderError } from "commander";
import { codes } from "./codes.ts";
import { createProgram } from "./command-line.ts";
import { exitCodes } from "./exit-code.ts";
import { processTerminal, type Terminal } from "./terminal.ts";

/**
 * Runs one command line and answers the exit code. Everything that goes wrong on the way comes
 * out as coded problems on the error stream; a stack trace only with BERTH_DEBUG.
 */
export async function main(
  words: readonly string[],
  terminal: Terminal = processTerminal(),
): Promise<number> {
  let exitCode: number = exitCodes.ok;
  const program = createProgram(terminal, (code) => (exitCode = code));
  try {
    await program.parseAsync(words, { from: "user" });
    return exitCode;
  } catch (error) {
    return report(error, terminal);
  }
}

function report(error: unknown, terminal: Terminal): number {
  if (error instanceof CommanderError) {
    // Help and version end commander's parsing with an "error" of exit code 0.
    if (error.exitCode === 0) return exitCodes.ok;
    const message = error.message.replace(/^error: /, "");
    terminal.say(renderProblems([problem(codes.BERTH8001, { message })], terminal.sayPalette));
    return exitCodes.error;
  }
  if (BerthError.is(error)) {
    terminal.say(renderProblems(error.problems, terminal.sayPalette));
    if (error.problems[0]) terminal.say(`\nMore: berth help ${error.problems[0].code}\n`);
  } else {
    const message = error instanceof Error ? error.message : String(error);
    terminal.say(renderProblems([problem(codes.BERTH8004, { message })], terminal.sayPalette));
  }
  if (process.env["BERTH_DEBUG"] && error instanceof Error) terminal.say(`${error.stack}\n`);
  return exitCodes.error;
}

import { BerthError, type Problem, problem } from "@berth/diagnostics";
import { renderProblems } from "@berth/report";
import { CommanderError } from "commander";
import { codes } from "./codes.ts";
import { createProgram } from "./command-line.ts";
import { type ExitCode, exitCodeOfErrors, exitCodes } from "./exit-code.ts";
import { processTerminal, type Terminal } from "./terminal.ts";

export { claimTerminal } from "./terminal.ts";

/**
 * Runs one command line and answers the exit code. Everything that goes wrong on the way comes
 * out as coded problems on the error stream; a stack trace only with BERTH_DEBUG.
 */
export async function main(
  words: readonly string[],
  terminal: Terminal = processTerminal(),
): Promise<number> {
  let exitCode: number = exitCodes.ok;
  const program = createProgram(words, terminal, (code) => (exitCode = code));
  try {
    await program.parseAsync(words, { from: "user" });
    return exitCode;
  } catch (error) {
    return reportFailure(error, terminal);
  }
}

/** Says what went wrong, and answers the exit code for it. */
export function reportFailure(error: unknown, terminal: Terminal): number {
  if (error instanceof CommanderError) {
    // Help and version end commander's parsing with an "error" of exit code 0.
    if (error.exitCode === 0) return exitCodes.ok;
    // Words are missing: the help that it printed says which.
    if (error.code !== "commander.help")
      terminal.say(renderProblems([misunderstood(error)], terminal.sayPalette, terminal.sayWidth));
    return exitCodes.error;
  }
  let code: ExitCode = exitCodes.error;
  if (BerthError.is(error)) {
    terminal.say(renderProblems(error.problems, terminal.sayPalette, terminal.sayWidth));
    if (error.problems[0]) terminal.say(`\nMore: berth help ${error.problems[0].code}\n`);
    code = exitCodeOfErrors(error.problems);
  } else {
    const message = error instanceof Error ? error.message : String(error);
    terminal.say(
      renderProblems([problem(codes.BERTH8004, { message })], terminal.sayPalette, terminal.sayWidth),
    );
  }
  if (process.env["BERTH_DEBUG"] && error instanceof Error) terminal.say(`${error.stack}\n`);
  return code === exitCodes.ok ? exitCodes.error : code;
}

function misunderstood({ message: text }: CommanderError): Problem {
  const [, message = text, nearest] = /^(?:error: )?(.*?)(?:\n\(Did you mean (.+)\?\))?$/s.exec(text) ?? [];
  return problem(codes.BERTH8001, { message, ...(nearest && { hint: `did you mean ${nearest}?` }) });
}

import type { DestroyOptions } from "../command-line/destroy.ts";
import type { ExitCode } from "../exit-code.ts";
import type { Terminal } from "../terminal.ts";
import { apply } from "./apply.ts";

/** `berth destroy`: shows what goes, asks, deletes it. */
export async function runDestroy(options: DestroyOptions, terminal: Terminal): Promise<ExitCode> {
  return apply(
    options,
    terminal,
    (project, name) => project.chooseExisting(name),
    (stack, how) => stack.destroy({ ...how, runProgram: options.runProgram === true }),
  );
}

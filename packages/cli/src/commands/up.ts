import type { UpOptions } from "../command-line/up.ts";
import type { ExitCode } from "../exit-code.ts";
import type { Terminal } from "../terminal.ts";
import { apply } from "./apply.ts";

/** `berth up`: shows the plan, asks, applies exactly that. */
export async function runUp(options: UpOptions, terminal: Terminal): Promise<ExitCode> {
  return apply(
    options,
    terminal,
    (project, name) => project.choose(name),
    (stack, how) => stack.up(how),
  );
}

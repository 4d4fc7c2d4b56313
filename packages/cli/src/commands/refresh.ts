import type { ChangeOptions } from "../command-line/options.ts";
import type { ExitCode } from "../exit-code.ts";
import type { Terminal } from "../terminal.ts";
import { apply } from "./apply.ts";

/** `berth refresh`: shows what was changed outside of berth, asks, records it. */
export async function runRefresh(options: ChangeOptions, terminal: Terminal): Promise<ExitCode> {
  return apply(
    options,
    terminal,
    (project, name) => project.chooseExisting(name),
    (stack, how) => stack.refresh(how),
  );
}

import { renderText } from "@berth/report";
import type { UpOptions } from "../command-line/up.ts";
import type { ExitCode } from "../exit-code.ts";
import { readPlanFile } from "../plan-file.ts";
import type { Terminal } from "../terminal.ts";
import { apply } from "./apply.ts";

/** `berth up`: shows the plan, asks, applies exactly that. `--plan FILE`: what is in the file is applied, or nothing. */
export async function runUp(options: UpOptions, terminal: Terminal): Promise<ExitCode> {
  const saved = options.plan === undefined ? undefined : await readPlanFile(options.plan);
  return apply(
    options,
    terminal,
    // The file says which stack it is of; another one that is named is refused.
    (project, name) => project.choose(name ?? saved?.plan.stack),
    (stack, how) => {
      if (saved)
        terminal.say(
          `${renderText(saved.plan, { palette: terminal.sayPalette, width: terminal.sayWidth })}\n`,
        );
      return stack.up({ ...how, ...(saved && { saved }) });
    },
  );
}

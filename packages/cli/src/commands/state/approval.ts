import { BerthError, problem } from "@berth/diagnostics";
import { codes } from "../../codes.ts";
import type { StateChangeOptions } from "../../command-line/state/options.ts";
import type { Terminal } from "../../terminal.ts";

/** Asks, unless `--yes` was said. @throws BERTH8002 where nobody can answer */
export async function approved(
  question: string,
  options: StateChangeOptions,
  terminal: Terminal,
  what = "what is recorded would change",
): Promise<boolean> {
  if (options.yes) return true;
  if (terminal.interactive) return terminal.confirm(question);
  throw new BerthError([
    problem(codes.BERTH8002, {
      message: `${what}, and nobody is there to say yes`,
      hint: "look at what is shown, then say --yes",
    }),
  ]);
}

import { allCodes } from "@berth/automation";
import { BerthError, nearest, problem } from "@berth/diagnostics";
import { codes } from "../codes.ts";
import type { Terminal } from "../terminal.ts";

/** `berth help CODE`: what happened, why it is a problem, what to do. Without a code, all of them by title. */
export function runHelp(code: string | undefined, terminal: Terminal): void {
  const known = [...allCodes(), ...Object.values(codes)].sort((a, b) => (a.code < b.code ? -1 : 1));
  if (code === undefined)
    return terminal.write(known.map((each) => `${each.code}  ${each.title}\n`).join(""));
  const wanted = code.toUpperCase();
  const entry = known.find((each) => each.code === wanted);
  if (!entry) {
    const guess = nearest(
      wanted,
      known.map((each) => each.code),
    );
    const hint = guess ? `did you mean ${guess}?` : "see berth help --codes";
    throw new BerthError([
      problem(codes.BERTH8003, { message: `there is no code ${JSON.stringify(code)}`, hint }),
    ]);
  }
  const { tones } = terminal.palette;
  // Text is not read well in longer lines.
  const width = Math.min(terminal.width, 90);
  terminal.write(
    `${tones.strong(`${entry.code}: ${entry.title}`)}\n\n${wrapped(entry.explanation, width)}\n\n${wrapped(`What to do: ${entry.remedy}`, width)}\n`,
  );
}

/** Lines of at most so many columns. */
function wrapped(text: string, columns: number): string {
  return text.replaceAll(new RegExp(`(?![^\\n]{1,${columns}}$)([^\\n]{1,${columns}})\\s`, "g"), "$1\n");
}

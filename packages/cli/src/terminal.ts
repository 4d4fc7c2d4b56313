import { ansiPalette, type Palette, plainPalette } from "@berth/report";

/** Where a command reads and writes, so that tests can be the terminal. */
export interface Terminal {
  /** Results: what a pipe wants. */
  readonly write: (text: string) => void;
  /** Progress, questions, problems. */
  readonly say: (text: string) => void;
  readonly palette: Palette;
  readonly sayPalette: Palette;
  /** Columns of results. */
  readonly width: number;
  /** Columns of everything else. */
  readonly sayWidth: number;
  /** Whether somebody can see progress being redrawn. */
  readonly live: boolean;
  /** Whether somebody can answer. */
  readonly interactive: boolean;
  /** Asks; only when {@link interactive}. */
  readonly confirm: (question: string) => Promise<boolean>;
  /** A value that must not be seen: asked for, unseen while it is typed, or everything that the input gives where nobody can be asked. */
  readonly secret: (question: string) => Promise<string>;
}

/** The process's own terminal. NO_COLOR and FORCE_COLOR are heard; CI is never live. */
export function processTerminal(): Terminal {
  const ci = isSet(process.env["CI"]);
  return {
    write: (text) => void process.stdout.write(text),
    say: (text) => void process.stderr.write(text),
    palette: coloured(process.stdout) ? ansiPalette : plainPalette,
    sayPalette: coloured(process.stderr) ? ansiPalette : plainPalette,
    width: columnsOf(process.stdout),
    sayWidth: columnsOf(process.stderr),
    live: isTerminal(process.stderr) && !ci,
    interactive: isTerminal(process.stdin) && isTerminal(process.stderr) && !ci,
    // Few commands ask: what asking needs is loaded then.
    confirm: async (question) => (await import("./ask.ts")).confirm(question),
    secret: async (question) => (await import("./ask.ts")).secret(question),
  };
}

/**
 * The process's own terminal, and its output for results alone: from now on, what programs and libraries print goes
 * to the error stream. A reader that has seen enough (`berth preview | head`) changes nothing of what is done.
 */
export function claimTerminal(): Terminal {
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = process.stderr.write.bind(process.stderr);
  process.stderr.on("error", () => {});
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    // A result that a full disk did not take must not look like one.
    if (error.code !== "EPIPE") process.exit(1);
  });
  return { ...processTerminal(), write: (text) => void write(text) };
}

/** COLUMNS, where somebody says how wide a log or a pipe is read; the terminal's own; 100. */
function columnsOf(stream: NodeJS.WriteStream): number {
  const wanted = Number(process.env["COLUMNS"]);
  if (Number.isInteger(wanted) && wanted > 0) return wanted;
  return (isTerminal(stream) && stream.columns) || 100;
}

function coloured(stream: NodeJS.WriteStream): boolean {
  if (isSet(process.env["NO_COLOR"])) return false;
  if (isSet(process.env["FORCE_COLOR"])) return process.env["FORCE_COLOR"] !== "0";
  return isTerminal(stream) && process.env["TERM"] !== "dumb";
}

/** Node leaves `isTTY` out where a stream is none, whatever its types say. */
function isTerminal(stream: { readonly isTTY?: boolean }): boolean {
  return stream.isTTY === true;
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "";
}

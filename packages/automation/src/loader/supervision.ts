import { AsyncLocalStorage } from "node:async_hooks";
import { BerthError, problem } from "@berth/diagnostics";
import { loaderCodes } from "./codes.ts";

/** A program that runs. */
interface Running {
  readonly entry: string;
  /** Ends the wait for it. */
  readonly fail: (error: BerthError) => void;
}

const running = new AsyncLocalStorage<Running>();
const all = new Set<Running>();
let exit: typeof process.exit | undefined;

/**
 * Runs a program so that it can neither end the process nor leave it waiting for ever without a word.
 *
 * @throws BERTH7105 where nothing is left that could let the program go on, BERTH7106 where it calls `process.exit`
 */
export async function supervise<T>(entry: string, run: () => Promise<T>): Promise<T> {
  return new Promise<T>((resolve, fail) => {
    const program = { entry, fail };
    begin(program);
    running
      .run(program, run)
      .finally(() => end(program))
      .then(resolve, fail);
  });
}

/** Whether this code runs inside a program that is being loaded. */
export function insideProgram(): boolean {
  return running.getStore() !== undefined;
}

function begin(program: Running): void {
  if (all.size === 0) {
    exit = process.exit;
    process.exit = refuseExit;
    process.on("beforeExit", failWaiting);
  }
  all.add(program);
}

function end(program: Running): void {
  all.delete(program);
  if (all.size > 0 || !exit) return;
  process.exit = exit;
  process.off("beforeExit", failWaiting);
}

/** Others in the process may still end it. */
function refuseExit(code?: number | string | null): never {
  const program = running.getStore();
  if (!program || !all.has(program)) return exit!.call(process, code);
  const message = `process.exit(${code ?? ""}) was called while the program ran`;
  const error = new BerthError([problem(loaderCodes.BERTH7106, { message })]);
  // Also where the program catches what is thrown at it.
  program.fail(error);
  throw error;
}

/** The event loop is empty: what is still waited for cannot come. */
function failWaiting(): void {
  for (const { entry, fail } of all) {
    const message = `${entry} waits for a promise that nothing can settle any more`;
    fail(
      new BerthError([
        problem(loaderCodes.BERTH7105, { message, site: { file: entry, line: 1, column: 1 } }),
      ]),
    );
  }
}

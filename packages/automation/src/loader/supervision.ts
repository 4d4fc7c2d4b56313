import { AsyncLocalStorage } from "node:async_hooks";
import { setImmediate } from "node:timers/promises";
import { BerthError, problem } from "@berth/diagnostics";
import { loaderCodes } from "./codes.ts";

/** A program that runs. */
interface Running {
  readonly entry: string;
  /** Whether an error comes from the program's own code. */
  readonly owns: (error: unknown) => boolean;
  /** Ends the wait for it. */
  readonly fail: (error: unknown) => void;
}

const running = new AsyncLocalStorage<Running>();
const all = new Set<Running>();
let exit: typeof process.exit | undefined;

/**
 * Runs a program so that it can neither end the process nor leave it waiting for ever without a
 * word, and so that promises that it leaves behind rejected are its own failure.
 *
 * @throws BERTH7105 where nothing is left that could let the program go on, BERTH7106 where it calls
 *   `process.exit`, and what the program throws
 */
export async function supervise<T>(
  { entry, owns }: Pick<Running, "entry" | "owns">,
  run: () => Promise<T>,
): Promise<T> {
  return new Promise<T>((resolve, fail) => {
    const program = { entry, owns, fail };
    begin(program);
    const settle = async (): Promise<T> => {
      try {
        return await running.run(program, run);
      } finally {
        // Node tells of rejections that nobody handles once the program has settled.
        await setImmediate();
        end(program);
      }
    };
    settle().then(resolve, fail);
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
    process.on("unhandledRejection", failRejected);
  }
  all.add(program);
}

function end(program: Running): void {
  all.delete(program);
  if (all.size > 0 || !exit) return;
  process.exit = exit;
  process.off("beforeExit", failWaiting);
  process.off("unhandledRejection", failRejected);
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

function failRejected(reason: unknown): void {
  const program = [...all].find(({ owns }) => owns(reason));
  if (program) program.fail(reason);
  // What is not a program's is treated as if nobody listened here.
  else if (process.listenerCount("unhandledRejection") === 1) process.nextTick(rethrow, reason);
}

function rethrow(reason: unknown): never {
  throw reason;
}

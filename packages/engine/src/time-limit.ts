import { type Problem, problem } from "@berth/diagnostics";
import { engineCodes } from "./codes.ts";

/**
 * Nobody waits for an answer any more. It is no answer itself: what was asked for may have been done, may still be
 * done, or not, so that whoever meets this finds out as after an answer that was lost.
 */
export class TimedOut extends Error {
  readonly problem: Problem;

  constructor(what: string, seconds: number) {
    const message = `${what} took longer than the ${formatSeconds(seconds)} that customTimeouts give it`;
    super(message);
    this.problem = problem(engineCodes.BERTH6072, { message });
  }
}

/** How long a request may take, as it is told in the request. */
export interface Limits {
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

/**
 * Asks a provider, and waits for its answer so many seconds. Then the request is aborted, and what it comes to is not
 * looked at any more.
 *
 * @param seconds - `undefined`: as long as it takes
 * @param what - what is asked for, for people
 * @param signal - aborts the request too
 * @throws TimedOut
 */
export async function withinTime<T>(
  seconds: number | undefined,
  what: string,
  ask: (limits: Limits) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  if (seconds === undefined) return ask(signal ? { signal } : {});
  const controller = new AbortController();
  const late = new TimedOut(what, seconds);
  const asked = ask({
    timeout: seconds,
    signal: signal ? AbortSignal.any([signal, controller.signal]) : controller.signal,
  });
  asked.catch(() => undefined);
  let timer: NodeJS.Timeout | undefined;
  const expiry = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      controller.abort(late);
      reject(late);
    }, seconds * 1000);
  });
  try {
    return await Promise.race([asked, expiry]);
  } catch (thrown) {
    throw controller.signal.aborted ? late : thrown;
  } finally {
    clearTimeout(timer);
  }
}

function formatSeconds(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 3600), "h"],
    [Math.floor((seconds % 3600) / 60), "m"],
    [Math.round((seconds % 60) * 1000) / 1000, "s"],
  ] as const;
  return parts.flatMap(([amount, unit]) => (amount > 0 ? [`${amount}${unit}`] : [])).join("");
}

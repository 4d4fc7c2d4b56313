import { median } from "../bench.ts";

/** Something to be timed. */
export interface Timed {
  /** Returns how long it took, in milliseconds, so that it can leave out what does not count. */
  once(): Promise<number>;
}

/**
 * Median milliseconds of each. They take turns, so that whatever else the machine does meets them
 * alike and their ratios mean something. The first round only warms up.
 */
export async function interleaved(timed: readonly Timed[], rounds: number): Promise<readonly number[]> {
  const times = timed.map((): number[] => []);
  for (let round = -1; round < rounds; round++) {
    for (const [index, each] of timed.entries()) {
      const milliseconds = await each.once();
      if (round >= 0) times[index]?.push(milliseconds);
    }
  }
  return times.map(median);
}

/** Runs something and says how long it took, in milliseconds. */
export type Clock = (run: () => unknown) => Promise<number>;

/** Milliseconds that it took. */
export async function timeOf(run: () => unknown): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

/** Milliseconds of processor time that it took: other processes hardly bear on it. */
export async function processorTimeOf(run: () => unknown): Promise<number> {
  const start = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

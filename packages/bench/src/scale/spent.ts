import { median } from "../bench.ts";

/** What something took, in milliseconds. */
export interface Spent {
  /** By the clock on the wall: what people wait, and what everything else on the machine adds to it. */
  readonly elapsed: number;
  /** Of the processor, by this process: other processes hardly bear on it, so that growth is told by it. */
  readonly processor: number;
}

export async function spentBy(run: () => unknown): Promise<Spent> {
  const [start, processor] = [performance.now(), process.cpuUsage()];
  await run();
  const elapsed = performance.now() - start;
  const { user, system } = process.cpuUsage(processor);
  return { elapsed, processor: (user + system) / 1000 };
}

/** Middle values of each. */
export function medianSpent(all: readonly Spent[]): Spent {
  return {
    elapsed: median(all.map((each) => each.elapsed)),
    processor: median(all.map((each) => each.processor)),
  };
}

/**
 * What each takes, by the median. They take turns, so that whatever else the machine does meets them
 * alike and their ratios mean something. The first round only warms up.
 */
export async function inTurns(
  things: readonly (() => Promise<Spent>)[],
  rounds: number,
): Promise<readonly Spent[]> {
  const spent = things.map((): Spent[] => []);
  for (let round = -1; round < rounds; round++) {
    for (const [index, once] of things.entries()) {
      const found = await once();
      if (round >= 0) spent[index]?.push(found);
    }
  }
  return spent.map(medianSpent);
}

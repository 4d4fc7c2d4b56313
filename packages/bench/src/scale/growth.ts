import type { Measurement } from "../bench.ts";

/** A number of things and the time they took, in any unit. */
export interface Cost {
  readonly count: number;
  readonly time: number;
}

/**
 * How time grew from `few` to `many` things, as a multiple of n log n: 1 is exactly n log n, what is
 * linear is below it, and what is quadratic is near `many / few`.
 */
export function growthBeyondNLogN(few: Cost, many: Cost): number {
  const expected = (many.count * Math.log(many.count)) / (few.count * Math.log(few.count));
  return many.time / few.time / expected;
}

/** The promise that time grows no worse than n log n, told by processor time. */
export function growthMeasurement(few: Cost, many: Cost): Measurement {
  return {
    name: `  processor time from ${few.count} to ${many.count}, beside n log n`,
    value: growthBeyondNLogN(few, many),
    unit: "times",
    target: { atMost: 1 },
  };
}

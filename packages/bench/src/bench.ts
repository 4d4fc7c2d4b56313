/** One number that a bench has found. */
export interface Measurement {
  /** What was measured: `berth --version`. */
  readonly name: string;
  readonly value: number;
  /** `ms`, `pods/s`, `MB`, `times`. */
  readonly unit: string;
  /** What the project promises, in the same unit. */
  readonly target?: { readonly atMost: number } | { readonly atLeast: number };
}

/** Something whose speed or size matters, measured by `npm run bench -- NAME`. */
export interface Bench {
  readonly name: string;
  /** One line: what is measured, and against what. */
  readonly description: string;
  /** Runs only where it is named or peers are asked for: it installs what berth itself does not need. */
  readonly onDemand?: true;
  /** Measures. `progress` shows a line to whoever waits. */
  run(progress: (line: string) => void): Promise<readonly Measurement[]>;
}

/** Whether a measurement keeps its target; one without a target does. */
export function isMet({ value, target }: Measurement): boolean {
  if (target === undefined) return true;
  return "atMost" in target ? value <= target.atMost : value >= target.atLeast;
}

/** The middle value; of an even number of values the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  if (low === undefined || high === undefined) throw new RangeError("no values, no median");
  return (low + high) / 2;
}

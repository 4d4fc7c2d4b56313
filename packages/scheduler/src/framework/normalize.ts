/** Scales to 0…100 by the largest score; all stay 0 where it is 0. */
export function normalizeByMaximum(scores: Float64Array, _nodes: Int32Array, count: number): void {
  const { most } = extremes(scores, count);
  if (most > 0) replace(scores, count, 0, most, (score) => Math.trunc((100 * score) / most));
}

/** The same where less is better: 100 for nothing, and for all where all have nothing. */
export function normalizeReversed(scores: Float64Array, _nodes: Int32Array, count: number): void {
  const { most } = extremes(scores, count);
  if (most === 0) scores.fill(100, 0, count);
  else replace(scores, count, 0, most, (score) => 100 - Math.trunc((100 * score) / most));
}

/** The smallest and the largest of the first `count` scores. */
export function extremes(
  scores: Float64Array,
  count: number,
): { readonly least: number; readonly most: number } {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < count; i++) {
    const score = scores[i]!;
    if (score < least) least = score;
    if (score > most) most = score;
  }
  return { least, most };
}

/**
 * Puts `by(score)` in place of each score, which are whole numbers from `least` to `most`. Where
 * there are fewer numbers than scores, each is worked out once.
 */
export function replace(
  scores: Float64Array,
  count: number,
  least: number,
  most: number,
  by: (score: number) => number,
): void {
  if (most - least < count) {
    const table = new Float64Array(most - least + 1);
    for (let i = 0; i < table.length; i++) table[i] = by(least + i);
    for (let i = 0; i < count; i++) scores[i] = table[scores[i]! - least]!;
  } else {
    for (let i = 0; i < count; i++) scores[i] = by(scores[i]!);
  }
}

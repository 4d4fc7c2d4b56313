/** Scales to 0…100 by the largest score; all stay 0 where it is 0. */
export function normalizeByMaximum(scores: Float64Array, _nodes: Int32Array, count: number): void {
  const most = maximum(scores, count);
  if (most === 0) return;
  for (let i = 0; i < count; i++) scores[i] = Math.trunc((100 * scores[i]!) / most);
}

/** The same where less is better: 100 for nothing, and for all where all have nothing. */
export function normalizeReversed(scores: Float64Array, _nodes: Int32Array, count: number): void {
  const most = maximum(scores, count);
  for (let i = 0; i < count; i++) scores[i] = most === 0 ? 100 : 100 - Math.trunc((100 * scores[i]!) / most);
}

function maximum(scores: Float64Array, count: number): number {
  let most = 0;
  for (let i = 0; i < count; i++) if (scores[i]! > most) most = scores[i]!;
  return most;
}

/**
 * How time grew from `few` to `many` things, as a multiple of n log n: 1 is exactly n log n, what is
 * linear is below it, and what is quadratic is near `many / few`.
 */
export function growthBeyondNLogN(
  few: { readonly count: number; readonly milliseconds: number },
  many: { readonly count: number; readonly milliseconds: number },
): number {
  const expected = (many.count * Math.log(many.count)) / (few.count * Math.log(few.count));
  return many.milliseconds / few.milliseconds / expected;
}

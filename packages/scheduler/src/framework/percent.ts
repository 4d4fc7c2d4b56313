/** Above this a hundredfold is no longer exact in a double. */
const exactBelow = Number.MAX_SAFE_INTEGER / 100;

/** Whole percent, rounded towards zero, as 64-bit integers would give it. */
export function percentOf(part: number, whole: number): number {
  if (part < exactBelow) return Math.trunc((part * 100) / whole);
  return Number((BigInt(part) * 100n) / BigInt(whole));
}

/** How long a lock lasts and how often its holder renews it; milliseconds. */
export interface LeaseTimes {
  /** After this long without a renewal anybody may take the lock over. */
  readonly ttl: number;
  /** Between two renewals. */
  readonly renewal: number;
}

/**
 * A minute, renewed every twenty seconds: a process that plans for seconds without a pause, or is swapped
 * out for a while, keeps its lock, and a job that was killed blocks the next one for a minute at most.
 * Azure grants blob leases of 15 to 60 seconds.
 */
export const defaultLeaseTimes: LeaseTimes = { ttl: 60_000, renewal: 20_000 };

/**
 * Renews now and then until it is stopped, without keeping the process alive. A renewal that fails is
 * not reported: whoever writes next finds out whether the lock is still held.
 *
 * @returns stops it, and resolves when no renewal is under way any more
 */
export function keepRenewing(renew: () => Promise<void>, { renewal }: LeaseTimes): () => Promise<void> {
  let underWay = Promise.resolve();
  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    underWay = renew()
      .catch(() => {})
      .finally(() => {
        busy = false;
      });
  }, renewal);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await underWay;
  };
}

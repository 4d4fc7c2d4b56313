/** Longer than any operation, and short enough for timers. */
const longest = 7 * 24 * 3600;

const pattern = /^(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m)?(?:(\d+(?:\.\d+)?)s)?$/;

/**
 * Seconds, from a number of them or text: `90`, `"90s"`, `"10m"`, `"1h30m"`. `undefined` where it is no such thing, not
 * above zero, or above a week.
 */
export function readDuration(given: unknown): number | undefined {
  const seconds = typeof given === "string" ? secondsOf(given) : given;
  if (typeof seconds !== "number" || !(seconds > 0) || seconds > longest) return undefined;
  return seconds;
}

function secondsOf(text: string): number | undefined {
  const found = text === "" ? null : pattern.exec(text);
  if (!found) return undefined;
  const [, hours = "0", minutes = "0", seconds = "0"] = found;
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}

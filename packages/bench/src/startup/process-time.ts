import { spawnSync } from "node:child_process";
import { median } from "../bench.ts";

/**
 * Median wall-clock milliseconds of each command under this Node. The commands take turns, so that
 * whatever else the machine does meets them alike; the first rounds only warm the file cache.
 */
export function medianTimes(
  commands: readonly (readonly string[])[],
  { rounds, warmups }: { readonly rounds: number; readonly warmups: number },
): readonly number[] {
  const times = commands.map((): number[] => []);
  for (let round = -warmups; round < rounds; round++) {
    for (const [index, args] of commands.entries()) {
      const milliseconds = timeOf(args);
      if (round >= 0) times[index]?.push(milliseconds);
    }
  }
  return times.map(median);
}

function timeOf(args: readonly string[]): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
  const milliseconds = performance.now() - start;
  if (status !== 0) throw new Error(`node ${args.join(" ")} exited with ${status}: ${stderr.toString()}`);
  return milliseconds;
}

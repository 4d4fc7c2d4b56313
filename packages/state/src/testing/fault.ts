/** What is to happen at one write to the file system of a real process. */
export interface Fault {
  /**
   * `kill`: SIGKILL to itself; `full`: ENOSPC from this write on, as when a disk is full; `read-only`: EROFS
   * from this write on, as when a file system was mounted so.
   */
  readonly kind: "kill" | "full" | "read-only";
  /** Which write: 1 is the first. Creating, writing, syncing, renaming, linking and removing all count. */
  readonly at: number;
  /** Only writes to paths that hold this text count. */
  readonly path: string;
}

/**
 * Environment in which a Node process meets the fault: a preload wraps `node:fs/promises` and the
 * synchronous functions of `node:fs`, so that what is shipped needs no hook. A process that ran through
 * to its end met no fault: `at` was beyond its writes.
 *
 * @example spawn(process.execPath, ["berth.ts", "up"], { env: { ...process.env, ...faultEnvironment({ kind: "kill", at: 7, path: ".berth/state" }) } });
 */
export function faultEnvironment(fault: Fault): Record<string, string> {
  const preload = new URL("./fault-preload.ts", import.meta.url).href;
  const options = process.env["NODE_OPTIONS"];
  return {
    NODE_OPTIONS: `${options ? `${options} ` : ""}--import=${preload}`,
    BERTH_FAULT: JSON.stringify(fault),
  };
}

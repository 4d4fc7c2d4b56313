import { execFileSync } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/**
 * Which process it was, so that a process that got the same number later is not taken for it: on Linux
 * by boot, process namespace and start time, on macOS by start time, elsewhere by number alone.
 */
export interface ProcessIdentity {
  readonly host: string;
  readonly pid: number;
  /** Linux: id of the system's boot. */
  readonly boot?: string;
  /** Linux: the process namespace, which containers have of their own. */
  readonly namespace?: string;
  /** Start time as the system tells it; compared, never read. */
  readonly started?: string;
}

/** `unknown`: it ran where this process cannot look, on another machine or in another container. */
export type Liveness = "alive" | "dead" | "unknown";

/** The identity of the process that asks. */
export function ownIdentity(): ProcessIdentity {
  const boot = bootId();
  const namespace = processNamespace();
  const started = startTime(process.pid);
  return {
    host: hostname(),
    pid: process.pid,
    ...(boot && { boot }),
    ...(namespace && { namespace }),
    ...(started && { started }),
  };
}

/** Whether that process still runs, as far as it can be told from here. */
export function liveness(identity: ProcessIdentity): Liveness {
  if (identity.host !== hostname()) return "unknown";
  if (identity.boot !== bootId()) return identity.boot === undefined ? "unknown" : "dead";
  if (identity.namespace !== processNamespace()) return "unknown";
  if (!answers(identity.pid)) return "dead";
  const started = startTime(identity.pid);
  if (started === undefined) return identity.started === undefined ? "alive" : "dead";
  return identity.started === undefined || started === identity.started ? "alive" : "dead";
}

function answers(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it exists and belongs to somebody else.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** `undefined`: no such process, a zombie, or a system that does not tell. */
function startTime(pid: number): string | undefined {
  if (process.platform === "linux") {
    // The command's name, in parentheses, may hold anything; fields are counted after it. 3rd: state, 22nd: start.
    const fields = read(`/proc/${pid}/stat`)?.replace(/^.*\)/s, "").trim().split(" ");
    const state = fields?.[0];
    return state === undefined || state === "Z" || state === "X" ? undefined : fields?.[19];
  }
  if (process.platform === "darwin") {
    try {
      return (
        execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], {
          encoding: "utf8",
          env: { LC_ALL: "C" },
        }).trim() || undefined
      );
    } catch {
      return undefined;
    }
  }
  return undefined;
}

function bootId(): string | undefined {
  return process.platform === "linux" ? read("/proc/sys/kernel/random/boot_id")?.trim() : undefined;
}

function processNamespace(): string | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return undefined;
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

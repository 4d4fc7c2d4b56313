import { randomUUID } from "node:crypto";
import { userInfo } from "node:os";
import type { Json } from "@berth/core";
import type { LockHolder } from "./backend.ts";
import { isJsonObject } from "./parse.ts";
import { liveness, ownIdentity, type ProcessIdentity } from "./process-identity.ts";

/** What a holder writes down about itself when it takes a lock. */
export interface LockClaim {
  /** A UUID, different for each time that a lock is taken. */
  readonly id: string;
  readonly operation: string;
  readonly user: string;
  readonly host: string;
  readonly pid: number;
  /** ISO 8601, UTC. */
  readonly since: string;
  readonly process: ProcessIdentity;
}

/** What this process says when it takes a lock now. */
export function newClaim(operation: string): LockClaim {
  const identity = ownIdentity();
  return {
    id: randomUUID(),
    operation,
    user: userName(),
    host: identity.host,
    pid: identity.pid,
    since: new Date().toISOString(),
    process: identity,
  };
}

/** A claim as others see it. `remaining`: milliseconds until the lease runs out. */
export function holderOf(claim: LockClaim, fence: number, remaining: number, now: number): LockHolder {
  const { id, operation, user, host, pid, since } = claim;
  const until = new Date(now + remaining).toISOString();
  const state = liveness(claim.process) === "dead" ? "dead" : remaining < 0 ? "expired" : "held";
  return { id, operation, user, host, pid, since, fence, until, state };
}

/** The claim that JSON holds, `undefined` where it holds none. */
export function parseClaim(value: Json | undefined): LockClaim | undefined {
  if (!isJsonObject(value) || !isJsonObject(value["process"])) return undefined;
  const { id, operation, user, host, pid, since } = value;
  const { boot, namespace, started, ...ran } = value["process"];
  const texts =
    typeof id === "string" &&
    /^[0-9a-f-]{36}$/.test(id) &&
    typeof operation === "string" &&
    typeof user === "string";
  if (!texts || typeof host !== "string" || typeof pid !== "number" || typeof since !== "string")
    return undefined;
  if (typeof ran["host"] !== "string" || typeof ran["pid"] !== "number") return undefined;
  const identity: ProcessIdentity = {
    host: ran["host"],
    pid: ran["pid"],
    ...(typeof boot === "string" && { boot }),
    ...(typeof namespace === "string" && { namespace }),
    ...(typeof started === "string" && { started }),
  };
  return { id, operation, user, host, pid, since, process: identity };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A user id without an entry in the system's list, as containers often have.
    return process.getuid ? `user ${process.getuid()}` : "unknown";
  }
}

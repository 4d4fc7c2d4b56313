import { BerthError, problem } from "@berth/diagnostics";
import type { LockHolder } from "./backend.ts";
import { stateCodes } from "./codes.ts";

/** Who it is, for people: `ann@build-7, process 4711, running up since 2026-11-23T10:00:00.000Z`. */
export function describeHolder(holder: LockHolder): string {
  return `${holder.user}@${holder.host}, process ${holder.pid}, running ${holder.operation} since ${holder.since}`;
}

/** BERTH4055 */
export function notThatHolder(stack: string, holder: LockHolder | undefined): BerthError {
  const now = holder ? `it is held by ${describeHolder(holder)}` : "nobody holds it";
  return new BerthError([
    problem(stateCodes.BERTH4055, { message: `the lock of stack "${stack}" was not broken: ${now}` }),
  ]);
}

/** BERTH4001 */
export function lockedBy(stack: string, holder: LockHolder, file: string): BerthError {
  return new BerthError([
    problem(stateCodes.BERTH4001, {
      message: `stack "${stack}" is locked by ${describeHolder(holder)}, until ${holder.until} unless it is renewed (${file})`,
    }),
  ]);
}

/** BERTH4002 */
export function lockLost(stack: string, holder: LockHolder | undefined): BerthError {
  const now = holder ? `it belongs to ${describeHolder(holder)} now` : "it was broken or deleted";
  return new BerthError([
    problem(stateCodes.BERTH4002, { message: `the lock of stack "${stack}" was lost: ${now}` }),
  ]);
}

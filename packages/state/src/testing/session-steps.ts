import type { PendingOperation, ResourceRecord } from "@berth/core";
import { BerthError } from "@berth/diagnostics";
import { equal, ok, rejects } from "node:assert/strict";
import type { StateSession } from "../backend.ts";

/** Creates resources, each announced and recorded. */
export async function create(session: StateSession, ...records: readonly ResourceRecord[]): Promise<void> {
  // In an order in which each finds what it depends on, whatever the order they were given in.
  const waiting = records.toSorted((a, b) => a.dependencies.length - b.dependencies.length);
  for (const record of waiting) {
    const operation: PendingOperation = {
      urn: record.urn,
      type: record.type,
      action: "create",
      operationKey: record.operationKey,
    };
    await session.begin(operation);
    await session.succeed(operation, { kind: "recorded", record });
  }
}

/** Holds that it is refused with that code, in words that hold this text. */
export async function rejectsWith(code: string, run: () => Promise<unknown>, text = ""): Promise<void> {
  await rejects(run, (error) => {
    ok(BerthError.is(error), `not a coded error: ${String(error)}`);
    equal(error.problems[0]?.code, code);
    ok(error.message.includes(text), error.message);
    return true;
  });
}

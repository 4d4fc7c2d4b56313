import type { PendingOperation, ResourceRecord, Urn } from "@berth/core";
import type { Change } from "@berth/planner";
import { randomUUID } from "node:crypto";
import type { Running } from "./running.ts";

/** Deletions for which nobody is asked: what goes with something else that is deleted. */
export interface Companions {
  /** The deletion did not happen, so theirs did not either. */
  stay(reason: string): Promise<void>;
}

/**
 * Announces what disappears with a resource, before that is asked for. Each is forgotten by a step of its own, later;
 * where the operation ends in between, the next one finds their deletions pending, and looks what became of them.
 */
export async function announceCompanions(running: Running, { urn }: ResourceRecord): Promise<Companions> {
  const { session } = running;
  const announced = goingWith(running, urn).flatMap((change) =>
    recordsOf(running, change).map(([record, superseded]) => {
      const which = superseded === undefined ? {} : { superseded };
      const { urn: own, type } = record;
      const interrupted = session.pending(own, superseded);
      const pending: PendingOperation = {
        urn: own,
        type,
        action: "delete",
        operationKey: randomUUID(),
        ...which,
      };
      return { pending, interrupted };
    }),
  );
  await Promise.all(announced.map(({ pending }) => session.begin(pending)));
  return {
    async stay(reason) {
      await Promise.all(
        announced.map(({ pending, interrupted }) =>
          interrupted ? session.begin(interrupted) : session.fail(pending, reason),
        ),
      );
    },
  };
}

/** Changes of what goes with a resource, and of what goes with that in turn. */
function goingWith(running: Running, urn: Urn): readonly Change[] {
  const going = new Set<Urn>([urn]);
  const found: Change[] = [];
  for (const each of going) {
    for (const change of running.deletedWith(each)) {
      if (going.has(change.urn)) continue;
      going.add(change.urn);
      found.push(change);
    }
  }
  return found;
}

/** What a change lets go: what was superseded, with its key, by what stands there now; or else what stands there still. */
function recordsOf(
  { session }: Running,
  { urn, replacement, reason }: Change,
): readonly (readonly [record: ResourceRecord, superseded?: string])[] {
  if (replacement === "create-first" || reason.kind === "superseded")
    return session.superseded(urn).map((each) => [each, each.operationKey]);
  const record = session.record(urn);
  // While its successor is being made, what is announced under its URN is that.
  return record && session.pending(urn)?.action !== "create" ? [[record]] : [];
}

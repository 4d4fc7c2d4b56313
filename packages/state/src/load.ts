import type { StackState } from "@berth/core";
import { type JournalBase, type JournalEnd, replayJournal } from "./journal.ts";
import { decodeSnapshot } from "./snapshot.ts";
import type { StackStorage } from "./storage.ts";

/** A stack's state as read, and how the journal goes on from there. */
export interface LoadedState {
  readonly state: StackState;
  readonly base: JournalBase;
  /** `undefined`: there is no journal to go on with. */
  readonly end: JournalEnd | undefined;
  /** Bytes of the journal that count. */
  readonly length: number;
  /** What a crash left: a last line to cut off, one that only lacks its line break, a journal that is in the snapshot already. */
  readonly journal: "whole" | "torn" | "unterminated" | "stale";
}

/** Reads, verifies and replays. @throws BERTH4004 to BERTH4007 */
export async function loadState(
  storage: StackStorage,
  expected: { readonly project: string; readonly stack: string },
): Promise<LoadedState> {
  const texts = await storage.read();
  const empty: StackState = { ...expected, serial: 0, resources: [], outputs: {}, pending: [] };
  const { state: snapshot, checksum } =
    texts.snapshot === undefined
      ? { state: empty, checksum: "" }
      : decodeSnapshot(texts.snapshot, storage.describe("snapshot"), expected);
  const base: JournalBase = { serial: snapshot.serial, checksum };
  if (texts.journal === undefined)
    return { state: snapshot, base, end: undefined, length: 0, journal: "whole" };

  const { state, end, length, unterminated } = replayJournal(
    texts.journal,
    storage.describe("journal"),
    snapshot,
    checksum,
  );
  if (!end) return { state, base, end, length: 0, journal: "stale" };
  if (unterminated) return { state, base, end, length, journal: "unterminated" };
  return {
    state,
    base,
    end,
    length,
    journal: length === Buffer.byteLength(texts.journal) ? "whole" : "torn",
  };
}

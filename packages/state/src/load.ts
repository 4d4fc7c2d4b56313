import type { StackState } from "@berth/core";
import { type JournalBase, type JournalEnd, replayJournal } from "./journal.ts";
import { newestVersion } from "./migration.ts";
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
  /** A part of it has an older format: it is written anew before anything is added. */
  readonly isOld: boolean;
}

/** Reads, verifies and replays. @throws BERTH4004 to BERTH4007 */
export async function loadState(
  storage: StackStorage,
  expected: { readonly project: string; readonly stack: string },
): Promise<LoadedState> {
  const texts = await storage.read();
  const empty: StackState = { ...expected, serial: 0, resources: [], outputs: {}, pending: [] };
  const {
    state: snapshot,
    checksum,
    version,
  } = texts.snapshot === undefined
    ? { state: empty, checksum: "", version: newestVersion }
    : decodeSnapshot(texts.snapshot, storage.describe("snapshot"), expected);
  const base: JournalBase = { serial: snapshot.serial, checksum };
  const isOldSnapshot = version < newestVersion;
  if (texts.journal === undefined)
    return { state: snapshot, base, end: undefined, length: 0, journal: "whole", isOld: isOldSnapshot };

  const {
    state,
    end,
    length,
    unterminated,
    version: journalVersion = newestVersion,
  } = replayJournal(texts.journal, storage.describe("journal"), snapshot, checksum);
  const isOld = isOldSnapshot || journalVersion < newestVersion;
  if (!end) return { state, base, end, length: 0, journal: "stale", isOld };
  if (unterminated) return { state, base, end, length, journal: "unterminated", isOld };
  return {
    state,
    base,
    end,
    length,
    journal: length === Buffer.byteLength(texts.journal) ? "whole" : "torn",
    isOld,
  };
}

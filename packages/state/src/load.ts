import type { StackState } from "@berth/core";
import { type JournalBase, type JournalEnd, replayJournal } from "./journal.ts";
import { newestVersion } from "./migration.ts";
import { type DecodedSnapshot, decodeSnapshot } from "./snapshot.ts";
import type { StackStorage } from "./storage.ts";

/** A stack's state as read, and how the journal goes on from there. */
export interface LoadedState {
  readonly state: StackState;
  readonly base: JournalBase;
  /** The highest fencing token that is recorded; 0 where none is. */
  readonly fence: number;
  /** `undefined`: no journal has anything that is not in the snapshot. */
  readonly end: JournalEnd | undefined;
  readonly hasJournal: boolean;
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
  const snapshot: DecodedSnapshot =
    texts.snapshot === undefined
      ? { state: empty, checksum: "", fence: 0, version: newestVersion }
      : decodeSnapshot(texts.snapshot, storage.snapshotName, expected);
  const base: JournalBase = { serial: snapshot.state.serial, checksum: snapshot.checksum };
  const { journal, journalName } = texts;
  const { version = newestVersion, ...replayed } =
    journal === undefined
      ? { state: snapshot.state, fence: snapshot.fence }
      : replayJournal(journal, journalName, snapshot);
  const isOld = Math.min(snapshot.version, version) < newestVersion;
  return { end: undefined, ...replayed, base, hasJournal: journal !== undefined, isOld };
}

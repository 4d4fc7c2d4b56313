import type { LockHolder } from "./backend.ts";

/** The texts that a stack's state consists of. */
export interface StackTexts {
  readonly snapshot: string | undefined;
  /** The journal with the highest fencing token. */
  readonly journal: string | undefined;
  /** The journal's name for messages: `.berth/state/dev/journal.7.jsonl`. */
  readonly journalName: string;
}

/**
 * Where one stack's bytes live: what a new backend implements. It knows nothing of their meaning;
 * format, checksums and replay are the same everywhere. Everything that is written is durable when
 * its promise resolves. Errors are coded.
 */
export interface StackStorage {
  /** The snapshot's name for messages: `.berth/state/dev/snapshot.json`. */
  readonly snapshotName: string;
  /** Snapshot and journal that belong together, also while somebody writes. */
  read(): Promise<StackTexts>;
  readCluster(key: string): Promise<string | undefined>;
  /** Snapshots that were replaced and kept, the newest first. Empty where none are. */
  readHistory(): Promise<readonly KeptSnapshot[]>;
  /**
   * Takes the stack's lock, with a fencing token that is higher than any before and than `above`.
   *
   * @throws BERTH4001
   */
  lock(operation: string, above: number): Promise<HeldStorage>;
  holder(): Promise<LockHolder | undefined>;
  /** Breaks the lock of that holder and no other. @throws BERTH4055 */
  unlock(holderId: string): Promise<void>;
}

/** A snapshot of the history. */
export interface KeptSnapshot {
  /** For messages: `.berth/state/dev/history/17.json`. */
  readonly name: string;
  readonly text: string;
}

/** Serials under which snapshots stand in the history. */
export interface SnapshotSerials {
  readonly serial: number;
  /** Serial of the snapshot that is replaced; `undefined`: there was none. */
  readonly replaced: number | undefined;
}

/**
 * A stack's bytes under its lock. Whoever takes the lock next sees all that resolved here. What did not
 * resolve because the lock was lost meanwhile (BERTH4002) never changes what the next holder wrote; the
 * next holder may have seen it.
 */
export interface HeldStorage extends StackStorage {
  /** The lock's fencing token. */
  readonly fence: number;
  /** Replaces the snapshot at once: readers see the old or the new one. */
  writeSnapshot(text: string, serials: SnapshotSerials): Promise<void>;
  /** Appends to a journal of this lock's own. */
  appendJournal(text: string): Promise<void>;
  /** How many appends a journal takes at most. Absent: any number. */
  readonly maxAppends?: number;
  /** Removes this lock's journal and those of locks before it. */
  removeJournal(): Promise<void>;
  /**
   * Keeps snapshot and journals as they are, byte by byte, beside the state under names that nothing reads: damaged
   * files before they are repaired. Answers the names. What has no files keeps nothing.
   */
  keepDamaged(): Promise<readonly string[]>;
  listClusters(): Promise<readonly string[]>;
  writeCluster(key: string, text: string): Promise<void>;
  removeCluster(key: string): Promise<void>;
  /** Removes everything but the lock, which goes with its release. */
  removeAll(): Promise<void>;
  release(): Promise<void>;
}

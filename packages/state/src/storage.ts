import type { LockHolder } from "./backend.ts";

/** The texts that a stack's state consists of. */
export interface StackTexts {
  readonly snapshot: string | undefined;
  readonly journal: string | undefined;
}

/**
 * Where one stack's bytes live: what a new backend implements. It knows nothing of their meaning;
 * format, checksums and replay are the same everywhere. Everything that is written is durable when
 * its promise resolves. Errors are coded (BERTH4010, BERTH4011).
 */
export interface StackStorage {
  /** Name of a part for messages: `.berth/state/dev/journal.jsonl`. */
  describe(part: "snapshot" | "journal"): string;
  /** Snapshot and journal that belong together, also while somebody writes. */
  read(): Promise<StackTexts>;
  readCluster(key: string): Promise<string | undefined>;
  /** The stack's lock. @throws BERTH4001 */
  lock(operation: string): Promise<HeldStorage>;
  holder(): Promise<LockHolder | undefined>;
}

/** A stack's bytes under its lock. */
export interface HeldStorage extends StackStorage {
  /** @throws BERTH4002 when the lock is no longer ours. */
  assertHeld(): Promise<void>;
  /** Replaces the snapshot at once: readers see the old or the new one. */
  writeSnapshot(text: string): Promise<void>;
  appendJournal(text: string): Promise<void>;
  /** Cuts off what comes after the first `length` bytes. */
  truncateJournal(length: number): Promise<void>;
  removeJournal(): Promise<void>;
  listClusters(): Promise<readonly string[]>;
  writeCluster(key: string, text: string): Promise<void>;
  removeCluster(key: string): Promise<void>;
  /** Removes everything but the lock. */
  removeAll(): Promise<void>;
  release(): Promise<void>;
}

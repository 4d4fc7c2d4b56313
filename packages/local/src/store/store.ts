import { BerthError } from "@berth/diagnostics";
import type { Json } from "./json.ts";
import type { Change, Log } from "./log.ts";

/** Compaction pays when the log has so many times more writes than there are values, and is not short. */
const COMPACTION_FACTOR = 4;
const COMPACTION_MINIMUM = 1_000_000;

/** The values of a collection by key, in the order in which the keys were first written. */
export type Collection = ReadonlyMap<string, Json>;

/** What a transaction may do. Its own writes are visible to its reads. */
export interface Transaction {
  get(collection: string, key: string): Json | undefined;
  put(collection: string, key: string, value: NonNullable<Json>): void;
  delete(collection: string, key: string): void;
  /** Entries of a collection in the order in which they were first written. */
  entries(collection: string): Iterable<readonly [key: string, value: Json]>;
  /** Deletes every entry of a collection. */
  clear(collection: string): void;
  /** Keeps nothing of what was written here: the transaction only looked what would be. */
  discard(): void;
  /** Counts up: 1 the first time. Survives restarts; no number is given twice. */
  next(counter: string): number;
}

/** Collection of all counters. */
export const COUNTERS = "counters";

/** Collections of JSON values, changed by transactions: all of one or nothing, on disk before it is seen. */
export class Store {
  readonly #log: Log;
  readonly #collections = new Map<string, Map<string, Json>>();
  /** How many values the log says in all, those written over included. */
  #logged = 0;

  constructor(log: Log) {
    this.#log = log;
    for (const changes of log.read()) this.#apply(changes);
  }

  collection(name: string): Collection {
    return this.#collections.get(name) ?? new Map<string, Json>();
  }

  /** Runs a transaction. If `run` throws, or the disk refuses, nothing has changed. */
  transact<T>(run: (transaction: Transaction) => T): T {
    const staged = new StagedTransaction(this);
    const result = run(staged);
    const changes = staged.changes();
    if (changes.length > 0) {
      this.#log.append(changes);
      this.#apply(changes);
      this.#compactIfLong();
    }
    return result;
  }

  close(): void {
    this.#log.close();
  }

  #apply(changes: readonly Change[]): void {
    this.#logged += changes.length;
    for (const [name, key, value] of changes) {
      let collection = this.#collections.get(name);
      if (!collection) this.#collections.set(name, (collection = new Map()));
      if (value === null) collection.delete(key);
      else collection.set(key, value);
      if (collection.size === 0) this.#collections.delete(name);
    }
  }

  #compactIfLong(): void {
    if (this.#log.size < COMPACTION_MINIMUM) return;
    let values = 0;
    for (const collection of this.#collections.values()) values += collection.size;
    if (this.#logged < values * COMPACTION_FACTOR) return;
    this.#logged = values;
    try {
      this.#log.compact(this.#everything());
    } catch (error) {
      // The transaction is on disk already, in the log as it was: a full disk only keeps it long.
      if (!BerthError.is(error)) throw error;
    }
  }

  *#everything(): Iterable<Change> {
    for (const [name, collection] of this.#collections) {
      for (const [key, value] of collection) yield [name, key, value];
    }
  }
}

class StagedTransaction implements Transaction {
  readonly #store: Store;
  /** By collection, then key, in the order of the last write; `null` is a deletion. */
  readonly #staged = new Map<string, Map<string, Json>>();

  #isDiscarded = false;

  constructor(store: Store) {
    this.#store = store;
  }

  get(collection: string, key: string): Json | undefined {
    const staged = this.#staged.get(collection)?.get(key);
    if (staged === null) return undefined;
    return staged ?? this.#store.collection(collection).get(key);
  }

  put(collection: string, key: string, value: NonNullable<Json>): void {
    this.#stage(collection, key, value);
  }

  delete(collection: string, key: string): void {
    if (this.get(collection, key) !== undefined) this.#stage(collection, key, null);
  }

  *entries(collection: string): Iterable<readonly [string, Json]> {
    const staged = this.#staged.get(collection);
    const stored = this.#store.collection(collection);
    for (const [key, value] of stored) {
      const now = staged?.has(key) ? staged.get(key) : value;
      if (now !== null && now !== undefined) yield [key, now];
    }
    for (const [key, value] of staged ?? []) if (value !== null && !stored.has(key)) yield [key, value];
  }

  clear(collection: string): void {
    for (const [key] of this.entries(collection)) this.delete(collection, key);
  }

  next(counter: string): number {
    const now = Number(this.get(COUNTERS, counter) ?? 0) + 1;
    this.put(COUNTERS, counter, now);
    return now;
  }

  discard(): void {
    this.#isDiscarded = true;
  }

  changes(): Change[] {
    if (this.#isDiscarded) return [];
    const changes: Change[] = [];
    for (const [collection, values] of this.#staged) {
      for (const [key, value] of values) changes.push([collection, key, value]);
    }
    return changes;
  }

  #stage(collection: string, key: string, value: Json): void {
    let values = this.#staged.get(collection);
    if (!values) this.#staged.set(collection, (values = new Map()));
    values.set(key, value);
  }
}

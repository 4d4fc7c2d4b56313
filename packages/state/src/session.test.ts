import { describe, expect, test } from "vitest";
import { loadState } from "./load.ts";
import { openSession } from "./session.ts";
import type { HeldStorage, StackTexts } from "./storage.ts";
import { operationOn, recordOf } from "./testing/records.ts";

const expected = { project: "store", stack: "dev" };

/** A storage whose journal takes so many appends, as an append blob does. */
class ShortJournal implements HeldStorage {
  readonly snapshotName = "snapshot";
  readonly fence = 1;
  readonly maxAppends: number;
  #snapshot: string | undefined;
  #journal: string[] = [];
  snapshots = 0;

  constructor(maxAppends: number) {
    this.maxAppends = maxAppends;
  }

  async read(): Promise<StackTexts> {
    return { snapshot: this.#snapshot, journal: this.#journal.join("") || undefined, journalName: "journal" };
  }
  async writeSnapshot(text: string): Promise<void> {
    await Promise.resolve();
    this.#snapshot = text;
    this.snapshots += 1;
  }
  async appendJournal(text: string): Promise<void> {
    await Promise.resolve();
    if (this.#journal.length === this.maxAppends) throw new Error("the journal is full");
    this.#journal.push(text);
  }
  async removeJournal(): Promise<void> {
    await Promise.resolve();
    this.#journal = [];
  }
  readCluster = async () => undefined;
  readHistory = async () => [];
  keepDamaged = async () => [];
  listClusters = async () => [];
  writeCluster = async () => {};
  removeCluster = async () => {};
  removeAll = async () => {};
  holder = async () => undefined;
  unlock = async () => {};
  lock = async () => this;
  release = async () => {};
}

describe("a journal that takes few appends", () => {
  test.each([1, 2, 7])(
    "%d of them, is put into a snapshot when it is full, and nothing is lost",
    async (most) => {
      const storage = new ShortJournal(most);
      const session = await openSession(storage, await loadState(storage, expected));
      const create = async (name: string): Promise<void> => {
        await session.begin(operationOn(name));
        await session.succeed(operationOn(name), { kind: "recorded", record: recordOf(name) });
      };
      const names = Array.from({ length: 20 }, (_, i) => `r${String(i).padStart(2, "0")}`);
      // One after the other, then at once, so that some wait while a snapshot is written.
      for (const name of names.slice(0, 10)) {
        await create(name);
        expect((await loadState(storage, expected)).state).toEqual(session.state);
      }
      await Promise.all(names.slice(10).map(create));
      const { state } = await loadState(storage, expected);
      expect(state).toEqual(session.state);
      expect(state.resources).toEqual(names.map((name) => recordOf(name)));
      expect(storage.snapshots).toBeGreaterThan(1);
    },
  );
});

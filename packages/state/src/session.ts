import type {
  ClusterSnapshot,
  JsonObject,
  PendingOperation,
  ResourceRecord,
  SecretsKey,
  StackState,
  Urn,
} from "@berth/core";
import { BerthError, problem } from "@berth/diagnostics";
import type { Outcome, StateSession } from "./backend.ts";
import { canonicalJson } from "./canonical.ts";
import { clusterKey, encodeClusterSnapshot } from "./cluster-snapshot.ts";
import { stateCodes } from "./codes.ts";
import { encodeJournalEntry, encodeJournalStart, type JournalBase, type JournalEnd } from "./journal.ts";
import type { JournalEntry } from "./journal-entry.ts";
import { loadState } from "./load.ts";
import { asJson } from "./shape.ts";
import { encodeSnapshot } from "./snapshot.ts";
import { StackTable } from "./stack-table.ts";
import type { HeldStorage } from "./storage.ts";

interface Append {
  readonly text: string;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Opens a stack's state for writing on a storage whose lock is held. Repairs what a crash may have
 * left, and only that: a torn last journal line is cut off, a journal that is in the snapshot already
 * is removed, one whose last line break is missing goes into a snapshot.
 */
export async function openSession(
  storage: HeldStorage,
  expected: { readonly project: string; readonly stack: string },
): Promise<StateSession> {
  const loaded = await loadState(storage, expected);
  if (loaded.journal === "stale") await storage.removeJournal();
  if (loaded.journal === "torn") await storage.truncateJournal(loaded.length);
  const session = new JournalSession(
    storage,
    new StackTable(loaded.state),
    loaded.base,
    loaded.end,
    loaded.length,
  );
  if (loaded.journal === "unterminated") await session.commit();
  return session;
}

class JournalSession implements StateSession {
  readonly #storage: HeldStorage;
  readonly #table: StackTable;
  #base: JournalBase;
  #end: JournalEnd | undefined;
  /** Bytes of the journal that are known to be durable. */
  #length: number;
  #queue: Append[] = [];
  #flushing: Promise<void> | undefined;
  #failure: Error | undefined;
  #closed = false;

  constructor(
    storage: HeldStorage,
    table: StackTable,
    base: JournalBase,
    end: JournalEnd | undefined,
    length: number,
  ) {
    this.#storage = storage;
    this.#table = table;
    this.#base = base;
    this.#end = end;
    this.#length = length;
  }

  get state(): StackState {
    return this.#table.state();
  }

  record(urn: Urn): ResourceRecord | undefined {
    return this.#table.record(urn);
  }

  pending(urn: Urn): PendingOperation | undefined {
    return this.#table.pending(urn);
  }

  begin(operation: PendingOperation): Promise<void> {
    return this.#write({ kind: "begin", operation });
  }

  succeed(operation: PendingOperation, outcome: Outcome): Promise<void> {
    this.#refuseUnannounced(operation);
    const { operationKey, urn } = operation;
    if (outcome.kind === "removed") {
      this.#refuseNeeded(urn);
      return this.#write({ kind: "removed", operationKey, urn });
    }
    return this.#write({ kind: "recorded", operationKey, record: this.#table.admit(outcome.record) });
  }

  fail(operation: PendingOperation, reason: string): Promise<void> {
    this.#refuseUnannounced(operation);
    return this.#write({ kind: "failed", operationKey: operation.operationKey, urn: operation.urn, reason });
  }

  async amend(record: ResourceRecord): Promise<void> {
    const admitted = this.#table.admit(record);
    const before = this.#table.record(record.urn);
    if (!before) throw new TypeError(`${record.urn} is not recorded, so there is nothing to amend`);
    if (canonicalJson(asJson(before)) === canonicalJson(asJson(admitted))) return;
    await this.#write({ kind: "amended", record: admitted });
  }

  async setOutputs(outputs: JsonObject): Promise<void> {
    if (canonicalJson(outputs) !== canonicalJson(this.#table.outputs))
      await this.#write({ kind: "outputs", outputs });
  }

  async setSecretsKey(key: SecretsKey): Promise<void> {
    const before = this.#table.secretsKey;
    if (before?.salt !== key.salt || before.check !== key.check)
      await this.#write({ kind: "secrets-key", key });
  }

  async saveClusterSnapshot(snapshot: ClusterSnapshot): Promise<void> {
    this.#refuseClosed();
    const key = clusterKey(snapshot.cluster);
    const text = encodeClusterSnapshot(snapshot);
    if ((await this.#storage.readCluster(key)) === text) return;
    await this.#storage.assertHeld();
    await this.#storage.writeCluster(key, text);
  }

  async commit(): Promise<void> {
    this.#refuseClosed();
    await this.#flushing;
    this.#refuseClosed();
    await this.#storage.assertHeld();
    if (this.#end) await this.#compact();
    const living = new Set(this.state.resources.map((record) => clusterKey(record.urn)));
    for (const key of await this.#storage.listClusters())
      if (!living.has(key)) await this.#storage.removeCluster(key);
  }

  async release(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#flushing;
    await this.#storage.release();
  }

  async #compact(): Promise<void> {
    const { text, checksum } = encodeSnapshot(this.state, this.#storage.describe("snapshot"));
    await this.#storage.writeSnapshot(text);
    await this.#storage.removeJournal();
    this.#base = { serial: this.#table.serial, checksum };
    this.#end = undefined;
    this.#length = 0;
  }

  /** Chains the entry to those before it at once, so that calls keep their order; durable when it resolves. */
  async #write(entry: JournalEntry): Promise<void> {
    this.#refuseClosed();
    const start = this.#end ? undefined : encodeJournalStart(this.#base);
    const { text, end } = encodeJournalEntry(entry, start?.end ?? this.#end!);
    this.#table.apply(entry);
    this.#end = end;
    await new Promise<void>((resolve, reject) => {
      this.#queue.push({ text: (start?.text ?? "") + text, resolve, reject });
      this.#flushing ??= this.#flush();
    });
  }

  /** Writes all that is waiting with one append, until nothing waits. */
  async #flush(): Promise<void> {
    while (this.#queue.length > 0) {
      const batch = this.#queue;
      this.#queue = [];
      const text = batch.map((append) => append.text).join("");
      try {
        await this.#storage.assertHeld();
        await this.#append(text);
        for (const append of batch) append.resolve();
      } catch (error) {
        this.#failure = error instanceof Error ? error : new Error("a write failed", { cause: error });
        for (const append of [...batch, ...this.#queue]) append.reject(error);
        this.#queue = [];
      }
    }
    this.#flushing = undefined;
  }

  async #append(text: string): Promise<void> {
    try {
      await this.#storage.appendJournal(text);
    } catch (error) {
      // What was written of it would be known for torn anyway; a clean end is only nicer to look at.
      await this.#storage.truncateJournal(this.#length).catch(() => {});
      throw error;
    }
    this.#length += Buffer.byteLength(text);
  }

  #refuseUnannounced(operation: PendingOperation): void {
    if (this.#table.pending(operation.urn)?.operationKey === operation.operationKey) return;
    throw new TypeError(
      `the operation ${operation.operationKey} on ${operation.urn} was not announced with begin`,
    );
  }

  /** Without its provider resource, a record would no longer say in which account its resource is. */
  #refuseNeeded(urn: Urn): void {
    const [user] = this.#table.usersOf(urn);
    if (user) throw new TypeError(`${urn} is still the provider of ${user.urn}`);
  }

  #refuseClosed(): void {
    if (this.#closed) throw new TypeError("the session is released");
    if (this.#failure === undefined) return;
    const message = `an earlier write failed: ${this.#failure.message}`;
    throw new BerthError([problem(stateCodes.BERTH4012, { message })], { cause: this.#failure });
  }
}

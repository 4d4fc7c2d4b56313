import {
  type ClusterSnapshot,
  type JsonObject,
  type LastOperation,
  parseUrn,
  type PendingOperation,
  type ResourceRecord,
  type SecretsKey,
  type StackState,
  type Urn,
} from "@berth/core";
import { BerthError, problem } from "@berth/diagnostics";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Outcome, StateSession } from "./backend.ts";
import { canonicalJson } from "./canonical.ts";
import { clusterKey, decodeClusterSnapshot, encodeClusterSnapshot } from "./cluster-snapshot.ts";
import { stateCodes } from "./codes.ts";
import { encodeJournalEntry, encodeJournalStart, type JournalBase, type JournalEnd } from "./journal.ts";
import type { JournalEntry } from "./journal-entry.ts";
import type { LoadedState } from "./load.ts";
import { asJson } from "./shape.ts";
import { encodeSnapshot, refuseInconsistent } from "./snapshot.ts";
import { StackTable } from "./stack-table.ts";
import type { HeldStorage } from "./storage.ts";

interface Append {
  readonly text: string;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Opens a stack's state for writing on a storage whose lock is held. The journal of an earlier lock goes
 * into a snapshot at once, so that nothing which its holder may still write, if it only slept, comes
 * after it; one that is in the snapshot already is removed.
 */
export async function openSession(storage: HeldStorage, loaded: LoadedState): Promise<StateSession> {
  const session = new JournalSession(storage, new StackTable(loaded.state), loaded.base, loaded.end);
  if (loaded.end || loaded.isOld) await session.rewrite();
  else if (loaded.hasJournal) await storage.removeJournal();
  return session;
}

class JournalSession implements StateSession {
  readonly #storage: HeldStorage;
  #table: StackTable;
  #base: JournalBase;
  #end: JournalEnd | undefined;
  /** How often this session has appended to its journal. */
  #appends = 0;
  #queue: Append[] = [];
  #flushing: Promise<void> | undefined;
  #failure: Error | undefined;
  #closed = false;

  constructor(storage: HeldStorage, table: StackTable, base: JournalBase, end: JournalEnd | undefined) {
    this.#storage = storage;
    this.#table = table;
    this.#base = base;
    this.#end = end;
  }

  get state(): StackState {
    return this.#table.state();
  }

  record(urn: Urn): ResourceRecord | undefined {
    return this.#table.record(urn);
  }

  superseded(urn: Urn): readonly ResourceRecord[] {
    return this.#table.superseded(urn);
  }

  pending(urn: Urn, superseded?: string): PendingOperation | undefined {
    return this.#table.pending(urn, superseded);
  }

  async begin(operation: PendingOperation): Promise<void> {
    const { urn, action, superseded } = operation;
    if (superseded !== undefined) {
      if (action !== "delete") throw new TypeError(`what ${urn} superseded can only be deleted`);
      this.#refuseMissing(urn, superseded);
    }
    await this.#write({ kind: "begin", operation });
  }

  async succeed(operation: PendingOperation, outcome: Outcome): Promise<void> {
    this.#refuseUnannounced(operation);
    const { operationKey, urn, superseded } = operation;
    if (outcome.kind === "removed") {
      if (outcome.superseded !== undefined && outcome.superseded !== superseded)
        throw new TypeError(`the operation ${operationKey} on ${urn} was not about ${outcome.superseded}`);
      this.#refuseNeeded(urn, superseded);
      const about = superseded === undefined ? {} : { superseded };
      return this.#write({ kind: "removed", operationKey, urn, ...about });
    }
    if (superseded !== undefined || outcome.record.urn !== urn)
      throw new TypeError(`the operation ${operationKey} on ${urn} cannot end with a record of another`);
    const supersedes = outcome.supersedes ?? operation.supersedes ?? false;
    if (supersedes) this.#refuseSameKey(outcome.record);
    return this.#write({
      kind: "recorded",
      operationKey,
      record: outcome.record,
      ...(supersedes && this.#table.record(urn) && { supersedes }),
    });
  }

  async fail(operation: PendingOperation, reason: string): Promise<void> {
    this.#refuseUnannounced(operation);
    const { operationKey, urn, superseded } = operation;
    const about = superseded === undefined ? {} : { superseded };
    await this.#write({ kind: "failed", operationKey, urn, ...about, reason });
  }

  async move(from: Urn, to: Urn): Promise<void> {
    const isThere = (urn: Urn) =>
      this.#table.record(urn) ?? this.#table.pending(urn) ?? this.#table.superseded(urn)[0];
    if (!isThere(from)) throw new TypeError(`${from} is not recorded, so it cannot be moved`);
    if (isThere(to)) throw new TypeError(`${to} is recorded already, so nothing can be moved there`);
    if (parseUrn(from)?.type !== parseUrn(to)?.type)
      throw new TypeError(`${to} is of another type than ${from}`);
    await this.#write({ kind: "moved", from, to });
    await this.#moveClusterSnapshot(from, to);
  }

  async forget(urn: Urn, superseded?: string): Promise<void> {
    if (superseded !== undefined) this.#refuseMissing(urn, superseded);
    else if (!this.#table.record(urn) && !this.#table.pending(urn))
      throw new TypeError(`${urn} is not recorded, so there is nothing to forget`);
    this.#refuseNeeded(urn, superseded);
    await this.#write({ kind: "forgotten", urn, ...(superseded !== undefined && { superseded }) });
  }

  async replaceAll(state: StackState): Promise<void> {
    await this.#flushed();
    const { project, stack, serial } = this.state;
    if (state.project !== project || state.stack !== stack)
      throw new TypeError(`the state of stack "${state.stack}" is not one of "${stack}"`);
    const next: StackState = { ...state, serial: Math.max(serial, state.serial) + 1 };
    refuseInconsistent(next, this.#storage.snapshotName);
    this.#table = new StackTable(next);
    await this.rewrite();
  }

  async amend(record: ResourceRecord): Promise<void> {
    const before = this.#table.record(record.urn);
    if (!before) throw new TypeError(`${record.urn} is not recorded, so there is nothing to amend`);
    const admitted = this.#table.admit(record);
    if (canonicalJson(asJson(before)) === canonicalJson(asJson(admitted))) return;
    await this.#write({ kind: "amended", record });
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

  async setOperation(operation: LastOperation | undefined): Promise<void> {
    const before = this.#table.lastOperation;
    const isSame = before?.operation === operation?.operation && before?.message === operation?.message;
    if (!isSame) await this.#write({ kind: "operation", ...(operation && { operation }) });
  }

  async saveClusterSnapshot(snapshot: ClusterSnapshot): Promise<void> {
    this.#refuseClosed();
    const key = clusterKey(snapshot.cluster);
    const text = encodeClusterSnapshot(snapshot);
    if ((await this.#storage.readCluster(key)) === text) return;
    await this.#storage.writeCluster(key, text);
  }

  async commit(): Promise<void> {
    await this.#flushed();
    if (this.#end) await this.rewrite();
    const { resources, superseded = [] } = this.state;
    const living = new Set([...resources, ...superseded].map((record) => clusterKey(record.urn)));
    for (const key of await this.#storage.listClusters())
      if (!living.has(key)) await this.#storage.removeCluster(key);
  }

  async release(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#flushing;
    await this.#storage.release();
  }

  /** Writes all of it into one snapshot of the newest format, also where nothing changed. */
  async rewrite(): Promise<void> {
    await this.#flushed();
    await (this.#flushing = this.#flush("compact"));
    if (this.#failure) throw this.#failure;
  }

  /** Resolves when nothing waits to be written. */
  async #flushed(): Promise<void> {
    this.#refuseClosed();
    while (this.#flushing) await this.#flushing;
    this.#refuseClosed();
  }

  async #compact(): Promise<void> {
    const { serial } = this.#table;
    const { snapshotName, fence } = this.#storage;
    const { text, checksum } = encodeSnapshot(this.state, snapshotName, fence);
    const replaced = this.#base.checksum === "" ? undefined : this.#base.serial;
    // What is written from now on continues this snapshot, and is not flushed before it is durable.
    this.#base = { serial, checksum };
    this.#end = undefined;
    this.#appends = 0;
    await this.#storage.writeSnapshot(text, { serial, replaced });
    await this.#storage.removeJournal();
  }

  /** A cluster's snapshot is found by the cluster's URN. One that cannot be read is left behind. */
  async #moveClusterSnapshot(from: Urn, to: Urn): Promise<void> {
    const text = await this.#storage.readCluster(clusterKey(from));
    if (text === undefined) return;
    try {
      const { objects } = decodeClusterSnapshot(text, clusterKey(from));
      await this.saveClusterSnapshot({ cluster: to, objects });
    } catch (error) {
      if (!BerthError.is(error)) throw error;
    }
  }

  /** Chains the entry to those before it at once, so that calls keep their order; durable when it resolves. */
  async #write(entry: JournalEntry): Promise<void> {
    this.#refuseClosed();
    const start = this.#end ? undefined : encodeJournalStart(this.#base, this.#storage.fence);
    const { text, end } = encodeJournalEntry(entry, start?.end ?? this.#end!);
    this.#table.apply(entry);
    this.#end = end;
    await new Promise<void>((resolve, reject) => {
      this.#queue.push({ text: (start?.text ?? "") + text, resolve, reject });
      this.#flushing ??= this.#flush();
    });
  }

  /** Writes all that is waiting at once, until nothing waits. */
  async #flush(first: "append" | "compact" = "append"): Promise<void> {
    for (let how = first; how === "compact" || this.#queue.length > 0; how = "append") {
      // Steps that run side by side announce and record in the same turn: one write for all of them.
      if (how === "append") await nextTurn();
      const batch = this.#queue;
      this.#queue = [];
      try {
        // The snapshot holds what is waiting too.
        if (how === "compact" || this.#appends === this.#storage.maxAppends) await this.#compact();
        else await this.#append(batch);
        for (const append of batch) append.resolve();
      } catch (error) {
        this.#failure = error instanceof Error ? error : new Error("a write failed", { cause: error });
        for (const append of [...batch, ...this.#queue]) append.reject(error);
        this.#queue = [];
      }
    }
    this.#flushing = undefined;
  }

  async #append(batch: readonly Append[]): Promise<void> {
    this.#appends += 1;
    await this.#storage.appendJournal(batch.map((append) => append.text).join(""));
  }

  #refuseUnannounced(operation: PendingOperation): void {
    const { urn, superseded, operationKey } = operation;
    if (this.#table.pending(urn, superseded)?.operationKey === operationKey) return;
    throw new TypeError(`the operation ${operationKey} on ${urn} was not announced with begin`);
  }

  /** Without its provider resource, a record would no longer say in which account its resource is. */
  #refuseNeeded(urn: Urn, superseded: string | undefined): void {
    const others = this.#table.superseded(urn).filter((each) => each.operationKey !== superseded);
    if (others.length > 0 || (superseded !== undefined && this.#table.record(urn))) return;
    const [user] = this.#table.usersOf(urn);
    if (user) throw new TypeError(`${urn} is still the provider of ${user.urn}`);
  }

  #refuseMissing(urn: Urn, superseded: string): void {
    if (this.#table.superseded(urn).some((each) => each.operationKey === superseded)) return;
    throw new TypeError(`${urn} did not supersede anything made by the operation ${superseded}`);
  }

  /** Two records under one URN are told apart by their operation keys. */
  #refuseSameKey({ urn, operationKey }: ResourceRecord): void {
    const before = this.#table.record(urn);
    const others = [...this.#table.superseded(urn), ...(before ? [before] : [])];
    if (others.some((each) => each.operationKey === operationKey))
      throw new TypeError(`${urn} has the operation key of what it supersedes`);
  }

  #refuseClosed(): void {
    if (this.#closed) throw new TypeError("the session is released");
    if (this.#failure === undefined) return;
    const message = `an earlier write failed: ${this.#failure.message}`;
    throw new BerthError([problem(stateCodes.BERTH4012, { message })], { cause: this.#failure });
  }
}

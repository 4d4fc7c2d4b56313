import type {
  JsonObject,
  LastOperation,
  PendingOperation,
  ResourceRecord,
  SecretsKey,
  StackState,
  Urn,
} from "@berth/core";
import type { JournalEntry } from "./journal-entry.ts";
import { MentionIndex } from "./mention-index.ts";
import { inDependencyOrder } from "./order.ts";
import { SupersededRecords } from "./superseded-records.ts";
import { forEachNeed, renamed, renamedOperation, withDependencies, withoutNeeds } from "./surroundings.ts";

/**
 * A stack's state while it is being written: records by URN, changed by one journal entry at a time,
 * each in time proportional to the change. Records themselves are immutable. The same entries on the
 * same state come to the same state, so a journal can be replayed.
 */
export class StackTable {
  readonly #project: string;
  readonly #stack: string;
  readonly #records = new Map<Urn, ResourceRecord>();
  readonly #mentions = new MentionIndex<Urn>();
  readonly #superseded = new SupersededRecords();
  readonly #pending = new Map<string, PendingOperation>();
  #outputs: JsonObject;
  #secretsKey: SecretsKey | undefined;
  #lastOperation: LastOperation | undefined;
  #serial: number;
  #state: StackState | undefined;

  constructor(state: StackState) {
    this.#project = state.project;
    this.#stack = state.stack;
    this.#serial = state.serial;
    this.#outputs = state.outputs;
    this.#secretsKey = state.secretsKey;
    this.#lastOperation = state.lastOperation;
    for (const record of state.resources) this.#put(record);
    for (const record of state.superseded ?? []) this.#superseded.add(record);
    for (const operation of state.pending) this.#pending.set(pendingKey(operation), operation);
    this.#state = state;
  }

  get serial(): number {
    return this.#serial;
  }

  get secretsKey(): SecretsKey | undefined {
    return this.#secretsKey;
  }

  get lastOperation(): LastOperation | undefined {
    return this.#lastOperation;
  }

  get outputs(): JsonObject {
    return this.#outputs;
  }

  record(urn: Urn): ResourceRecord | undefined {
    return this.#records.get(urn);
  }

  /** What was replaced under a URN and waits for its deletion, the oldest first. */
  superseded(urn: Urn): readonly ResourceRecord[] {
    return this.#superseded.of(urn);
  }

  pending(urn: Urn, superseded?: string): PendingOperation | undefined {
    return this.#pending.get(pendingKey({ urn, ...(superseded !== undefined && { superseded }) }));
  }

  /** Records that were made with a provider resource, also those that wait for their deletion. */
  usersOf(provider: Urn): readonly ResourceRecord[] {
    const living = this.#mentions.of(provider).flatMap((urn) => {
      const record = this.#records.get(urn);
      return record?.providerResource === provider ? [record] : [];
    });
    return [...living, ...this.#superseded.usersOf(provider)];
  }

  /** The whole state, records in an order that only their needs and names decide. */
  state(): StackState {
    if (this.#state) return this.#state;
    const superseded = this.#superseded.all();
    this.#state = {
      project: this.#project,
      stack: this.#stack,
      serial: this.#serial,
      resources: inDependencyOrder(this.#records),
      ...(superseded.length > 0 && { superseded }),
      outputs: this.#outputs,
      pending: [...this.#pending].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each),
      ...(this.#secretsKey && { secretsKey: this.#secretsKey }),
      ...(this.#lastOperation && { lastOperation: this.#lastOperation }),
    };
    return this.#state;
  }

  /**
   * The record as it may stand beside the others: without dependencies that are not recorded, and
   * without needs that would close a cycle through records which a running operation has not reached
   * yet. The operation amends them at its end; a crash before that leaves a state that is whole.
   */
  admit(record: ResourceRecord): ResourceRecord {
    const { urn } = record;
    const isRecorded = (each: Urn) => each !== urn && this.#records.has(each);
    const isFree = !this.#mentions.has(urn) && !isNeed(record, urn);
    if (isFree && record.dependencies.every(isRecorded)) return record;
    const before = this.#records.get(urn);
    const closes = (each: Urn) => each === urn || (!isNeed(before, each) && this.#needs(each, urn));
    const closing = new Set<Urn>();
    forEachNeed(record, (each) => {
      if (!closing.has(each) && closes(each)) closing.add(each);
    });
    if (closing.size === 0 && record.dependencies.every(isRecorded)) return record;
    return withDependencies(
      withoutNeeds(record, (each) => closing.has(each)),
      isRecorded,
    );
  }

  apply(entry: JournalEntry): void {
    this.#serial += 1;
    this.#state = undefined;
    switch (entry.kind) {
      case "begin":
        this.#pending.set(pendingKey(entry.operation), entry.operation);
        break;
      case "recorded":
        this.#pending.delete(entry.record.urn);
        this.#record(entry.record, entry.supersedes === true);
        break;
      case "removed":
      case "forgotten":
        this.#pending.delete(pendingKey(entry));
        if (entry.superseded === undefined) this.#remove(entry.urn);
        else this.#removeSuperseded(entry.urn, entry.superseded);
        break;
      case "failed":
        this.#pending.delete(pendingKey(entry));
        break;
      case "amended":
        this.#record(entry.record, false);
        break;
      case "moved":
        this.#move(entry.from, entry.to);
        break;
      case "outputs":
        this.#outputs = entry.outputs;
        break;
      case "secrets-key":
        this.#secretsKey = entry.key;
        break;
      case "operation":
        this.#lastOperation = entry.operation;
        break;
    }
  }

  #record(record: ResourceRecord, supersedes: boolean): void {
    const { urn, cluster, providerResource } = record;
    const before = this.#records.get(urn);
    for (const each of [cluster, providerResource])
      if (each !== undefined && !isNeed(before, each) && this.#needs(each, urn)) this.#cut(each, urn);
    const admitted = this.admit(record);
    if (before && supersedes) this.#superseded.add(before);
    this.#put(admitted);
  }

  #put(record: ResourceRecord): void {
    this.#unlink(record.urn);
    this.#records.set(record.urn, record);
    this.#mentions.link(record, record.urn);
  }

  #unlink(urn: Urn): void {
    const record = this.#records.get(urn);
    if (record) this.#mentions.unlink(record, urn);
  }

  /** What is gone is no longer a dependency of what stays: between the two halves of a replacement, or after a failure. */
  #remove(urn: Urn): void {
    this.#unlink(urn);
    this.#records.delete(urn);
    for (const each of this.#mentions.of(urn)) {
      const record = this.#records.get(each);
      if (!record?.dependencies.includes(urn)) continue;
      this.#put(withDependencies(record, (other) => other !== urn));
    }
    if (!this.#superseded.has(urn)) this.#superseded.forget(urn);
  }

  #removeSuperseded(urn: Urn, operationKey: string): void {
    this.#superseded.remove(urn, operationKey);
    if (!this.#records.has(urn) && !this.#superseded.has(urn)) this.#superseded.forget(urn);
  }

  #move(from: Urn, to: Urn): void {
    const rename = (urn: Urn): Urn => (urn === from ? to : urn);
    const moving = this.#records.get(from);
    const mentioning = this.#mentions.of(from);
    if (moving) {
      this.#unlink(from);
      this.#records.delete(from);
    }
    for (const urn of mentioning) {
      const record = this.#records.get(urn);
      if (record) this.#put(renamed(record, rename));
    }
    this.#superseded.rename(from, to);
    this.#movePending(rename);
    if (moving) this.#record(renamed(moving, rename), false);
  }

  #movePending(rename: (urn: Urn) => Urn): void {
    const all = [...this.#pending.values()].map((operation) => renamedOperation(operation, rename));
    this.#pending.clear();
    for (const operation of all) this.#pending.set(pendingKey(operation), operation);
  }

  /**
   * Frees `from` of its needs that lead to `target`, which from now on needs it and cannot be without:
   * `from` is written anew by the same operation, or was written before what it needs was.
   */
  #cut(from: Urn, target: Urn): void {
    const through = new Set<Urn>([from]);
    for (const urn of through) {
      const record = this.#records.get(urn);
      if (!record) continue;
      const leads = (each: Urn) => each === target || this.#needs(each, target);
      for (const each of [record.cluster, record.providerResource])
        if (each !== undefined && each !== target && leads(each)) through.add(each);
      this.#put(withoutNeeds(record, leads));
    }
  }

  /** Whether `from` needs `target`, directly or through others. */
  #needs(from: Urn, target: Urn): boolean {
    if (!this.#mentions.has(target)) return false;
    const seen = new Set<Urn>([from]);
    for (const urn of seen) {
      if (urn === target) return true;
      const record = this.#records.get(urn);
      if (record) forEachNeed(record, (each) => seen.add(each));
    }
    return false;
  }
}

/** What a record needs already closes no cycle. */
function isNeed(record: ResourceRecord | undefined, urn: Urn): boolean {
  let found = false;
  if (record) forEachNeed(record, (each) => (found ||= each === urn));
  return found;
}

/** An operation on a superseded record stands beside one on what took its place. */
function pendingKey({ urn, superseded }: { readonly urn: Urn; readonly superseded?: string }): string {
  return superseded === undefined ? urn : `${urn}\u0000${superseded}`;
}

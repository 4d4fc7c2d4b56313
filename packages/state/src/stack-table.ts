import type { JsonObject, PendingOperation, ResourceRecord, SecretsKey, StackState, Urn } from "@berth/core";
import { produce } from "immer";
import type { JournalEntry } from "./journal-entry.ts";
import { inDependencyOrder } from "./order.ts";

/**
 * A stack's state while it is being written: records by URN, changed by one journal entry at a time,
 * each in time proportional to the change. Records themselves are immutable.
 */
export class StackTable {
  readonly #project: string;
  readonly #stack: string;
  readonly #records = new Map<Urn, ResourceRecord>();
  readonly #dependents = new Map<Urn, Set<Urn>>();
  readonly #pending = new Map<Urn, PendingOperation>();
  #outputs: JsonObject;
  #secretsKey: SecretsKey | undefined;
  #serial: number;
  #state: StackState | undefined;

  constructor(state: StackState) {
    this.#project = state.project;
    this.#stack = state.stack;
    this.#serial = state.serial;
    this.#outputs = state.outputs;
    this.#secretsKey = state.secretsKey;
    for (const record of state.resources) this.#put(record);
    for (const operation of state.pending) this.#pending.set(operation.urn, operation);
    this.#state = state;
  }

  get serial(): number {
    return this.#serial;
  }

  get secretsKey(): SecretsKey | undefined {
    return this.#secretsKey;
  }

  get outputs(): JsonObject {
    return this.#outputs;
  }

  record(urn: Urn): ResourceRecord | undefined {
    return this.#records.get(urn);
  }

  pending(urn: Urn): PendingOperation | undefined {
    return this.#pending.get(urn);
  }

  /** Records that were made with a provider resource: some of those that depend on it. */
  usersOf(provider: Urn): readonly ResourceRecord[] {
    return [...(this.#dependents.get(provider) ?? [])].flatMap((urn) => {
      const record = this.#records.get(urn);
      return record?.providerResource === provider ? [record] : [];
    });
  }

  /** The whole state, records in an order that only their dependencies and names decide. */
  state(): StackState {
    this.#state ??= {
      project: this.#project,
      stack: this.#stack,
      serial: this.#serial,
      resources: inDependencyOrder(this.#records),
      outputs: this.#outputs,
      pending: [...this.#pending.values()].toSorted((a, b) => (a.urn < b.urn ? -1 : 1)),
      ...(this.#secretsKey && { secretsKey: this.#secretsKey }),
    };
    return this.#state;
  }

  /**
   * The record as it may stand beside the others: without dependencies that are not recorded, or that
   * would close a cycle through records which a running operation has not reached yet. The operation
   * amends them at its end; a crash before that leaves a state that is whole.
   */
  admit(record: ResourceRecord): ResourceRecord {
    const known = new Set(this.#records.get(record.urn)?.dependencies);
    const fits = (urn: Urn) =>
      urn !== record.urn && this.#records.has(urn) && (known.has(urn) || !this.#needs(urn, record.urn));
    if (record.dependencies.every(fits)) return record;
    return produce(record, (draft) => {
      draft.dependencies = draft.dependencies.filter(fits);
    });
  }

  apply(entry: JournalEntry): void {
    this.#serial += 1;
    this.#state = undefined;
    switch (entry.kind) {
      case "begin":
        this.#pending.set(entry.operation.urn, entry.operation);
        break;
      case "recorded":
        this.#pending.delete(entry.record.urn);
        this.#put(entry.record);
        break;
      case "removed":
        this.#pending.delete(entry.urn);
        this.#remove(entry.urn);
        break;
      case "failed":
        this.#pending.delete(entry.urn);
        break;
      case "amended":
        this.#put(entry.record);
        break;
      case "outputs":
        this.#outputs = entry.outputs;
        break;
      case "secrets-key":
        this.#secretsKey = entry.key;
        break;
    }
  }

  #put(record: ResourceRecord): void {
    this.#unlink(record.urn);
    this.#records.set(record.urn, record);
    for (const urn of record.dependencies) {
      let dependents = this.#dependents.get(urn);
      if (!dependents) this.#dependents.set(urn, (dependents = new Set()));
      dependents.add(record.urn);
    }
  }

  #unlink(urn: Urn): void {
    for (const dependency of this.#records.get(urn)?.dependencies ?? [])
      this.#dependents.get(dependency)?.delete(urn);
  }

  /** What is gone is no longer a dependency of what stays: between the two halves of a replacement, or after a failure. */
  #remove(urn: Urn): void {
    this.#unlink(urn);
    this.#records.delete(urn);
    const dependents = this.#dependents.get(urn) ?? [];
    this.#dependents.delete(urn);
    for (const each of dependents) {
      const record = this.#records.get(each);
      if (!record) continue;
      this.#records.set(
        each,
        produce(record, (draft) => {
          draft.dependencies = draft.dependencies.filter((dependency) => dependency !== urn);
        }),
      );
    }
  }

  /** Whether `from` needs `target`, directly or through others. */
  #needs(from: Urn, target: Urn): boolean {
    if (!this.#dependents.get(target)?.size) return false;
    const seen = new Set<Urn>([from]);
    for (const urn of seen) {
      if (urn === target) return true;
      for (const dependency of this.#records.get(urn)?.dependencies ?? []) seen.add(dependency);
    }
    return false;
  }
}

import type { ResourceRecord, Urn } from "@berth/core";
import { MentionIndex } from "./mention-index.ts";
import { renamed, withDependencies } from "./surroundings.ts";

interface Superseded {
  /** Grows with each: their order, whatever is renamed meanwhile. */
  readonly age: number;
  record: ResourceRecord;
}

/** What was replaced and waits for its deletion, by URN and operation key. */
export class SupersededRecords {
  readonly #byUrn = new Map<Urn, Superseded[]>();
  readonly #mentions = new MentionIndex<Superseded>();
  #age = 0;

  /** The oldest first. */
  of(urn: Urn): readonly ResourceRecord[] {
    return this.#byUrn.get(urn)?.map((each) => each.record) ?? [];
  }

  has(urn: Urn): boolean {
    return this.#byUrn.has(urn);
  }

  find(urn: Urn, operationKey: string): ResourceRecord | undefined {
    return this.#byUrn.get(urn)?.find((each) => each.record.operationKey === operationKey)?.record;
  }

  /** All of them, the oldest first. */
  all(): readonly ResourceRecord[] {
    if (this.#byUrn.size === 0) return [];
    return [...this.#byUrn.values()]
      .flat()
      .toSorted((a, b) => a.age - b.age)
      .map((each) => each.record);
  }

  usersOf(provider: Urn): readonly ResourceRecord[] {
    return this.#mentions
      .of(provider)
      .flatMap(({ record }) => (record.providerResource === provider ? [record] : []));
  }

  add(record: ResourceRecord): void {
    const entry: Superseded = { age: this.#age++, record };
    const others = this.#byUrn.get(record.urn);
    if (others) others.push(entry);
    else this.#byUrn.set(record.urn, [entry]);
    this.#mentions.link(record, entry);
  }

  remove(urn: Urn, operationKey: string): void {
    const [all, left]: [Superseded[], Superseded[]] = [this.#byUrn.get(urn) ?? [], []];
    for (const each of all) {
      if (each.record.operationKey === operationKey) this.#mentions.unlink(each.record, each);
      else left.push(each);
    }
    if (left.length > 0) this.#byUrn.set(urn, left);
    else this.#byUrn.delete(urn);
  }

  /** Nothing has this URN any more: it is no dependency of what waits. */
  forget(urn: Urn): void {
    for (const entry of this.#mentions.of(urn)) {
      this.#replace(
        entry,
        withDependencies(entry.record, (each) => each !== urn),
      );
    }
  }

  rename(from: Urn, to: Urn): void {
    const rename = (urn: Urn): Urn => (urn === from ? to : urn);
    const own = this.#byUrn.get(from) ?? [];
    for (const entry of new Set([...own, ...this.#mentions.of(from)]))
      this.#replace(entry, renamed(entry.record, rename));
    if (own.length === 0) return;
    this.#byUrn.delete(from);
    const all = [...(this.#byUrn.get(to) ?? []), ...own];
    this.#byUrn.set(
      to,
      all.toSorted((a, b) => a.age - b.age),
    );
  }

  #replace(entry: Superseded, record: ResourceRecord): void {
    this.#mentions.unlink(entry.record, entry);
    entry.record = record;
    this.#mentions.link(record, entry);
  }
}

import { byAge, type Held } from "./held.ts";

/** A set of objects in order of creation, cheap where they come nearly in that order. */
export class AgeQueue<T extends Held = Held> {
  readonly #items = new Map<string, T>();
  #sorted: T[] = [];
  #head = 0;
  #isSorted = true;

  get size(): number {
    return this.#items.size;
  }

  /** Adds an object, or puts its newer version in its place. */
  add(item: T): void {
    const isNew = !this.#items.has(item.key);
    this.#items.set(item.key, item);
    if (!isNew) return;
    const last = this.#sorted.at(-1);
    if (last && last.sequence > item.sequence) this.#isSorted = false;
    this.#sorted.push(item);
  }

  delete(key: string): void {
    this.#items.delete(key);
  }

  first(): T | undefined {
    this.#sort();
    for (; this.#head < this.#sorted.length; this.#head++) {
      const entry = this.#sorted[this.#head];
      const current = this.#items.get(entry?.key ?? "");
      if (current && current.sequence === entry?.sequence) return current;
    }
    this.#sorted = [];
    this.#head = 0;
    return undefined;
  }

  toArray(): T[] {
    return [...this.#items.values()].toSorted(byAge);
  }

  #sort(): void {
    if (this.#isSorted) return;
    this.#sorted = this.toArray();
    this.#head = 0;
    this.#isSorted = true;
  }
}

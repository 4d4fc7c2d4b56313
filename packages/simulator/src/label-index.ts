import type { Held } from "./held.ts";

/** Objects by namespace and label, so that a selector looks only at the objects of its rarest label. */
export class LabelIndex {
  readonly #keys = new Map<string, Set<string>>();
  readonly #labels = new Map<string, Readonly<Record<string, string>>>();

  add(held: Held): void {
    const labels = held.object.metadata?.labels ?? {};
    this.#labels.set(held.key, labels);
    for (const [name, value] of Object.entries(labels)) {
      const at = place(held.ref.namespace ?? "", name, value);
      const keys = this.#keys.get(at);
      if (keys) keys.add(held.key);
      else this.#keys.set(at, new Set([held.key]));
    }
  }

  remove(held: Held): void {
    this.#labels.delete(held.key);
    for (const [name, value] of Object.entries(held.object.metadata?.labels ?? {})) {
      const at = place(held.ref.namespace ?? "", name, value);
      const keys = this.#keys.get(at);
      keys?.delete(held.key);
      if (keys?.size === 0) this.#keys.delete(at);
    }
  }

  /** Keys of the objects that have all the labels; none where no label is asked for. */
  matching(namespace: string, labels: Readonly<Record<string, string>>): string[] {
    const wanted = Object.entries(labels);
    let rarest: Set<string> | undefined;
    for (const [name, value] of wanted) {
      const keys = this.#keys.get(place(namespace, name, value));
      if (!keys) return [];
      if (!rarest || keys.size < rarest.size) rarest = keys;
    }
    return [...(rarest ?? [])].filter((key) => {
      const has = this.#labels.get(key) ?? {};
      return wanted.every(([name, value]) => has[name] === value);
    });
  }
}

function place(namespace: string, name: string, value: string): string {
  return `${namespace} ${name} ${value}`;
}

import type { GraphResource, Urn } from "@berth/core";
import type { Evicts } from "../identity.ts";

/** What cannot be created before something is deleted, itself or through what it needs, and what that is. */
export class Waits {
  readonly #evicts: Evicts;
  readonly #culprits = new Map<Urn, Urn>();

  /** @param evicts - by the URN of what is created: what must be deleted before it */
  constructor(evicts: Evicts) {
    this.#evicts = evicts;
  }

  /** What is deleted before a resource, or anything that it needs, can be made. */
  of(resource: GraphResource): Urn | undefined {
    return this.#evicts.get(resource.urn)?.[0]?.urn ?? this.#through(resource);
  }

  /** A resource is deleted before it is made anew. */
  forItself(urn: Urn): void {
    this.#culprits.set(urn, urn);
  }

  /** Remembers of a resource, in the graph's order, whether it waits: what needs it waits with it. */
  note(resource: GraphResource): void {
    const { urn } = resource;
    if ((this.#culprits.size === 0 && this.#evicts.size === 0) || this.#culprits.has(urn)) return;
    const culprit = this.#evicts.has(urn) ? urn : this.#through(resource);
    if (culprit !== undefined) this.#culprits.set(urn, culprit);
  }

  #through({ dependencies }: GraphResource): Urn | undefined {
    if (this.#culprits.size === 0) return undefined;
    for (const each of dependencies) {
      const culprit = this.#culprits.get(each);
      if (culprit !== undefined) return culprit;
    }
    return undefined;
  }
}

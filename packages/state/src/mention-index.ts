import type { Urn } from "@berth/core";
import { forEachMention, type Surroundings } from "./surroundings.ts";

/** Who names whom: found again without looking at every record. */
export class MentionIndex<Node> {
  readonly #nodes = new Map<Urn, Set<Node>>();

  link(record: Surroundings, node: Node): void {
    forEachMention(record, (urn) => {
      let nodes = this.#nodes.get(urn);
      if (!nodes) this.#nodes.set(urn, (nodes = new Set()));
      nodes.add(node);
    });
  }

  unlink(record: Surroundings, node: Node): void {
    forEachMention(record, (urn) => {
      const nodes = this.#nodes.get(urn);
      if (nodes?.delete(node) && nodes.size === 0) this.#nodes.delete(urn);
    });
  }

  has(urn: Urn): boolean {
    return this.#nodes.has(urn);
  }

  /** A copy: what is found may be linked anew while it is looked at. */
  of(urn: Urn): readonly Node[] {
    return [...(this.#nodes.get(urn) ?? [])];
  }
}

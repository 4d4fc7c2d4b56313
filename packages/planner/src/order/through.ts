import type { Urn } from "@berth/core";
import type { Precedence } from "./precedence.ts";

/** Above this many, what comes through an unchanged resource is gathered behind the last of it. */
const gatherAbove = 64;

/** Carries what comes before through resources to which nothing is done. Resources are passed in an order of dependency. */
export class Through {
  readonly #precedence: Precedence;
  readonly #nodes = new Map<Urn, readonly number[]>();
  /** When a node was passed: a later one may wait for an earlier one. */
  readonly #turn = new Map<number, number>();

  constructor(precedence: Precedence) {
    this.#precedence = precedence;
  }

  /** @returns what comes before it, where nothing is done to it itself */
  pass(urn: Urn, earlier: readonly Urn[], own: number | undefined): readonly number[] {
    const nodes = new Set(earlier.flatMap((each) => this.#nodes.get(each) ?? []));
    if (own === undefined) {
      const passed = nodes.size > gatherAbove ? [this.#gather(nodes)] : [...nodes];
      this.#nodes.set(urn, passed);
      return passed;
    }
    for (const each of nodes) this.#precedence.add(each, own);
    this.#turn.set(own, this.#turn.size);
    this.#nodes.set(urn, [own]);
    return [own];
  }

  /**
   * Many nodes that come through one resource are put before the last of them, which then stands for
   * all, so that thousands of changes on either side of it don't need their product in edges.
   */
  #gather(nodes: ReadonlySet<number>): number {
    const last = [...nodes].reduce((a, b) => ((this.#turn.get(a) ?? 0) > (this.#turn.get(b) ?? 0) ? a : b));
    for (const each of nodes) if (each !== last) this.#precedence.add(each, last);
    return last;
  }
}

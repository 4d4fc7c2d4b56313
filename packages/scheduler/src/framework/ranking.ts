/**
 * The totals of all nodes as a tournament: the best is known at once, and a change of one node
 * costs as many steps as the number of nodes has bits. Nodes that are not feasible take no part.
 */
export class Ranking {
  readonly #leaves: number;
  /** A heap-shaped tree: the winner of `i` is that of `2i` and `2i + 1`; leaves begin at `#leaves`. */
  readonly #best: Float64Array;
  /** How many leaves below share the best total. */
  readonly #tied: Int32Array;
  #feasible = 0;

  constructor(nodes: number) {
    this.#leaves = 2 ** Math.ceil(Math.log2(Math.max(nodes, 1)));
    this.#best = new Float64Array(2 * this.#leaves).fill(Number.NEGATIVE_INFINITY);
    this.#tied = new Int32Array(2 * this.#leaves);
  }

  /** How many nodes take part. */
  get feasible(): number {
    return this.#feasible;
  }

  /** How many nodes share the highest total. */
  get tied(): number {
    return this.#tied[1]!;
  }

  /** The first node, in the order of nodes, that has the highest total. */
  get first(): number {
    let at = 1;
    while (at < this.#leaves) {
      at *= 2;
      if (this.#best[at]! < this.#best[at + 1]!) at++;
    }
    return at - this.#leaves;
  }

  /** The highest total. */
  get best(): number {
    return this.#best[1]!;
  }

  /** The highest total of any node but the first of the best. */
  get next(): number {
    let next = Number.NEGATIVE_INFINITY;
    for (let at = this.#leaves + this.first; at > 1; at >>= 1) next = Math.max(next, this.#best[at ^ 1]!);
    return next;
  }

  /** Enters a node's total; `undefined`: it is not feasible. */
  set(node: number, total: number | undefined): void {
    this.#enter(node, total);
    for (let at = (this.#leaves + node) >> 1; at > 0; at >>= 1) this.#play(at);
  }

  /** Enters all nodes at once. */
  setAll(nodes: number, totalOf: (node: number) => number | undefined): void {
    for (let node = 0; node < nodes; node++) this.#enter(node, totalOf(node));
    for (let at = this.#leaves - 1; at > 0; at--) this.#play(at);
  }

  #enter(node: number, total: number | undefined): void {
    const leaf = this.#leaves + node;
    this.#feasible += (total === undefined ? 0 : 1) - this.#tied[leaf]!;
    this.#best[leaf] = total ?? Number.NEGATIVE_INFINITY;
    this.#tied[leaf] = total === undefined ? 0 : 1;
  }

  #play(at: number): void {
    const left = this.#best[2 * at]!;
    const right = this.#best[2 * at + 1]!;
    this.#best[at] = left < right ? right : left;
    this.#tied[at] = (left < right ? 0 : this.#tied[2 * at]!) + (right < left ? 0 : this.#tied[2 * at + 1]!);
  }
}

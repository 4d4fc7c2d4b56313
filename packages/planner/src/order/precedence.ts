/** A directed graph over 0…n-1 that says what comes before what, and puts it in one order. */
export class Precedence {
  /** For each node, the nodes that come before it. */
  readonly #before: number[][] = [];

  /** Adds a node and returns its number. */
  node(): number {
    return this.#before.push([]) - 1;
  }

  add(earlier: number, later: number): void {
    this.#before[later]?.push(earlier);
  }

  /** The same for what is only preferred: nothing is added where the later one comes before the earlier already. */
  addWhereItFits(earlier: number, later: number): void {
    if (earlier !== later && this.ancestors([earlier])[later] === 0) this.add(earlier, later);
  }

  before(node: number): readonly number[] {
    return this.#before[node] ?? [];
  }

  /** Whether each node is one of these, or comes before one of them. */
  ancestors(nodes: Iterable<number>): Uint8Array {
    const reached = new Uint8Array(this.#before.length);
    const open: number[] = [];
    const reach = (node: number): void => {
      if (reached[node] === 1) return;
      reached[node] = 1;
      open.push(node);
    };
    for (const each of nodes) reach(each);
    for (let node = open.pop(); node !== undefined; node = open.pop()) this.before(node).forEach(reach);
    return reached;
  }

  /**
   * Every node after all that come before it, and otherwise by ascending key. Nodes on a cycle, and
   * what comes after them, are left out.
   */
  linearise(key: (node: number) => number): readonly number[] {
    const after: number[][] = this.#before.map(() => []);
    const waiting = this.#before.map((nodes, later) => {
      for (const earlier of nodes) after[earlier]?.push(later);
      return nodes.length;
    });
    const ready = new Heap(key);
    waiting.forEach((count, node) => count === 0 && ready.push(node));
    const order: number[] = [];
    for (let node = ready.pop(); node !== undefined; node = ready.pop()) {
      order.push(node);
      for (const later of after[node] ?? []) {
        const left = (waiting[later] ?? 0) - 1;
        waiting[later] = left;
        if (left === 0) ready.push(later);
      }
    }
    return order;
  }
}

/** A binary heap: smallest key first, then smallest node. */
class Heap {
  readonly #key: (node: number) => number;
  readonly #nodes: number[] = [];

  constructor(key: (node: number) => number) {
    this.#key = key;
  }

  push(node: number): void {
    const nodes = this.#nodes;
    let at = nodes.push(node) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#isBefore(node, nodes[parent]!)) break;
      nodes[at] = nodes[parent]!;
      at = parent;
    }
    nodes[at] = node;
  }

  pop(): number | undefined {
    const nodes = this.#nodes;
    const top = nodes[0];
    const last = nodes.pop();
    if (last === undefined || nodes.length === 0) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= nodes.length) break;
      if (child + 1 < nodes.length && this.#isBefore(nodes[child + 1]!, nodes[child]!)) child++;
      if (!this.#isBefore(nodes[child]!, last)) break;
      nodes[at] = nodes[child]!;
      at = child;
    }
    nodes[at] = last;
    return top;
  }

  #isBefore(a: number, b: number): boolean {
    const difference = this.#key(a) - this.#key(b);
    return difference === 0 ? a < b : difference < 0;
  }
}

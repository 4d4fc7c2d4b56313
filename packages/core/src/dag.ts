/**
 * A directed graph over positions 0 … n-1. `needs(i)` are the positions that must come before `i`.
 */
export interface Dag {
  readonly size: number;
  needs(index: number): readonly number[];
}

/**
 * An order in which each position comes after what it needs; or cycles, no two of which share a
 * position, in each of which every position needs the next and the last the first.
 */
export type Ordering =
  | { readonly kind: "ordered"; readonly order: readonly number[] }
  | { readonly kind: "cyclic"; readonly cycles: readonly (readonly number[])[] };

/**
 * Topological order, smallest position first where there is a choice, so that the order is the
 * same each time and near to that of declaration. O((n + edges) log n) without cycles.
 */
export function orderOf(dag: Dag): Ordering {
  const missing = new Array<number>(dag.size).fill(0);
  const neededBy: number[][] = Array.from({ length: dag.size }, () => []);
  for (let i = 0; i < dag.size; i++) {
    for (const need of dag.needs(i)) {
      missing[i]!++;
      neededBy[need]!.push(i);
    }
  }
  const ready = new SmallestFirst();
  const order: number[] = [];
  const cycles: (readonly number[])[] = [];
  for (let i = 0; i < dag.size; i++) if (missing[i] === 0) ready.add(i);
  for (;;) {
    for (let next = ready.take(); next !== undefined; next = ready.take()) {
      order.push(next);
      missing[next] = Number.NEGATIVE_INFINITY;
      for (const each of neededBy[next]!) if (--missing[each]! === 0) ready.add(each);
    }
    if (order.length === dag.size) break;
    // What is left cannot be ordered; without the cycle that holds it up, the rest is looked at.
    const cycle = findCycle(dag, (i) => missing[i]! > 0);
    cycles.push(cycle);
    for (const each of cycle) missing[each] = Number.NEGATIVE_INFINITY;
    for (const each of cycle) ready.add(each);
  }
  return cycles.length === 0 ? { kind: "ordered", order } : { kind: "cyclic", cycles };
}

/** Among positions that all need another of them, following needs must come round. */
function findCycle(dag: Dag, isLeft: (index: number) => boolean): readonly number[] {
  const seenAt = new Map<number, number>();
  const walked: number[] = [];
  let current = 0;
  while (!isLeft(current)) current++;
  while (!seenAt.has(current)) {
    seenAt.set(current, walked.length);
    walked.push(current);
    current = dag.needs(current).find(isLeft)!;
  }
  const cycle = walked.slice(seenAt.get(current));
  // From the smallest, so that the message is the same each time.
  const first = cycle.indexOf(Math.min(...cycle));
  return [...cycle.slice(first), ...cycle.slice(0, first)];
}

/** A binary heap of numbers. */
class SmallestFirst {
  readonly #heap: number[] = [];

  add(value: number): void {
    const heap = this.#heap;
    let at = heap.push(value) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (heap[above]! <= value) break;
      heap[at] = heap[above]!;
      at = above;
    }
    heap[at] = value;
  }

  take(): number | undefined {
    const heap = this.#heap;
    const smallest = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return smallest;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && heap[below + 1]! < heap[below]!) below++;
      if (heap[below]! >= last) break;
      heap[at] = heap[below]!;
      at = below;
    }
    heap[at] = last;
    return smallest;
  }
}

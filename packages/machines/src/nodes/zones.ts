/** A node of a pool, as far as its place is concerned. */
export interface PlacedNode {
  /** Absent for a node of a pool without zones. */
  readonly zone?: string;
  readonly instance: number;
}

/**
 * The zone of a pool's next node: of the pool's zones, in their order, the first with the fewest nodes. Absent where
 * the pool has no zones. Scale sets balance their zones in this way, best effort.
 */
export function zoneForNextNode(zones: readonly string[], nodes: readonly PlacedNode[]): string | undefined {
  let best: string | undefined;
  let fewest = Number.POSITIVE_INFINITY;
  for (const zone of zones) {
    const count = nodes.filter((each) => each.zone === zone).length;
    if (count < fewest) [best, fewest] = [zone, count];
  }
  return best;
}

/** The zones of a new pool's nodes, node by node; `undefined` throughout where the pool has no zones. */
export function zonesForNewPool(zones: readonly string[], count: number): readonly (string | undefined)[] {
  const distinct = [...new Set(zones)];
  return Array.from({ length: count }, (_, index) => distinct[index % distinct.length]);
}

/**
 * The node that goes first when a scale set shrinks by its default policy: balance over zones, then the highest
 * instance. Nothing if there are no nodes.
 */
export function nodeToRemove<T extends PlacedNode>(nodes: readonly T[]): T | undefined {
  const counts = new Map<string | undefined, number>();
  for (const { zone } of nodes) counts.set(zone, (counts.get(zone) ?? 0) + 1);
  const most = Math.max(0, ...counts.values());
  return nodes
    .filter((each) => counts.get(each.zone) === most)
    .reduce<T | undefined>(
      (highest, each) => (highest && highest.instance > each.instance ? highest : each),
      undefined,
    );
}

import type { ResourceRecord, Urn } from "@berth/core";
import { forEachNeed } from "./surroundings.ts";

/**
 * Records such that each comes after what it needs; where that leaves the choice, by URN, so that the
 * order does not tell how an operation happened to run. In a cycle, which a valid state does not have,
 * every record still comes exactly once.
 */
export function inDependencyOrder(records: ReadonlyMap<Urn, ResourceRecord>): readonly ResourceRecord[] {
  const ordered = new Set<ResourceRecord>();
  const entered = new Set<Urn>();
  for (const first of [...records.keys()].toSorted()) {
    const stack: Urn[] = [first];
    while (stack.length > 0) {
      const urn = stack[stack.length - 1]!;
      const record = records.get(urn);
      if (!record || ordered.has(record)) {
        stack.pop();
      } else if (entered.has(urn)) {
        ordered.add(record);
        stack.pop();
      } else {
        entered.add(urn);
        const needs: Urn[] = [];
        forEachNeed(record, (each) => {
          if (!entered.has(each)) needs.push(each);
        });
        for (let i = needs.length - 1; i >= 0; i--) stack.push(needs[i]!);
      }
    }
  }
  return [...ordered];
}

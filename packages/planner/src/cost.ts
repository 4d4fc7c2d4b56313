import { type CostFacet, parseUrn, type ResourceRecord, Unknown, type Urn } from "@berth/core";
import { type Facets, ofKind } from "./facets.ts";
import type { Leaving } from "./leaving.ts";
import type { CostItem, CostPlan } from "./plan.ts";
import type { Standing } from "./resolve/standing.ts";

/** What the stack costs a month, before and after. Sums are absent where a part of them has no price. */
export function planCost(
  standings: readonly Standing[],
  leaving: readonly Leaving[],
  facets: Facets,
  kept: ReadonlyMap<Urn, ResourceRecord>,
): CostPlan {
  const items: CostItem[] = [];
  const unpriced = new Set<string>();
  const sources = new Set<string>();
  const sides = { before: new Sum(), after: new Sum() };

  const add = (urn: Urn, name: string, had: readonly CostFacet[], has: readonly CostFacet[]): void => {
    for (let i = 0; i < Math.max(had.length, has.length); i++) {
      const what = has[i]?.what ?? had[i]?.what ?? "";
      const [before, after] = [sides.before.add(had[i]), sides.after.add(has[i])];
      items.push({
        urn,
        what,
        ...(before === undefined ? {} : { before }),
        ...(after === undefined ? {} : { after }),
      });
    }
    for (const each of [...had, ...has]) {
      if (priceOf(each) === undefined)
        unpriced.add(`${name}: ${each.what}${each.reason === undefined ? "" : ` (${each.reason})`}`);
      else sources.add(each.source);
    }
  };
  for (const standing of standings) {
    const { resource } = standing;
    // What is only read is somebody else's.
    if (resource.read) continue;
    const has = ofKind(facets.after(standing), "Cost");
    const had = ofKind(facets.had(standing), "Cost");
    add(resource.urn, resource.name, had, has);
  }
  for (const { record, reason, declared } of leaving)
    add(
      record.urn,
      declared?.name ?? record.id,
      ofKind(reason.kind === "superseded" ? facets.superseded(record) : facets.before(record), "Cost"),
      [],
    );
  for (const [urn, record] of kept) {
    const has = ofKind(facets.before(record), "Cost");
    add(urn, parseUrn(urn)?.path.at(-1) ?? record.id, has, has);
  }
  return {
    ...sides.before.as("before"),
    ...sides.after.as("after"),
    items,
    unpriced: [...unpriced].toSorted(),
    sources: [...sources].toSorted(),
  };
}

function priceOf({ monthly }: CostFacet): number | undefined {
  return monthly instanceof Unknown ? undefined : monthly;
}

/** A sum in whole cents, so that the order of addition leaves no trace. */
class Sum {
  #cents = 0;
  #known = true;

  /** The price, in dollars, of what was added. */
  add(facet: CostFacet | undefined): number | undefined {
    if (!facet) return undefined;
    const price = priceOf(facet);
    if (price === undefined) this.#known = false;
    else this.#cents += Math.round(price * 100);
    return price === undefined ? undefined : Math.round(price * 100) / 100;
  }

  as(name: "before" | "after"): { readonly before?: number; readonly after?: number } {
    return this.#known ? { [name]: this.#cents / 100 } : {};
  }
}

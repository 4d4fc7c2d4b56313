import { catalogueSources } from "./catalogue.ts";
import { findRegion, normaliseRegion } from "./regions.ts";
import type { MachineSize } from "./size.ts";

/** Hours in a month, as Azure's price calculator counts them. */
export const hoursPerMonth = 730;

/** What machines cost in a month of 730 hours, Linux, pay-as-you-go, before discounts. */
export interface MonthlyCost {
  /** USD; absent, with a {@link reason}, where no price is known. Never 0 for that. */
  readonly monthly?: number;
  readonly reason?: string;
  /** "Azure retail prices of 2026-06-18" */
  readonly source: string;
}

/**
 * The monthly cost of `count` machines of a size in a region.
 *
 * @example
 * const size = findMachineSize("Standard_D4s_v5");
 * if (size) monthlyCost(size, "westeurope", 3).monthly; // 503.7
 */
export function monthlyCost(
  size: MachineSize,
  region: string,
  count = 1,
  options: { readonly spot?: boolean } = {},
): MonthlyCost {
  const list = catalogueSources.find((each) => each.what.startsWith("prices"));
  const source = (date: string | undefined): string => `Azure retail prices of ${date ?? "an unknown day"}`;
  if (options.spot === true) {
    return {
      reason: "spot prices change by the hour and are not in the catalogue",
      source: source(list?.date),
    };
  }
  const name = normaliseRegion(region);
  const price = Object.hasOwn(size.prices, name) ? size.prices[name] : undefined;
  if (price === undefined) {
    const where = findRegion(region) === undefined ? `the unknown region "${region}"` : name;
    return { reason: `the catalogue has no price of ${size.name} in ${where}`, source: source(list?.date) };
  }
  return { monthly: roundToCents(price.usd * hoursPerMonth * count), source: source(price.date) };
}

function roundToCents(usd: number): number {
  return Math.round((usd + Number.EPSILON) * 100) / 100;
}

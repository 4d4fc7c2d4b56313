import { nearest, type Problem, problem } from "@berth/diagnostics";
import { codes } from "../codes.ts";
import { findRegion } from "./regions.ts";
import type { CatalogueSource, SeriesRow, SizeRow } from "./row.ts";
import type { MachineSize } from "./size.ts";
import { compiled, priceRegions, pricesDate, seriesTable, sources } from "./generated/table.ts";

/** Day on which the catalogue was put together. */
export const catalogueDate: string = compiled;

/** Where the catalogue's facts come from. */
export const catalogueSources: readonly CatalogueSource[] = sources;

let byName: ReadonlyMap<string, MachineSize> | undefined;

function readSizes(): ReadonlyMap<string, MachineSize> {
  byName ??= new Map(
    seriesTable
      .flatMap((series) => series.sizes.map((row) => readRow(series, row)))
      .map((size) => [size.name.toLowerCase(), size]),
  );
  return byName;
}

function readRow(series: SeriesRow, row: SizeRow): MachineSize {
  const [shortName, vcpus, memoryGiB, maxDataDisks, maxNics, networkMbps, tempDiskGiB, nvmeDiskGiB, ...rest] =
    row;
  const [eastus, westeurope, more = {}] = rest;
  const name = `Standard_${shortName}`;
  const amounts = { eastus, westeurope };
  const prices = Object.fromEntries(
    priceRegions.flatMap((region) => {
      const usd = amounts[region];
      return usd === null ? [] : [[region, { usd, date: more.priceDates?.[region] ?? pricesDate }]];
    }),
  );
  return Object.freeze<MachineSize>({
    name,
    series: series.series,
    family: series.family,
    vcpus,
    memoryGiB,
    architecture: series.architecture,
    ...(more.gpu && { gpu: more.gpu }),
    maxDataDisks,
    maxNics,
    ...(networkMbps !== null && { networkMbps }),
    acceleratedNetworking: more.acceleratedNetworking ?? true,
    tempDiskGiB,
    ...(nvmeDiskGiB !== null && { nvmeDiskGiB }),
    ...(more.cacheGiB !== undefined && { cacheGiB: more.cacheGiB }),
    ...(series.ephemeralOsPlacements !== null && { ephemeralOsPlacements: series.ephemeralOsPlacements }),
    premiumStorage: takesPremiumDisks(name),
    ...(more.spot !== undefined && { spot: more.spot }),
    zones: more.zones ?? {},
    prices,
    verified: more.verified ?? false,
  });
}

/** `Standard_[family]S2…` in the second generation, an `s` among the features behind the cores since. */
function takesPremiumDisks(name: string): boolean {
  return /^Standard_(?:[A-Z]+S\d|[A-Z]+\d+(?:-\d+)?[a-z]*s[a-z]*(?:_|$))/.test(name);
}

/** All sizes of the catalogue, in its order: series by series, small to large. */
export function machineSizes(): readonly MachineSize[] {
  return [...readSizes().values()];
}

/**
 * The size of this name, in any case, or nothing.
 *
 * @example
 * findMachineSize("standard_d4s_v5")?.vcpus; // 4
 */
export function findMachineSize(name: string): MachineSize | undefined {
  return readSizes().get(name.toLowerCase());
}

/** BERTH5301 with the nearest name if the catalogue has no such size. */
export function machineSizeProblems(name: string, path: string): readonly Problem[] {
  if (findMachineSize(name) !== undefined) return [];
  const sizes = machineSizes();
  const near =
    nearest(
      name,
      sizes.map((each) => each.name),
    ) ??
    nearest(
      `Standard_${name}`,
      sizes.map((each) => each.name),
    );
  return [
    problem(codes.BERTH5301, {
      message: `the catalogue has no VM size "${name}"`,
      ...(near !== undefined && { hint: `did you mean "${near}"?` }),
      path,
    }),
  ];
}

/**
 * The zones in which a pool of this size may stand in this region: the region's, less those that Azure's API does
 * not offer for the size where that was read. Empty where the region is unknown or has no zones.
 */
export function zonesOf(size: MachineSize, region: string): readonly string[] {
  const known = findRegion(region);
  return known === undefined ? [] : (size.zones[known.name] ?? known.zones);
}

/** BERTH5303 for each zone that the region does not have, or in which it does not offer the size. */
export function zoneProblems(
  size: MachineSize,
  region: string,
  zones: readonly string[],
  path: string,
): readonly Problem[] {
  const known = findRegion(region);
  if (known === undefined) return [];
  const offered = zonesOf(size, region);
  return zones.flatMap((zone, index) => {
    if (offered.includes(zone)) return [];
    const message =
      known.zones.length === 0
        ? `${known.name} has no availability zones`
        : known.zones.includes(zone)
          ? `${size.name} is not offered in zone ${zone} of ${known.name}`
          : `${known.name} has no zone "${zone}"`;
    const hint =
      offered.length > 0 ? `zones ${offered.join(", ")} are open to ${size.name}` : "leave zones out";
    return [problem(codes.BERTH5303, { message, hint, path: `${path}[${index}]` })];
  });
}

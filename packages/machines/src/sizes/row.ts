import type { Architecture, EphemeralOsPlacement, Gpu } from "./size.ts";

/** Where a kind of fact in the catalogue comes from. */
export interface CatalogueSource {
  /** "vCPU, memory, GPU, arch, quota family" */
  readonly what: string;
  /** Repository and path. */
  readonly where: string;
  /** When that source was generated or dated, as it says itself. */
  readonly date?: string;
}

/** What a few sizes have beyond their row's cells. */
interface MoreFacts {
  readonly gpu?: Gpu;
  readonly cacheGiB?: number;
  readonly zones?: Readonly<Record<string, readonly string[]>>;
  readonly spot?: boolean;
  readonly verified?: true;
  /** Dates of prices that are not of the price list's own date, by region. */
  readonly priceDates?: Readonly<Record<string, string>>;
  readonly acceleratedNetworking?: false;
}

/**
 * Name without `Standard_`, vCPUs, memory in GiB, most data disks, most network interfaces, network in Mbit/s,
 * temporary disk in GiB, NVMe disks in GiB, USD an hour in each of the price regions, more. `null` is not sourced.
 */
export type SizeRow = readonly [
  name: string,
  vcpus: number,
  memoryGiB: number,
  maxDataDisks: number,
  maxNics: number,
  networkMbps: number | null,
  tempDiskGiB: number,
  nvmeDiskGiB: number | null,
  eastus: number | null,
  westeurope: number | null,
  more?: MoreFacts,
];

/** A series of sizes, with what they share. */
export interface SeriesRow {
  readonly series: string;
  readonly family: string;
  readonly architecture: Architecture;
  readonly ephemeralOsPlacements: readonly EphemeralOsPlacement[] | null;
  /** Page of the size's facts under `articles/virtual-machines/sizes/`. */
  readonly page: string;
  /** The page is of the sibling series of the same generation, which differs in local disk only. */
  readonly siblingPage?: true;
  readonly sizes: readonly SizeRow[];
}

/** Processor architecture, as Kubernetes names it in `kubernetes.io/arch`. */
export type Architecture = "amd64" | "arm64";

/** Local disk of a VM that can hold an ephemeral OS disk. */
export type EphemeralOsPlacement = "NvmeDisk" | "CacheDisk" | "ResourceDisk";

/** Graphics processors of a size. */
export interface Gpu {
  /** May be a fraction, where several sizes share one card. */
  readonly count: number;
  readonly model: string;
}

/** Price of an hour of a VM, Linux, pay-as-you-go. */
export interface HourlyPrice {
  readonly usd: number;
  /** Day of the price list, `2026-06-18`. */
  readonly date: string;
}

/**
 * A VM size of Azure, as its pages and lists describe it. What is `undefined` is not sourced, which is not the
 * same as absent: {@link catalogueSources} says where each fact comes from.
 */
export interface MachineSize {
  /** As Azure writes it: `Standard_D4s_v5`. */
  readonly name: string;
  /** `Dsv5` */
  readonly series: string;
  /** Name of the quota that the size's cores count against. Irregular: never derived from the name. */
  readonly family: string;
  readonly vcpus: number;
  /** GiB, although Azure's API calls the capability `MemoryGB`. */
  readonly memoryGiB: number;
  readonly architecture: Architecture;
  readonly gpu?: Gpu;
  readonly maxDataDisks: number;
  readonly maxNics: number;
  readonly networkMbps?: number;
  readonly acceleratedNetworking: boolean;
  /** Temporary (resource) disk in GiB; 0 where there is none. */
  readonly tempDiskGiB: number;
  /** All NVMe disks together in GiB; 0 where there are none. */
  readonly nvmeDiskGiB?: number;
  /** Cache for OS and data disks in GiB, where it can hold an OS disk. */
  readonly cacheGiB?: number;
  /** Where an ephemeral OS disk can go; empty: nowhere; absent: supported, but the place is not verified. */
  readonly ephemeralOsPlacements?: readonly EphemeralOsPlacement[];
  /** Premium disks can be attached (an `s` in the name). */
  readonly premiumStorage: boolean;
  /** Spot capacity is offered; absent where not verified, since it is a fact of each region. */
  readonly spot?: boolean;
  /** Zones that offer the size, by region, where they were read from Azure's API. */
  readonly zones: Readonly<Record<string, readonly string[]>>;
  /** By region. */
  readonly prices: Readonly<Record<string, HourlyPrice>>;
  /** The size was checked against a response of Azure's API. */
  readonly verified: boolean;
}

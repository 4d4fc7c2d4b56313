import type { MachineSize } from "./size.ts";

/** Cores that machines take from one of a region's quotas. */
export interface QuotaDraw {
  /** The quota's name in Azure's usages API: a family's, `cores`, or `lowPriorityCores`. */
  readonly quota: string;
  readonly cores: number;
}

/**
 * What `count` machines of a size draw on: their family's quota and the region's total, or for spot machines only
 * the quota that all spot machines of the region share.
 *
 * @example
 * draws(size, 3); // [{ quota: "standardDSv5Family", cores: 12 }, { quota: "cores", cores: 12 }]
 */
export function draws(
  size: MachineSize,
  count: number,
  options: { readonly spot?: boolean } = {},
): readonly QuotaDraw[] {
  const cores = size.vcpus * count;
  if (options.spot === true) return [{ quota: "lowPriorityCores", cores }];
  return [
    { quota: size.family, cores },
    { quota: "cores", cores },
  ];
}

/** Whether two names mean one quota: Azure's spelling of families differs between its own APIs. */
export function isSameQuota(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** Limits of AKS that no request can raise, or that are its published maximum. */
export const aksLimits = {
  nodesPerPool: 1000,
  nodesPerCluster: 5000,
  nodesPerFreeCluster: 1000,
  podsPerOverlayCluster: 200_000,
  podsPerNode: 250,
} as const;

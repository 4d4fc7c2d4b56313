import type { NetworkMode } from "../pools/rules.ts";
import { type AddressRange, formatAddress, rangeSize } from "./ipv4.ts";

/** Azure keeps the first four addresses of every subnet and the last. */
export const azureReservedAddresses = 5;

/** Addresses of a subnet that machines can have: a /24 has 251. */
export function usableAddresses(subnet: AddressRange): number {
  return Math.max(0, rangeSize(subnet) - azureReservedAddresses);
}

/** The `index`-th usable address of a subnet, counted from 0, or nothing beyond its end. */
export function usableAddress(subnet: AddressRange, index: number): string | undefined {
  return index >= 0 && index < usableAddresses(subnet) ? formatAddress(subnet.first + 4 + index) : undefined;
}

/** Nodes that an overlay's pod range has room for: each takes a /24, whatever the number of its pods. */
export function overlayNodeLimit(podRange: AddressRange): number {
  return podRange.prefix > 24 ? 0 : 2 ** (24 - podRange.prefix);
}

/** The `index`-th node's /24 of an overlay's pod range, or nothing beyond its end. */
export function overlayNodeRange(podRange: AddressRange, index: number): AddressRange | undefined {
  if (index < 0 || index >= overlayNodeLimit(podRange)) return undefined;
  const first = podRange.first + index * 256;
  return { first, last: first + 255, prefix: 24 };
}

/** Addresses that a pool takes. */
export interface AddressDemand {
  /** From the subnet of its nodes. */
  readonly nodeSubnet: number;
  /** From the subnet of its pods, where it has one. */
  readonly podSubnet: number;
}

/**
 * Addresses that a pool's nodes take, those that an upgrade adds included. Overlay, kubenet and other networks: one a
 * node. Pods in the nodes' subnet: one a node and one for each pod that it may hold. Pod subnet: one a node, and pods
 * in batches of 16, of which a node holds a further one when fewer than 8 addresses are free.
 *
 * @example
 * addressDemand("node-subnet", { nodes: 50, surge: 1, maxPods: 30 }).nodeSubnet; // 1581
 */
export function addressDemand(
  mode: NetworkMode,
  pool: { readonly nodes: number; readonly surge: number; readonly maxPods: number },
): AddressDemand {
  const nodes = pool.nodes + pool.surge;
  if (mode === "node-subnet") return { nodeSubnet: nodes * (1 + pool.maxPods), podSubnet: 0 };
  if (mode === "pod-subnet")
    return { nodeSubnet: nodes, podSubnet: nodes * podSubnetBatches(pool.maxPods) * 16 };
  return { nodeSubnet: nodes, podSubnet: 0 };
}

/** Batches of 16 addresses that a node with this many pods holds. */
function podSubnetBatches(pods: number): number {
  return Math.ceil((pods + 8) / 16);
}

/**
 * Nodes that an upgrade adds: `1`, or a percentage of the pool rounded up, `10%`. Nothing if it is neither.
 *
 * @example
 * surgeNodes("33%", 4); // 2
 */
export function surgeNodes(maxSurge: string, nodes: number): number | undefined {
  const [, digits, percent] = /^(\d{1,4})(%?)$/.exec(maxSurge) ?? [];
  if (digits === undefined) return undefined;
  return percent === "%" ? Math.ceil((nodes * Number(digits)) / 100) : Number(digits);
}

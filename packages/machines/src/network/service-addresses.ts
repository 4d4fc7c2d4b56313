import { type AddressRange, contains, formatAddress, parseAddress, rangeSize } from "./ipv4.ts";

/**
 * How Kubernetes divides a service range: static addresses are safe in the lower band, since dynamic allocation
 * takes the upper one first (KEP-3070). Addresses are numbers; both bands include their ends.
 */
export interface ServiceAddressBands {
  /** Absent in ranges of at most 16 addresses. */
  readonly static?: { readonly first: number; readonly last: number };
  /** Absent where no address is left for it. */
  readonly dynamic?: { readonly first: number; readonly last: number };
}

/**
 * The bands of a service range, by the rule of kube-apiserver's IP allocator: the first and last address are never
 * given out, the static band has `min(max(16, size / 16), 256)` addresses, and none where the range has at most 16.
 *
 * @example
 * serviceAddressBands(parseRange("10.0.0.0/16")); // static 10.0.0.1 to 10.0.1.0, dynamic from 10.0.1.1
 */
export function serviceAddressBands(range: AddressRange): ServiceAddressBands {
  const size = rangeSize(range);
  const offset = size <= 16 ? 0 : Math.min(Math.max(16, Math.floor(size / 16)), 256);
  const first = range.first + 1 + offset;
  const last = range.last - 1;
  return {
    ...(offset > 0 && { static: { first: range.first + 1, last: range.first + offset } }),
    ...(first <= last && { dynamic: { first, last } }),
  };
}

/** Address of the service `kubernetes`: the first after the network's. */
export function apiServiceAddress(range: AddressRange): string {
  return formatAddress(range.first + 1);
}

/** Address of the DNS service that AKS takes by default: 10.0.0.10 in 10.0.0.0/16. */
export function defaultDnsAddress(range: AddressRange): string {
  return formatAddress(range.first + 10);
}

/**
 * The address that a new service gets: the first of the static band that nobody has, neither the API server's own
 * service nor DNS. Nothing when the band is full or the range has none.
 *
 * @param taken Addresses of other services, recorded and observed; what is no address is not looked at.
 */
export function nextServiceAddress(
  range: AddressRange,
  dns: string,
  taken: Iterable<string>,
): string | undefined {
  const band = serviceAddressBands(range).static;
  if (band === undefined) return undefined;
  const used = new Set([...taken, dns].map(parseAddress));
  for (let address = band.first + 1; address <= band.last; address++) {
    if (!used.has(address) && contains(range, address)) return formatAddress(address);
  }
  return undefined;
}

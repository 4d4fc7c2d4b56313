import type { JsonObject, ServiceAddresses, Urn } from "@berth/core";
import { formatIpv4, parseIpv4, parseIpv4Range } from "./ipv4.ts";

/** A service that is to have a static address, and the one that it was given before. */
export interface AddressWish {
  readonly urn: Urn;
  readonly remembered?: string;
}

export interface AssignedAddresses {
  /** Address by the service's URN; a service for which none was left is missing. */
  readonly addresses: ReadonlyMap<Urn, string>;
  /** Services for which the static band has no address left, sorted. */
  readonly unassigned: readonly Urn[];
}

/**
 * Gives each service its address of the static band. One that was given before is kept while it is
 * in the cluster's range and nobody else's, so that an edit of one service changes no other's; new
 * ones get the lowest that is free, in order of their URNs, so that the order of declaration does
 * not matter.
 *
 * @param written addresses that the program writes in other services; they win over those given before
 * @param taken addresses of other services, recorded or observed, which new ones avoid; asked for only if there are new ones
 */
export function assignClusterIps(
  wishes: readonly AddressWish[],
  services: ServiceAddresses,
  written: Iterable<string>,
  taken: () => Iterable<string>,
): AssignedAddresses {
  const used = new Set<number>();
  const use = (texts: Iterable<string>): void => {
    for (const each of texts) {
      const address = parseIpv4(each);
      if (address !== undefined) used.add(address);
    }
  };
  use(services.reserved);
  use(written);
  const addresses = new Map<Urn, string>();
  const inOrder = wishes.toSorted((a, b) => (a.urn < b.urn ? -1 : 1));
  const range = parseIpv4Range(services.range);
  const open: Urn[] = [];
  for (const { urn, remembered } of inOrder) {
    const address = remembered === undefined ? undefined : parseIpv4(remembered);
    const fits =
      address !== undefined && range !== undefined && address > range.first && address < range.last;
    if (!fits || used.has(address)) {
      open.push(urn);
      continue;
    }
    used.add(address);
    addresses.set(urn, formatIpv4(address));
  }
  if (open.length > 0) use(taken());
  const last = parseIpv4(services.lastStatic) ?? -1;
  let next = parseIpv4(services.firstStatic) ?? 0;
  const unassigned: Urn[] = [];
  for (const urn of open) {
    while (next <= last && used.has(next)) next++;
    if (next > last) unassigned.push(urn);
    else addresses.set(urn, formatIpv4(next++));
  }
  return { addresses, unassigned };
}

/** Whether the API server gives this service an address of the cluster when none is written. */
export function takesClusterIp(object: JsonObject): boolean {
  if (object["kind"] !== "Service" || object["apiVersion"] !== "v1") return false;
  const spec = object["spec"];
  return typeof spec !== "object" || spec === null || !("type" in spec) || spec.type !== "ExternalName";
}

/** The address written in a service; `None` for a headless one. */
export function writtenClusterIp(object: JsonObject): string | undefined {
  const spec = object["spec"];
  if (typeof spec !== "object" || spec === null || !("clusterIP" in spec)) return undefined;
  return typeof spec.clusterIP === "string" && spec.clusterIP !== "" ? spec.clusterIP : undefined;
}

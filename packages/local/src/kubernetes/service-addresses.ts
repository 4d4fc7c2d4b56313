import { contains, formatAddress, parseAddress, parseRange, serviceAddressBands } from "@berth/machines";
import type { Service, ServiceAddresses } from "@berth/objects";

/** First and last port that services are given on nodes; below {@link FIRST_DYNAMIC_PORT} only those who ask. */
const FIRST_PORT = 30000;
const LAST_PORT = 32767;
const FIRST_DYNAMIC_PORT = 30086;

/** What is taken already, and what decides the next free one. */
export interface ServiceRange {
  /** `10.0.0.0/16` */
  readonly range: string;
  /** Taken, whoever has it: DNS. */
  readonly reserved: readonly string[];
  /** All other services of the cluster. */
  readonly others: readonly Service[];
  /** Counts up: where the search for a free address or port begins. */
  next(what: "cluster-ip" | "node-port"): number;
}

/**
 * Cluster IPs and node ports as kube-apiserver's allocators give them, but counted where those draw
 * at random: from the dynamic bands first, each search going on where the last one began.
 */
export function serviceAddresses({ range, reserved, others, next }: ServiceRange): ServiceAddresses {
  const addresses = new Set([...reserved, ...others.flatMap((each) => each.spec?.clusterIP ?? [])]);
  const ports = new Set(others.flatMap(portsOf));
  return {
    refuseClusterIp: (address) => addressFault(address, range, addresses),
    nextClusterIp: () => freeAddress(range, addresses, next),
    refuseNodePort: (port) => {
      if (port < FIRST_PORT || port > LAST_PORT) {
        return `provided port is not in the valid range. The range of valid ports is ${FIRST_PORT}-${LAST_PORT}`;
      }
      return ports.has(port) ? "provided port is already allocated" : undefined;
    },
    nextNodePort: (taken) =>
      firstFree(
        FIRST_DYNAMIC_PORT,
        LAST_PORT,
        next("node-port"),
        (port) => !ports.has(port) && !taken.has(port),
      ),
  };
}

function portsOf({ spec }: Service): number[] {
  const health = spec?.healthCheckNodePort;
  return [...(spec?.ports ?? []).flatMap((port) => port.nodePort ?? []), ...(health ? [health] : [])];
}

function addressFault(address: string, range: string, used: ReadonlySet<string>): string | undefined {
  const [number, within] = [parseAddress(address), parseRange(range)];
  const isEdge = number === within?.first || number === within?.last;
  if (number === undefined || !within || !contains(within, number) || isEdge) {
    return `the provided IP (${address}) is not in the valid range. The range of valid IPs is ${range}`;
  }
  return used.has(address) ? "provided IP is already allocated" : undefined;
}

/** From the dynamic band, and when that is full from the static one. */
function freeAddress(
  range: string,
  used: ReadonlySet<string>,
  next: ServiceRange["next"],
): string | undefined {
  const parsed = parseRange(range);
  const bands = parsed && serviceAddressBands(parsed);
  for (const band of [bands?.dynamic, bands?.static]) {
    if (!band) continue;
    const isFree = (address: number) => !used.has(formatAddress(address));
    const found = firstFree(band.first, band.last, next("cluster-ip"), isFree);
    if (found !== undefined) return formatAddress(found);
  }
  return undefined;
}

/** Searches from a place that the count decides, once around. */
function firstFree(
  first: number,
  last: number,
  count: number,
  isFree: (value: number) => boolean,
): number | undefined {
  const size = last - first + 1;
  for (let turn = 0; turn < size; turn++) {
    const value = first + ((count - 1 + turn) % size);
    if (isFree(value)) return value;
  }
  return undefined;
}

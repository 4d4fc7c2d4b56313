import { contains, formatAddress, parseAddress, parseRange, serviceAddressBands } from "@berth/machines";
import type { Service } from "@berth/objects";
import type { StatusCause } from "./status.ts";

/** First and last port that services are given on nodes; below {@link FIRST_DYNAMIC_PORT} only those who ask. */
const FIRST_PORT = 30000;
const LAST_PORT = 32767;
const FIRST_DYNAMIC_PORT = 30086;

/** What is taken already, and what decides the next free one. */
export interface ServiceAllocator {
  /** `10.0.0.0/16` */
  readonly range: string;
  /** Taken, whoever has it. */
  readonly reserved: readonly string[];
  /** All other services of the cluster. */
  readonly others: readonly Service[];
  /** Counts up: where the search for a free address or port begins. */
  next(what: "cluster-ip" | "node-port"): number;
}

/** A service with its addresses and ports, or what is wrong with those that it asks for. */
export type Allocation = { readonly service: Service } | { readonly causes: readonly StatusCause[] };

/**
 * Gives a service the cluster IP and the node ports that it needs (`pkg/registry/core/service/storage/alloc.go`):
 * those it asks for if they are free, others from the dynamic bands.
 */
export function allocate(service: Service, allocator: ServiceAllocator): Allocation {
  const addressed = withClusterIp(service, allocator);
  return "causes" in addressed ? addressed : withNodePorts(addressed.service, allocator);
}

function withClusterIp(service: Service, allocator: ServiceAllocator): Allocation {
  const { spec } = service;
  const asked = spec?.clusterIP || spec?.clusterIPs?.[0];
  if (!spec || spec.type === "ExternalName") return { service };
  if (asked === "None") return { service: withSpec(service, { clusterIP: "None", clusterIPs: ["None"] }) };
  const used = new Set([...allocator.reserved, ...allocator.others.map((each) => each.spec?.clusterIP)]);
  const clusterIP = asked ?? freeAddress(allocator, used);
  const fault =
    clusterIP === undefined
      ? "range is full"
      : asked
        ? addressFault(asked, allocator.range, used)
        : undefined;
  if (fault === undefined && clusterIP !== undefined)
    return { service: withSpec(service, { clusterIP, clusterIPs: [clusterIP] }) };
  const message = asked
    ? `Invalid value: ${JSON.stringify([asked])}: failed to allocate IP ${asked}: ${fault}`
    : `Internal error: failed to allocate a serviceIP: ${fault}`;
  return {
    causes: [{ reason: asked ? "FieldValueInvalid" : "InternalError", message, field: "spec.clusterIPs" }],
  };
}

function addressFault(
  address: string,
  range: string,
  used: ReadonlySet<string | undefined>,
): string | undefined {
  const [number, within] = [parseAddress(address), parseRange(range)];
  const isInside =
    number !== undefined &&
    within !== undefined &&
    contains(within, number) &&
    number !== within.first &&
    number !== within.last;
  if (!isInside)
    return `the provided IP (${address}) is not in the valid range. The range of valid IPs is ${range}`;
  return used.has(address) ? "provided IP is already allocated" : undefined;
}

/** From the dynamic band, and when that is full from the static one. */
function freeAddress(
  { range, next }: ServiceAllocator,
  used: ReadonlySet<string | undefined>,
): string | undefined {
  const parsed = parseRange(range);
  const bands = parsed && serviceAddressBands(parsed);
  for (const band of [bands?.dynamic, bands?.static]) {
    if (!band) continue;
    const found = firstFree(
      band.first,
      band.last,
      next("cluster-ip"),
      (address) => !used.has(formatAddress(address)),
    );
    if (found !== undefined) return formatAddress(found);
  }
  return undefined;
}

function withNodePorts(service: Service, allocator: ServiceAllocator): Allocation {
  const { type, ports, allocateLoadBalancerNodePorts } = service.spec ?? {};
  if (!ports || (type !== "NodePort" && type !== "LoadBalancer")) return { service };
  const used = new Set(allocator.others.flatMap((each) => (each.spec?.ports ?? []).map(portKey)));
  const causes: StatusCause[] = [];
  ports.forEach((port, index) => {
    if (!port.nodePort) return;
    const fault = portFault(port.nodePort, used.has(portKey(port)));
    if (fault)
      causes.push({
        reason: "FieldValueInvalid",
        message: `Invalid value: ${port.nodePort}: ${fault}`,
        field: `spec.ports[${index}].nodePort`,
      });
    used.add(portKey(port));
  });
  if (causes.length > 0) return { causes };
  if (type === "LoadBalancer" && allocateLoadBalancerNodePorts === false) return { service };
  const given = ports.map((port) => {
    if (port.nodePort) return port;
    const nodePort = firstFree(
      FIRST_DYNAMIC_PORT,
      LAST_PORT,
      allocator.next("node-port"),
      (each) => !used.has(portKey({ ...port, nodePort: each })),
    );
    used.add(portKey({ ...port, nodePort }));
    return nodePort === undefined ? port : { ...port, nodePort };
  });
  return { service: withSpec(service, { ports: given }) };
}

function portFault(port: number, isTaken: boolean): string | undefined {
  if (port < FIRST_PORT || port > LAST_PORT) {
    return `provided port is not in the valid range. The range of valid ports is ${FIRST_PORT}-${LAST_PORT}`;
  }
  return isTaken ? "provided port is already allocated" : undefined;
}

/** One number may be used once for each protocol. */
function portKey(port: { readonly nodePort?: number | undefined; readonly protocol?: string }): string {
  return `${port.nodePort}/${port.protocol ?? "TCP"}`;
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

function withSpec(service: Service, spec: Partial<NonNullable<Service["spec"]>>): Service {
  return { ...service, spec: { ...service.spec, ...spec } };
}

import { type Problem, problem } from "@berth/diagnostics";
import { codes } from "../codes.ts";
import { formatAddress, overlaps, parseAddress, parseRange, rangeProblems } from "./ipv4.ts";
import { overlayNodeLimit, usableAddresses } from "./subnet.ts";

/** The address ranges of a cluster, each with the path of the property that holds it. */
export interface ClusterRanges {
  readonly services: { readonly range: string; readonly path: string };
  readonly dns?: { readonly address: string; readonly path: string };
  /** Where the network has a pod range of its own. */
  readonly pods?: { readonly range: string; readonly path: string };
  /** Subnets (or whole virtual networks) that the cluster's nodes and pods stand in, and those peered with them. */
  readonly subnets: readonly { readonly name: string; readonly range: string; readonly path: string }[];
}

/**
 * BERTH5310 to BERTH5313 for ranges that AKS refuses: services in a range smaller than /12, DNS inside it and not its
 * first address, and no two of services, pods and subnets overlapping (subnets may overlap one another: that is for
 * their virtual network to say).
 */
export function clusterRangeProblems(ranges: ClusterRanges): readonly Problem[] {
  const { services, dns, pods, subnets } = ranges;
  const apart = [
    { name: "services", ...services },
    ...(pods === undefined ? [] : [{ name: "pods", ...pods }]),
    ...subnets.map((each) => ({ ...each, name: `subnet ${each.name}` })),
  ];
  const problems = apart.flatMap((each) => rangeProblems(each.range, each.path));
  const range = parseRange(services.range);
  if (range !== undefined && range.prefix <= 12) {
    const message = `${services.range} is too large for services: it must be smaller than /12`;
    problems.push(problem(codes.BERTH5312, { message, path: services.path }));
  }
  if (range !== undefined && dns !== undefined) {
    const address = parseAddress(dns.address);
    const usable = address !== undefined && address > range.first + 1 && address < range.last;
    if (!usable) {
      const message =
        address === range.first + 1
          ? `${dns.address} is the first address of ${services.range}, which belongs to the service "kubernetes"`
          : `"${dns.address}" is no address that ${services.range} has for services`;
      const hint =
        range.last > range.first + 10 ? `AKS takes ${formatAddress(range.first + 10)} by default` : undefined;
      problems.push(
        problem(codes.BERTH5313, { message, path: dns.path, ...(hint !== undefined && { hint }) }),
      );
    }
  }
  for (const [index, one] of apart.entries()) {
    for (const other of apart.slice(index + 1)) {
      if (one.name.startsWith("subnet ")) continue;
      const [a, b] = [parseRange(one.range), parseRange(other.range)];
      if (a === undefined || b === undefined || !overlaps(a, b)) continue;
      const message = `${one.range} of ${one.name} and ${other.range} of ${other.name} share addresses`;
      problems.push(problem(codes.BERTH5311, { message, path: one.path }));
    }
  }
  return problems;
}

/** BERTH5314 if an overlay's pod range has no room for the nodes of all pools, upgrades included. */
export function podRangeProblems(podRange: string, nodes: number, path: string): readonly Problem[] {
  const range = parseRange(podRange);
  if (range === undefined) return rangeProblems(podRange, path);
  const limit = overlayNodeLimit(range);
  if (nodes <= limit) return [];
  const message = `${podRange} has room for ${limit} nodes, a /24 for each; the pools need ${nodes}`;
  return [problem(codes.BERTH5314, { message, path })];
}

/** BERTH5315 if a subnet has fewer usable addresses than its pools take; the smallest that would do is named. */
export function subnetProblems(subnet: string, addresses: number, path: string): readonly Problem[] {
  const range = parseRange(subnet);
  if (range === undefined) return rangeProblems(subnet, path);
  const usable = usableAddresses(range);
  if (addresses <= usable) return [];
  const enough = 32 - Math.ceil(Math.log2(addresses + 5));
  const message = `${subnet} has ${usable} usable addresses; ${addresses} are needed`;
  return [problem(codes.BERTH5315, { message, hint: `a /${enough} has enough`, path })];
}

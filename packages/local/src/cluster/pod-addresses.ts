import { formatAddress, formatRange, parseRange } from "@berth/machines";
import type { Node, Pod } from "@berth/objects";

/** Every node has a /24 of the pod range, as with Azure CNI overlay. */
const NODE_PREFIX = 24;

/**
 * The part of the pod range that a node gets: each part in turn, and when all have had theirs, the
 * next that no node has. `undefined` when the range is used up or none was given.
 *
 * @param nth How many nodes have joined, this one included.
 */
export function podRangeOfNode(
  podRange: string | undefined,
  nth: number,
  nodes: () => Iterable<Node>,
): string | undefined {
  const range = podRange === undefined ? undefined : parseRange(podRange);
  if (!range || range.prefix > NODE_PREFIX) return undefined;
  const count = 2 ** (NODE_PREFIX - range.prefix);
  const used = nth > count ? new Set([...nodes()].map((node) => node.spec?.podCIDR)) : new Set<string>();
  for (let turn = 0; turn < count; turn++) {
    const first = range.first + ((nth - 1 + turn) % count) * 256;
    const candidate = formatRange({ first, last: first + 255, prefix: NODE_PREFIX });
    if (!used.has(candidate)) return candidate;
  }
  return undefined;
}

/**
 * The address of a pod that starts on a node: the next after the last one given there, so that an
 * address comes again only when all have had their turn. Pods of the host's network have its address.
 *
 * @param nth How many pods have started on this node, this one included.
 */
export function podAddress(pod: Pod, node: Node, nth: number, used: ReadonlySet<string>): string | undefined {
  if (pod.spec?.hostNetwork)
    return node.status?.addresses?.find((each) => each.type === "InternalIP")?.address;
  const range = parseRange(node.spec?.podCIDR ?? "");
  if (!range) return undefined;
  // The first two belong to the network and its gateway, the last is for broadcasts.
  const size = range.last - range.first - 2;
  for (let turn = 0; turn < size; turn++) {
    const address = range.first + 2 + ((nth - 1 + turn) % size);
    if (!used.has(formatAddress(address))) return formatAddress(address);
  }
  return undefined;
}

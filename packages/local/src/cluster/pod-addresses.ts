import { contains, formatAddress, formatRange, parseAddress, parseRange } from "@berth/machines";
import type { Node, Pod } from "@berth/objects";

/** Every node has a /24 of the pod range, as with Azure CNI overlay. */
const NODE_PREFIX = 24;

/** The next free part of the pod range for a node; `undefined` when the range is used up or none was given. */
export function nextPodRange(podRange: string | undefined, nodes: Iterable<Node>): string | undefined {
  const range = podRange === undefined ? undefined : parseRange(podRange);
  if (!range) return undefined;
  const used = new Set([...nodes].map((node) => node.spec?.podCIDR));
  for (let first = range.first; first <= range.last; first += 2 ** (32 - NODE_PREFIX)) {
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

/** Whether an address is in the pod range of a node. */
export function isOnNode(address: string, node: Node): boolean {
  const [range, number] = [parseRange(node.spec?.podCIDR ?? ""), parseAddress(address)];
  return range !== undefined && number !== undefined && contains(range, number);
}

import type { Labels } from "@berth/objects";
import { valueOf } from "./selector.ts";

/** The values of one node label as small numbers. */
export interface Topology {
  readonly key: string;
  /** Domain by node index; -1 where the node lacks the label. */
  readonly domainOf: Int32Array;
  /** Label value by domain, in order of first appearance. */
  readonly values: readonly string[];
}

export function topologyOf(key: string, nodes: readonly { readonly labels: Labels }[]): Topology {
  const domainOf = new Int32Array(nodes.length).fill(-1);
  const byValue = new Map<string, number>();
  nodes.forEach(({ labels }, node) => {
    const value = valueOf(labels, key);
    if (value === undefined) return;
    let domain = byValue.get(value);
    if (domain === undefined) byValue.set(value, (domain = byValue.size));
    domainOf[node] = domain;
  });
  return { key, domainOf, values: [...byValue.keys()] };
}

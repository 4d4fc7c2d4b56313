import type { Step } from "../plan.ts";
import type { ClusterPart, Node } from "./doing.ts";
import type { Precedence } from "./precedence.ts";

interface Parts {
  readonly grow: number[];
  readonly write: number[];
  readonly shrink: number[];
}

/** Nodes by cluster; deletions in a cluster that ends are in a cluster of their own, the old one. */
export function partsOfClusters(nodes: readonly Node[]): ReadonlyMap<string, Parts> {
  const parts = new Map<string, Parts>();
  nodes.forEach((each, node) => {
    const { part } = each.doing;
    if (!part) return;
    const key = chainOf(part, each);
    const own = parts.get(key) ?? { grow: [], write: [], shrink: [] };
    own[phaseOf(part, each)].push(node);
    parts.set(key, own);
  });
  return parts;
}

export function chainOf({ cluster, ends }: ClusterPart, { action }: Node): string {
  return ends && isEnd(action) ? `${cluster} (old)` : cluster;
}

/** A pool that is replaced by another one grows first, and shrinks when objects were written. */
export function phaseOf({ kind, ends }: ClusterPart, { action, superseded, doing }: Node): keyof Parts {
  if (kind === "write") return "write";
  if (superseded || (ends && isEnd(action))) return "shrink";
  return doing.createFirst ? "grow" : kind;
}

function isEnd(action: Step["action"]): boolean {
  return action === "delete" || action === "forget";
}

/** Preferences, which give way to dependencies: a pool may need an object of the cluster to exist. */
export function addBarriers(precedence: Precedence, { grow, write, shrink }: Parts): void {
  const join = (earlier: readonly number[], later: readonly number[]): void => {
    const needed = precedence.ancestors(earlier);
    const free = later.filter((each) => needed[each] === 0);
    if (earlier.length === 0 || free.length === 0) return;
    const barrier = precedence.node();
    for (const each of earlier) precedence.add(each, barrier);
    for (const each of free) precedence.add(barrier, each);
  };
  join(grow, write);
  join(write.length > 0 ? write : grow, shrink);
}

import { replace } from "../framework/normalize.ts";
import type { NodeScorer } from "../framework/plugin.ts";
import { hostname, type SpreadConstraint } from "./spread-constraint.ts";

/** ScheduleAnyway: the fewer matching pods a node's domains have, the better. Lower is better until normalised. */
export class SpreadScorer implements NodeScorer {
  readonly scope = "cluster";
  readonly #constraints: readonly Weighed[];
  /** Marks nodes that lack a key, where all are needed: they get 0. Undefined: there are none. */
  readonly #ignored: Uint8Array | undefined;
  #weights: number[] = [];

  constructor(constraints: readonly SpreadConstraint[], needsAllKeys: boolean) {
    this.#ignored = needsAllKeys ? nodesLackingKeys(constraints) : undefined;
    this.#constraints = constraints.map(weighed);
  }

  /** The more domains there are among the feasible nodes, the more one pod in a domain weighs. */
  begin(nodes: Int32Array, count: number): void {
    let counted = count;
    if (this.#ignored !== undefined) for (let i = 0; i < count; i++) counted -= this.#ignored[nodes[i]!]!;
    this.#weights = this.#constraints.map((each) => {
      const domains = each.perNode ? counted : this.#distinctDomains(each, nodes, count);
      return Math.log(domains + 2);
    });
  }

  /** A node without the label counts as one more domain, where such nodes take part at all. */
  #distinctDomains({ domainOf, seen }: Weighed, nodes: Int32Array, count: number): number {
    const ignored = this.#ignored;
    seen.fill(0);
    const none = seen.length - 1;
    let distinct = 0;
    for (let i = 0; i < count; i++) {
      const node = nodes[i]!;
      if (ignored !== undefined && ignored[node] === 1) continue;
      const domain = domainOf[node]!;
      const slot = domain < 0 ? none : domain;
      if (seen[slot] === 0) distinct++;
      seen[slot] = 1;
    }
    return distinct;
  }

  score(nodes: Int32Array, count: number, out: Float64Array): void {
    const [first, ...others] = this.#constraints;
    if (first !== undefined && others.length === 0 && !first.perNode)
      return this.#scoreDomains(first, nodes, count, out);
    out.fill(0, 0, count);
    for (let c = 0; c < this.#constraints.length; c++) {
      const { perNode, counts, domainOf, maxSkew } = this.#constraints[c]!;
      const weight = this.#weights[c]!;
      for (let i = 0; i < count; i++) {
        const node = nodes[i]!;
        const domain = domainOf[node]!;
        if (domain >= 0) out[i]! += counts[perNode ? node : domain]! * weight + (maxSkew - 1);
      }
    }
    for (let i = 0; i < count; i++) out[i] = Math.round(out[i]!);
  }

  /** The same for one constraint over domains: each domain's score is worked out once. */
  #scoreDomains(
    { counts, domainOf, maxSkew }: Weighed,
    nodes: Int32Array,
    count: number,
    out: Float64Array,
  ): void {
    const weight = this.#weights[0]!;
    const scores = Float64Array.from(counts, (pods) => Math.round(pods * weight + (maxSkew - 1)));
    for (let i = 0; i < count; i++) {
      const domain = domainOf[nodes[i]!]!;
      out[i] = domain < 0 ? 0 : scores[domain]!;
    }
  }

  normalize(scores: Float64Array, nodes: Int32Array, count: number): void {
    const ignored = this.#ignored;
    let least = Number.POSITIVE_INFINITY;
    let most = 0;
    for (let i = 0; i < count; i++) {
      if (ignored !== undefined && ignored[nodes[i]!] === 1) continue;
      const score = scores[i]!;
      if (score < least) least = score;
      if (score > most) most = score;
    }
    if (ignored !== undefined) for (let i = 0; i < count; i++) if (ignored[nodes[i]!] === 1) scores[i] = most;
    if (most === 0) scores.fill(100, 0, count);
    else replace(scores, count, least, most, (score) => Math.trunc((100 * (most + least - score)) / most));
    if (ignored !== undefined) for (let i = 0; i < count; i++) if (ignored[nodes[i]!] === 1) scores[i] = 0;
  }
}

interface Weighed {
  readonly maxSkew: number;
  /** Hostname constraints count the pods of the node itself, whatever the inclusion policies say. */
  readonly perNode: boolean;
  readonly counts: Int32Array;
  readonly domainOf: Int32Array;
  readonly seen: Uint8Array;
}

function weighed({ maxSkew, topology, pods, included }: SpreadConstraint): Weighed {
  const perNode = topology.key === hostname;
  return {
    maxSkew,
    perNode,
    counts: perNode ? pods.byNode : pods.over(topology, included).counts,
    domainOf: topology.domainOf,
    seen: new Uint8Array(topology.values.length + 1),
  };
}

function nodesLackingKeys(constraints: readonly SpreadConstraint[]): Uint8Array | undefined {
  const marks = new Uint8Array(constraints[0]!.topology.domainOf.length);
  for (const { topology } of constraints)
    topology.domainOf.forEach((domain, node) => domain < 0 && (marks[node] = 1));
  return marks.includes(1) ? marks : undefined;
}

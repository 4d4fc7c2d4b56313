import type { Cluster, TermKind } from "../cluster/cluster.ts";
import type { PodClass } from "../cluster/pod-class.ts";
import type { WeightedTerm } from "../cluster/affinity-term.ts";
import type { DomainTally } from "../cluster/tally.ts";
import { extremes, replace } from "../framework/normalize.ts";
import type { NodeScorer } from "../framework/plugin.ts";
import { type OwnTerms, TermsAboutUs } from "./affinity-tally.ts";

interface Weighed {
  readonly weight: number;
  readonly tally: DomainTally;
}

/** Preferred terms, the pod's own and those of running pods about it: weights add up by topology domain. */
export class AffinityScorer implements NodeScorer {
  readonly scope = "cluster";
  readonly #own: readonly Weighed[];
  readonly #others: TermsAboutUs;
  readonly #weights: Readonly<Record<TermKind, number>>;
  #all: readonly Weighed[] = [];

  constructor(pods: PodClass, cluster: Cluster, own: OwnTerms, hardPodAffinityWeight: number) {
    const weigh = (terms: readonly WeightedTerm[], sign: 1 | -1) =>
      terms.map(({ weight, term }) => ({ weight: sign * weight, tally: own.podsMatching(term) }));
    this.#own = [...weigh(pods.preferredAffinity, 1), ...weigh(pods.preferredAntiAffinity, -1)];
    const hard = hardPodAffinityWeight > 0 ? (["requiredAffinity"] as const) : [];
    this.#others = new TermsAboutUs(pods, cluster, ["preferredAffinity", "preferredAntiAffinity", ...hard]);
    // Tallies of preferred terms hold summed weights already.
    this.#weights = {
      requiredAffinity: hardPodAffinityWeight,
      requiredAntiAffinity: 0,
      preferredAffinity: 1,
      preferredAntiAffinity: -1,
    };
  }

  applies(): boolean {
    const others = this.#others.current().map(({ kind, tally }) => ({ weight: this.#weights[kind], tally }));
    this.#all = [...this.#own, ...others].filter(({ tally }) => tally.total > 0);
    return this.#all.length > 0;
  }

  score(nodes: Int32Array, count: number, out: Float64Array): void {
    out.fill(0, 0, count);
    for (const { weight, tally } of this.#all) {
      const { counts, topology } = tally;
      const { domainOf } = topology;
      for (let i = 0; i < count; i++) {
        const domain = domainOf[nodes[i]!]!;
        if (domain >= 0) out[i]! += weight * counts[domain]!;
      }
    }
  }

  normalize(scores: Float64Array, _nodes: Int32Array, count: number): void {
    const { least, most } = extremes(scores, count);
    const range = most - least;
    if (range === 0) scores.fill(0, 0, count);
    else replace(scores, count, least, most, (score) => Math.trunc(100 * ((score - least) / range)));
  }
}

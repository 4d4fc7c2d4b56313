import type { Cluster } from "../cluster/cluster.ts";
import type { PodClass } from "../cluster/pod-class.ts";
import type { DomainTally } from "../cluster/tally.ts";
import type { NodeFilter } from "../framework/plugin.ts";
import { type Status, unresolvable, unschedulable } from "../framework/status.ts";
import { type OwnTerms, TermsAboutUs } from "./affinity-tally.ts";

const statuses: readonly Status[] = [
  unresolvable("node(s) didn't match pod affinity rules"),
  unschedulable("node(s) didn't match pod anti-affinity rules"),
  unschedulable("node(s) didn't satisfy existing pods anti-affinity rules"),
];

/** Required terms: the pod's affinity, its anti-affinity, then the anti-affinity of pods that run. */
export class AffinityFilter implements NodeFilter {
  readonly scope = "cluster";
  readonly #affinity: readonly DomainTally[];
  readonly #antiAffinity: readonly DomainTally[];
  readonly #others: TermsAboutUs;
  readonly #matchesItself: boolean;
  #antiAffinityOfOthers: readonly { readonly tally: DomainTally }[] = [];

  constructor(pods: PodClass, cluster: Cluster, own: OwnTerms) {
    const required = pods.requiredAffinity;
    const all = required.length > 0 ? own.podsMatchingAll(required) : undefined;
    this.#affinity = required.flatMap((term) => all?.over(cluster.topology(term.topologyKey)) ?? []);
    this.#antiAffinity = pods.requiredAntiAffinity.map((term) => own.podsMatching(term));
    this.#others = new TermsAboutUs(pods, cluster, ["requiredAntiAffinity"]);
    this.#matchesItself = own.match(required, pods);
  }

  begin(): boolean {
    this.#antiAffinityOfOthers = this.#others.current();
    return this.#affinity.length + this.#antiAffinity.length + this.#antiAffinityOfOthers.length > 0;
  }

  verdict(node: number): number {
    if (!this.#isNearRequired(node)) return 1;
    for (let i = 0; i < this.#antiAffinity.length; i++)
      if (countAt(this.#antiAffinity[i]!, node) > 0) return 2;
    const others = this.#antiAffinityOfOthers;
    for (let i = 0; i < others.length; i++) if (countAt(others[i]!.tally, node) > 0) return 3;
    return 0;
  }

  statusOf(verdict: number): Status {
    return statuses[verdict - 1]!;
  }

  #isNearRequired(node: number): boolean {
    let near = true;
    for (let i = 0; i < this.#affinity.length; i++) {
      const { topology, counts } = this.#affinity[i]!;
      const domain = topology.domainOf[node]!;
      if (domain < 0) return false;
      if (counts[domain]! <= 0) near = false;
    }
    return near || this.#isFirstOfItsKind();
  }

  /** A pod that has affinity to pods like itself may start anywhere while there is none of them. */
  #isFirstOfItsKind(): boolean {
    return this.#matchesItself && this.#affinity.every((tally) => tally.total === 0);
  }
}

function countAt({ topology, counts }: DomainTally, node: number): number {
  const domain = topology.domainOf[node]!;
  return domain < 0 ? 0 : counts[domain]!;
}

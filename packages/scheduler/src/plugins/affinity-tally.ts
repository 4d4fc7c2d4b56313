import { type AffinityTerm, termMatches } from "../cluster/affinity-term.ts";
import type { Cluster, HeldTerm, TermKind } from "../cluster/cluster.ts";
import type { PodClass } from "../cluster/pod-class.ts";
import type { DomainTally, PodTally } from "../cluster/tally.ts";

/**
 * How the terms of an incoming pod are read. Since 1.35 their namespace selectors are held against
 * the labels of a namespace, and against no labels at all, so that one which asks for the absence of
 * something means every namespace. Recorded on 1.36.2; terms of pods that run are not read so.
 */
export class OwnTerms {
  readonly #cluster: Cluster;
  readonly #alsoWithoutLabels: boolean;

  constructor(cluster: Cluster, alsoWithoutLabels: boolean) {
    this.#cluster = cluster;
    this.#alsoWithoutLabels = alsoWithoutLabels;
  }

  /** Pods that match a term, by the term's own topology. */
  podsMatching(term: AffinityTerm): DomainTally {
    return this.podsMatchingAll([term]).over(this.#cluster.topology(term.topologyKey));
  }

  /** Pods that match every one of the terms. */
  podsMatchingAll(terms: readonly AffinityTerm[]): PodTally {
    const texts = terms.map((term) => term.text).toSorted();
    return this.#cluster.tally(`matches ${JSON.stringify(texts)}`, (pods) =>
      this.match(terms, pods) ? 1 : 0,
    );
  }

  match(terms: readonly AffinityTerm[], { namespace, labels }: PodClass): boolean {
    const namespaceLabels = this.#cluster.objects.namespaceLabels(namespace);
    return terms.every(
      (term) =>
        termMatches(term, namespace, labels, namespaceLabels) ||
        (this.#alsoWithoutLabels && termMatches(term, namespace, labels, {})),
    );
  }
}

/** Those terms of running pods that speak of a class; follows the cluster as pods with new terms come. */
export class TermsAboutUs {
  readonly #pods: PodClass;
  readonly #cluster: Cluster;
  readonly #kinds: ReadonlySet<TermKind>;
  readonly #found: { readonly kind: TermKind; readonly tally: DomainTally }[] = [];
  #read = 0;

  constructor(pods: PodClass, cluster: Cluster, kinds: readonly TermKind[]) {
    this.#pods = pods;
    this.#cluster = cluster;
    this.#kinds = new Set(kinds);
  }

  current(): readonly { readonly kind: TermKind; readonly tally: DomainTally }[] {
    const held = this.#cluster.heldTerms();
    for (; this.#read < held.length; this.#read++) {
      const each = held[this.#read]!;
      if (this.#kinds.has(each.kind) && this.#isAboutUs(each)) {
        this.#found.push({
          kind: each.kind,
          tally: each.tally.over(this.#cluster.topology(each.term.topologyKey)),
        });
      }
    }
    return this.#found;
  }

  #isAboutUs({ term }: HeldTerm): boolean {
    const { namespace, labels } = this.#pods;
    return termMatches(term, namespace, labels, this.#cluster.objects.namespaceLabels(namespace));
  }
}

import { type AffinityTerm, termMatches } from "../cluster/affinity-term.ts";
import type { Cluster, HeldTerm, TermKind } from "../cluster/cluster.ts";
import type { PodClass } from "../cluster/pod-class.ts";
import type { DomainTally } from "../cluster/tally.ts";

/** Pods that match a term, by the term's own topology. */
export function podsMatching(cluster: Cluster, term: AffinityTerm): DomainTally {
  return podsMatchingAll(cluster, [term]).over(cluster.topology(term.topologyKey));
}

/** Pods that match every one of the terms. */
export function podsMatchingAll(cluster: Cluster, terms: readonly AffinityTerm[]) {
  const texts = terms.map((term) => term.text).toSorted();
  return cluster.tally(`matches ${JSON.stringify(texts)}`, (pods) =>
    matchesAll(cluster, terms, pods) ? 1 : 0,
  );
}

/**
 * Whether a class is meant by all terms of an incoming pod. Their namespace selectors are read twice:
 * against the namespace's labels, and against no labels at all, so that one which asks for the absence
 * of something means every namespace. Recorded on 1.36.2; the terms of pods that run are not read so.
 */
export function matchesAll(cluster: Cluster, terms: readonly AffinityTerm[], pods: PodClass): boolean {
  const { namespace, labels } = pods;
  return terms.every(
    (term) =>
      termMatches(term, namespace, labels, cluster.objects.namespaceLabels(namespace)) ||
      termMatches(term, namespace, labels, {}),
  );
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

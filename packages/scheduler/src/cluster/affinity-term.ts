import type { Labels, PodAffinityTerm } from "@berth/objects";
import { compileSelector, type Selector, valueOf } from "./selector.ts";

/** A pod affinity term with its selectors compiled. `text` is equal for terms that mean the same. */
export interface AffinityTerm {
  readonly text: string;
  readonly topologyKey: string;
  readonly selector: Selector;
  /** Namespaces by name. */
  readonly namespaces: ReadonlySet<string>;
  /** Namespaces by label, besides those named. */
  readonly namespaceSelector: Selector | undefined;
}

export interface WeightedTerm {
  readonly weight: number;
  readonly term: AffinityTerm;
}

/** A term that names no namespaces in any way means the namespace of its own pod. */
export function compileAffinityTerm(term: PodAffinityTerm, namespace: string): AffinityTerm {
  const own = (term.namespaces ?? []).length === 0 && term.namespaceSelector == null;
  const namespaces = [...new Set(own ? [namespace] : (term.namespaces ?? []))].toSorted();
  const selector = compileSelector(term.labelSelector);
  const namespaceSelector =
    term.namespaceSelector == null ? undefined : compileSelector(term.namespaceSelector);
  return {
    text: JSON.stringify([term.topologyKey, selector.text, namespaces, namespaceSelector?.text ?? null]),
    topologyKey: term.topologyKey,
    selector,
    namespaces: new Set(namespaces),
    namespaceSelector,
  };
}

/** Whether a pod of that namespace with those labels is meant by the term. */
export function termMatches(
  term: AffinityTerm,
  namespace: string,
  labels: Labels,
  namespaceLabels: Labels,
): boolean {
  const inNamespace =
    term.namespaces.has(namespace) || term.namespaceSelector?.matches(namespaceLabels) === true;
  return inNamespace && term.selector.matches(labels);
}

/**
 * matchLabelKeys and mismatchLabelKeys, which the API server merges into the selector when a pod
 * is created. Merging twice changes nothing, so pods from a cluster and from a program are alike.
 */
export function mergeLabelKeys(term: PodAffinityTerm, labels: Labels): PodAffinityTerm {
  if (term.labelSelector == null) return term;
  const expressions = [
    ...labelKeyExpressions(term.matchLabelKeys, "In", labels),
    ...labelKeyExpressions(term.mismatchLabelKeys, "NotIn", labels),
  ];
  if (expressions.length === 0) return term;
  const { labelSelector } = term;
  return {
    ...term,
    labelSelector: {
      ...labelSelector,
      matchExpressions: [...(labelSelector.matchExpressions ?? []), ...expressions],
    },
  };
}

function labelKeyExpressions(keys: readonly string[] | undefined, operator: "In" | "NotIn", labels: Labels) {
  return (keys ?? []).flatMap((key) => {
    const value = valueOf(labels, key);
    return value === undefined ? [] : [{ key, operator, values: [value] }];
  });
}

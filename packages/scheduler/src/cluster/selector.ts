import { labelMatcher, type Labels, type LabelSelector, matchesPairs } from "@berth/objects";

/** A label selector made ready for matching. `text` is equal for selectors that mean the same. */
export interface Selector {
  readonly text: string;
  /** Matches everything because it asks for nothing. */
  readonly empty: boolean;
  matches(labels: Labels): boolean;
}

const matchesNothing: Selector = { text: "nothing", empty: false, matches: () => false };

/** A missing selector matches nothing, an empty one everything (apimachinery's LabelSelectorAsSelector). */
export function compileSelector(selector: LabelSelector | undefined): Selector {
  if (selector == null) return matchesNothing;
  const texts = [
    ...Object.entries(selector.matchLabels ?? {}).map(([key, value]) => JSON.stringify([key, "In", [value]])),
    ...(selector.matchExpressions ?? []).map(({ key, operator, values = [] }) =>
      JSON.stringify([key, operator, [...new Set(values)].toSorted()]),
    ),
  ];
  return { text: texts.toSorted().join(), empty: texts.length === 0, matches: labelMatcher(selector) };
}

/** `key=value` for each label; no label: everything. */
export function selectorOfLabels(labels: Labels): Selector {
  const texts = Object.entries(labels).map(([key, value]) => JSON.stringify([key, "In", [value]]));
  return {
    text: texts.toSorted().join(),
    empty: texts.length === 0,
    matches: (of) => matchesPairs(labels, of),
  };
}

/** All of `a`'s and `b`'s requirements. A missing selector has none to add, as in kube-scheduler's own merging. */
export function both(a: Selector, b: Selector): Selector {
  if (b === matchesNothing || b.empty || a === b) return a;
  if (a.empty) return b;
  const text = [a.text, b.text].toSorted().join("&");
  return { text, empty: false, matches: (labels) => a.matches(labels) && b.matches(labels) };
}

/** Labels come from outside: one named like a property of every object must not be seen where there is none. */
export function valueOf(labels: Labels, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}

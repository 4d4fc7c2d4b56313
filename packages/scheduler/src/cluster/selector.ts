import type { LabelSelector, LabelSelectorRequirement, Labels, NodeSelectorTerm } from "../kubernetes.ts";

/** A label selector made ready for matching. `text` is equal for selectors that mean the same. */
export interface Selector {
  readonly text: string;
  /** Matches everything because it asks for nothing. */
  readonly empty: boolean;
  matches(labels: Labels): boolean;
}

type Requirement = { readonly text: string; matches(labels: Labels): boolean };

export const matchesNothing: Selector = { text: "nothing", empty: false, matches: () => false };

/** A missing selector matches nothing, an empty one everything (apimachinery's LabelSelectorAsSelector). */
export function compileSelector(selector: LabelSelector | undefined): Selector {
  if (selector === undefined) return matchesNothing;
  return allOf([
    ...Object.entries(selector.matchLabels ?? {}).map(([key, value]) => equality(key, value)),
    ...(selector.matchExpressions ?? []).map(requirement),
  ]);
}

/** `key=value` for each label; no label: everything. */
export function selectorOfLabels(labels: Labels): Selector {
  return allOf(Object.entries(labels).map(([key, value]) => equality(key, value)));
}

/** All of `a`'s and `b`'s requirements. A missing selector has none to add, as in kube-scheduler's own merging. */
export function both(a: Selector, b: Selector): Selector {
  if (b === matchesNothing || b.empty || a === b) return a;
  if (a.empty) return b;
  const text = [a.text, b.text].toSorted(byText).join(",");
  return { text, empty: false, matches: (labels) => a.matches(labels) && b.matches(labels) };
}

function allOf(requirements: readonly Requirement[]): Selector {
  const sorted = requirements.toSorted((a, b) => byText(a.text, b.text));
  return {
    text: sorted.map((each) => each.text).join(","),
    empty: sorted.length === 0,
    matches: (labels) => sorted.every((each) => each.matches(labels)),
  };
}

function equality(key: string, value: string): Requirement {
  return {
    text: `${JSON.stringify(key)} in ${JSON.stringify([value])}`,
    matches: (labels) => valueOf(labels, key) === value,
  };
}

/** Labels come from outside: a label named like a property of every object must not be seen where there is none. */
export function valueOf(labels: Labels, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}

function requirement(of: LabelSelectorRequirement): Requirement {
  const values = [...new Set(of.values ?? [])].toSorted(byText);
  const text = `${JSON.stringify(of.key)} ${of.operator.toLowerCase()} ${JSON.stringify(values)}`;
  return { text, matches: matcher(of.key, of.operator, values) };
}

function matcher(key: string, operator: string, values: readonly string[]): (labels: Labels) => boolean {
  const set = new Set(values);
  switch (operator) {
    case "In":
      return (labels) => set.has(valueOf(labels, key) ?? "") && valueOf(labels, key) !== undefined;
    case "NotIn":
      return (labels) => {
        const value = valueOf(labels, key);
        return value === undefined || !set.has(value);
      };
    case "Exists":
      return (labels) => valueOf(labels, key) !== undefined;
    case "DoesNotExist":
      return (labels) => valueOf(labels, key) === undefined;
    case "Gt":
    case "Lt":
      return ordering(key, operator, values);
    default:
      return () => false;
  }
}

/** Gt and Lt compare whole 64-bit numbers; what is none of these never matches. */
function ordering(
  key: string,
  operator: "Gt" | "Lt",
  values: readonly string[],
): (labels: Labels) => boolean {
  const bound = values.length === 1 ? int64(values[0]) : undefined;
  if (bound === undefined) return () => false;
  return (labels) => {
    const value = int64(valueOf(labels, key));
    if (value === undefined) return false;
    return operator === "Gt" ? value > bound : value < bound;
  };
}

function int64(text: string | undefined): bigint | undefined {
  if (text === undefined || !/^[+-]?\d{1,20}$/.test(text)) return undefined;
  const value = BigInt(text.startsWith("+") ? text.slice(1) : text);
  return value === BigInt.asIntN(64, value) ? value : undefined;
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** One term of a node selector: expressions over labels AND fields over the node's name. */
export interface NodeTerm {
  /** Whether it can tell apart two nodes that differ only in name. */
  readonly readsName: boolean;
  matches(labels: Labels, name: string): boolean;
}

/** An empty term matches nothing. Only the field `metadata.name` exists. */
export function compileNodeTerm(term: NodeSelectorTerm): NodeTerm {
  const expressions = term.matchExpressions ?? [];
  const fields = term.matchFields ?? [];
  if (expressions.length === 0 && fields.length === 0) return { readsName: false, matches: () => false };
  const selector = compileSelector({ matchExpressions: expressions });
  const byField = fields.map(fieldMatcher);
  return {
    readsName: byField.length > 0,
    matches: (labels, name) => selector.matches(labels) && byField.every((matches) => matches(name)),
  };
}

function fieldMatcher(field: LabelSelectorRequirement): (name: string) => boolean {
  const only = field.values?.length === 1 ? field.values[0] : undefined;
  if (field.key !== "metadata.name" || only === undefined) return () => false;
  if (field.operator === "In") return (name) => name === only;
  if (field.operator === "NotIn") return (name) => name !== only;
  return () => false;
}

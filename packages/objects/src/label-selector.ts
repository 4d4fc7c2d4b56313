import { BerthError, nearest, problem } from "@berth/diagnostics";
import type { IDeploymentSpec } from "kubernetes-models/apps/v1/DeploymentSpec";
import { codes } from "./codes.ts";
import { compareText } from "./reference.ts";

/** Selects objects by label: pairs that must be equal, and expressions; all of them must hold. */
export type LabelSelector = IDeploymentSpec["selector"];

/** One expression of a {@link LabelSelector}. */
export type LabelSelectorRequirement = NonNullable<LabelSelector["matchExpressions"]>[number];

/** Labels as objects carry them. */
export type Labels = Readonly<Record<string, string>>;

/** Answers whether labels are selected. Absent labels are the same as none. */
export type LabelMatcher = (labels: Labels | undefined) => boolean;

/** A key, what is asked of its value, and the values asked about: the form that all selectors share. */
export interface Requirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

const OPERATORS = ["In", "NotIn", "Exists", "DoesNotExist"];
const NO_LABELS: Labels = {};

/**
 * Whether a selector selects labels. An absent selector selects nothing, an empty one everything.
 *
 * @throws BerthError `BERTH2003` for a requirement that cannot be evaluated.
 * @example matchesLabels({ matchLabels: { app: "web" } }, pod.metadata?.labels)
 */
export function matchesLabels(selector: LabelSelector | undefined, labels: Labels | undefined): boolean {
  return labelMatcher(selector)(labels);
}

/** {@link matchesLabels}, prepared once for many objects. */
export function labelMatcher(selector: LabelSelector | undefined): LabelMatcher {
  if (!selector) return () => false;
  const pairs = Object.entries(selector.matchLabels ?? {});
  const expressions = (selector.matchExpressions ?? []).map(requirementMatcher);
  return (labels = NO_LABELS) =>
    pairs.every(([key, value]) => valueOf(labels, key) === value) &&
    expressions.every((matches) => matches(labels));
}

/**
 * Whether labels hold every pair of a plain map, as in a node selector or a service. No pairs select
 * everything; a service without a selector, though, has no endpoints of its own, which is for the caller to know.
 */
export function matchesPairs(pairs: Labels | undefined, labels: Labels | undefined): boolean {
  for (const key in pairs) if (valueOf(labels ?? NO_LABELS, key) !== pairs[key]) return false;
  return true;
}

/**
 * A selector as kubectl prints it: `app=web,tier in (a,b),!legacy`; `<none>` where it has no requirement.
 *
 * Rules: `k8s.io/apimachinery` `FormatLabelSelector` and `labels.Requirement.String`.
 */
export function formatLabelSelector(selector: LabelSelector | undefined): string {
  const pairs = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => ({
    key,
    text: `${key}=${value}`,
  }));
  const expressions = (selector?.matchExpressions ?? []).map((each) => ({
    key: each.key,
    text: formatRequirement(each),
  }));
  const parts = [...pairs, ...expressions].sort((a, b) => compareText(a.key, b.key));
  return parts.map((each) => each.text).join(",") || "<none>";
}

/** One requirement as kubectl prints it: `tier in (a,b)`, `!legacy`, `cores>4`. */
export function formatRequirement({ key, operator, values = [] }: Requirement): string {
  const list = [...values].sort(compareText).join(",");
  switch (operator) {
    case "In":
      return `${key} in (${list})`;
    case "NotIn":
      return `${key} notin (${list})`;
    case "Exists":
      return key;
    case "DoesNotExist":
      return `!${key}`;
    case "Gt":
      return `${key}>${list}`;
    case "Lt":
      return `${key}<${list}`;
    default:
      return `${key} ${operator} (${list})`;
  }
}

function requirementMatcher(requirement: LabelSelectorRequirement): (labels: Labels) => boolean {
  return setMatcher(requirement) ?? refuse(requirement, OPERATORS);
}

/** The four operators that label and node selectors share; nothing for any other. */
export function setMatcher(requirement: Requirement): ((labels: Labels) => boolean) | undefined {
  const { key, operator, values = [] } = requirement;
  switch (operator) {
    case "In":
    case "NotIn": {
      if (values.length === 0) refuse(requirement, OPERATORS);
      const wanted = new Set(values);
      const isIn = operator === "In";
      return (labels) => {
        const value = valueOf(labels, key);
        return value === undefined ? !isIn : wanted.has(value) === isIn;
      };
    }
    case "Exists":
    case "DoesNotExist": {
      if (values.length > 0) refuse(requirement, OPERATORS);
      const mustExist = operator === "Exists";
      return (labels) => (valueOf(labels, key) !== undefined) === mustExist;
    }
    default:
      return undefined;
  }
}

/** Throws what is wrong with a requirement. */
export function refuse({ key, operator, values = [] }: Requirement, operators: readonly string[]): never {
  const known = operators.includes(operator);
  const near = known ? undefined : nearest(operator, operators);
  throw new BerthError([
    problem(codes.BERTH2003, {
      message: known
        ? `operator ${operator} on "${key}" does not go with ${values.length} values [${values.join(", ")}]`
        : `"${operator}" on "${key}" is not an operator of this selector (${operators.join(", ")})`,
      ...(near ? { hint: `did you mean "${near}"?` } : {}),
    }),
  ]);
}

/** A label's value, blind to what objects inherit: a label may be named `constructor`. */
export function valueOf(labels: Labels, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}

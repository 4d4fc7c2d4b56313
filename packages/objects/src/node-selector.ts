import type { INodeSelector } from "kubernetes-models/v1/NodeSelector";
import type { INodeSelectorRequirement } from "kubernetes-models/v1/NodeSelectorRequirement";
import type { INodeSelectorTerm } from "kubernetes-models/v1/NodeSelectorTerm";
import { type Labels, refuse, setMatcher, valueOf } from "./label-selector.ts";
import type { KubernetesObject } from "./object.ts";

/** Answers whether a node is selected; it looks at its name and labels only. */
export type NodeMatcher = (node: Pick<KubernetesObject, "metadata">) => boolean;

const OPERATORS = ["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"];
const NO_LABELS: Labels = {};

/**
 * Whether a node selector selects a node: any of its terms does.
 *
 * @throws BerthError `BERTH2003` for a requirement that cannot be evaluated.
 */
export function matchesNodeSelector(
  selector: INodeSelector,
  node: Pick<KubernetesObject, "metadata">,
): boolean {
  return nodeMatcher(selector)(node);
}

/** {@link matchesNodeSelector}, prepared once for many nodes. */
export function nodeMatcher(selector: INodeSelector): NodeMatcher {
  const terms = selector.nodeSelectorTerms.map(nodeTermMatcher);
  return (node) => terms.some((matches) => matches(node));
}

/**
 * One term of a node selector: all its requirements hold. A term without any selects no node.
 *
 * Rules: `k8s.io/component-helpers` `scheduling/corev1/nodeaffinity`.
 */
export function nodeTermMatcher(term: INodeSelectorTerm): NodeMatcher {
  const { matchExpressions = [], matchFields = [] } = term;
  if (matchExpressions.length + matchFields.length === 0) return () => false;
  const onLabels = matchExpressions.map(requirementMatcher);
  const onName = matchFields.map(fieldMatcher);
  return (node) => {
    const labels = node.metadata?.labels ?? NO_LABELS;
    const name = node.metadata?.name ?? "";
    return onLabels.every((matches) => matches(labels)) && onName.every((matches) => matches(name));
  };
}

function requirementMatcher(requirement: INodeSelectorRequirement): (labels: Labels) => boolean {
  const { key, operator, values = [] } = requirement;
  if (operator !== "Gt" && operator !== "Lt")
    return setMatcher(requirement) ?? refuse(requirement, OPERATORS);
  const bound = values.length === 1 ? readInteger(values[0]) : undefined;
  if (bound === undefined) return refuse(requirement, OPERATORS);
  return (labels) => {
    const value = readInteger(valueOf(labels, key));
    if (value === undefined) return false;
    return operator === "Gt" ? value > bound : value < bound;
  };
}

/** `metadata.name` is the only field of a node that can be selected by, with exactly one value. */
function fieldMatcher(requirement: INodeSelectorRequirement): (name: string) => boolean {
  const { key, operator, values = [] } = requirement;
  const [wanted] = values;
  if (key !== "metadata.name" || values.length !== 1 || (operator !== "In" && operator !== "NotIn")) {
    return refuse(requirement, ["In", "NotIn"]);
  }
  return (name) => (name === wanted) === (operator === "In");
}

const INT64 = 2n ** 63n;

function readInteger(text: string | undefined): bigint | undefined {
  if (text === undefined || !/^[+-]?\d{1,40}$/.test(text)) return undefined;
  const value = BigInt(text.replace(/^\+/, ""));
  return value >= -INT64 && value < INT64 ? value : undefined;
}

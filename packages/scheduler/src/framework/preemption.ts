import type { Cluster, PlacedPod } from "../cluster/cluster.ts";
import type { Budget } from "../cluster/objects.ts";
import type { ClassView } from "./cycle.ts";
import { countReasons, fitMessage, type ReasonCounts } from "./message.ts";
import type { Status } from "./status.ts";

/** A node that would take the pod once its victims are gone. */
export interface Candidate {
  readonly node: number;
  /** Most important first. */
  readonly victims: readonly PlacedPod[];
  /** How many of them a disruption budget does not allow to go. */
  readonly violations: number;
}

export type PreemptionResult =
  | { readonly kind: "preempts"; readonly candidate: Candidate; readonly equal: readonly Candidate[] }
  | { readonly kind: "no-help"; readonly message: string };

const noVictims = "No preemption victims found for incoming pod";
const notHelpful = "Preemption is not helpful for scheduling";

/**
 * DefaultPreemption (scheduling.md §1.9): which lower pods would have to go, on which node.
 * `codeOf` tells how the filters refused a node.
 */
export function preempt(
  cluster: Cluster,
  view: ClassView,
  pod: string,
  codeOf: (node: number) => Status["code"],
): PreemptionResult {
  if (view.pods.neverPreempts)
    return { kind: "no-help", message: "not eligible due to preemptionPolicy=Never." };
  const budgets = cluster.objects.budgets();
  const candidates: Candidate[] = [];
  const reasons: ReasonCounts = new Map();
  for (let node = 0; node < cluster.nodes.length; node++) {
    const tried =
      codeOf(node) === "Unschedulable" ? tryNode(cluster, view, pod, node, budgets) : [notHelpful];
    if ("victims" in tried) candidates.push(tried);
    else countReasons(reasons, tried, 1);
  }
  const equal = leastHarmful(candidates);
  const [candidate] = equal;
  if (candidate !== undefined) return { kind: "preempts", candidate, equal };
  return { kind: "no-help", message: fitMessage(cluster.nodes.length, { reasons }) };
}

/** The victims on a node, or the reasons why sending pods away does not help there. */
function tryNode(
  cluster: Cluster,
  view: ClassView,
  pod: string,
  node: number,
  budgets: readonly Budget[],
): Candidate | readonly string[] {
  const { priority } = view.pods;
  if (cluster.columns.lowestPriority[node]! >= priority) return [noVictims];
  const fits = () =>
    cluster.besideNominated(node, priority, pod, () => view.filters.judge(node)) || view.filters.judge(node);
  return cluster.trial(node, () => {
    const lower = cluster.podsOn(node).filter((each) => each.class.priority < priority);
    for (const each of lower) cluster.detach(each);
    const refusal = fits();
    if (refusal !== 0) return view.filters.refusalOf(refusal).reasons;
    const sorted = lower.toSorted(moreImportantFirst);
    const { violating, others } = byBudget(sorted, budgets);
    const staysAway = (each: PlacedPod) => {
      cluster.attach(each);
      if (fits() === 0) return false;
      cluster.detach(each);
      return true;
    };
    const against = violating.filter(staysAway);
    const gone = new Set([...against, ...others.filter(staysAway)]);
    const victims = sorted.filter((each) => gone.has(each));
    return { node, victims, violations: against.length };
  });
}

/** Higher priority first, then who started earlier. */
function moreImportantFirst(a: PlacedPod, b: PlacedPod): number {
  if (a.class.priority !== b.class.priority) return b.class.priority - a.class.priority;
  return a.startTime === b.startTime ? 0 : a.startTime - b.startTime;
}

/** Walks the pods in order and uses up what their budgets allow; who finds nothing left violates. */
function byBudget(
  pods: readonly PlacedPod[],
  budgets: readonly Budget[],
): { violating: PlacedPod[]; others: PlacedPod[] } {
  const left = budgets.map((budget) => budget.disruptionsAllowed);
  const violating: PlacedPod[] = [];
  const others: PlacedPod[] = [];
  for (const pod of pods) {
    let violates = false;
    budgets.forEach((budget, i) => {
      if (!protects(budget, pod)) return;
      left[i]!--;
      if (left[i]! < 0) violates = true;
    });
    (violates ? violating : others).push(pod);
  }
  return { violating, others };
}

/** A budget without a selector protects nothing, nor does any protect a pod without labels. */
function protects(budget: Budget, { pod, class: { namespace, labels } }: PlacedPod): boolean {
  if (budget.namespace !== namespace || budget.selector.empty || Object.keys(labels).length === 0)
    return false;
  return budget.selector.matches(labels) && !budget.disruptedPods.has(pod.metadata?.name ?? "");
}

/** The candidates that kube-scheduler's criteria leave equal. */
function leastHarmful(candidates: readonly Candidate[]): readonly Candidate[] {
  let left = candidates;
  for (const harm of harms) {
    if (left.length < 2) break;
    const scores = left.map(harm);
    const least = scores.reduce((a, b) => Math.min(a, b));
    left = left.filter((_, i) => scores[i] === least);
  }
  return left;
}

const harms: readonly ((candidate: Candidate) => number)[] = [
  ({ violations }) => violations,
  ({ victims }) => victims[0]!.class.priority,
  ({ victims }) => victims.reduce((sum, { class: { priority } }) => sum + priority + 2 ** 31, 0),
  ({ victims }) => victims.length,
  (candidate) => -earliestStart(candidate),
];

/** When the first of the most important victims started. */
function earliestStart({ victims }: Candidate): number {
  const highest = victims[0]!.class.priority;
  return victims.reduce(
    (earliest, each) => (each.class.priority === highest ? Math.min(earliest, each.startTime) : earliest),
    Number.POSITIVE_INFINITY,
  );
}

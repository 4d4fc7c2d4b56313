import type { Cluster, PlacedPod } from "../cluster/cluster.ts";
import type { Budget } from "../cluster/objects.ts";
import type { ClassFilters, Judgement } from "./class-filters.ts";
import type { PodClass } from "../cluster/pod-class.ts";
import { countReasons, fitMessage, type ReasonCounts } from "./message.ts";

/** A node that would take the pod once its victims are gone. */
export interface Candidate {
  readonly node: number;
  /** Most important first. */
  readonly victims: readonly PlacedPod[];
  /** What speaks against it, by kube-scheduler's criteria in their order: less is better. */
  readonly harm: readonly number[];
}

/** A candidate, or the judgement that stays when all lower pods are gone; 0: there are none. */
type Attempt = Candidate | Judgement;

export type PreemptionResult =
  | { readonly kind: "preempts"; readonly candidate: Candidate }
  | { readonly kind: "no-help"; readonly message: string };

/**
 * DefaultPreemption (scheduling.md §1.9) for the pods of one class: which lower pods would have to
 * go, on which node. Attempts are kept for nodes that did not change, where filters allow it.
 */
export class Preemption {
  readonly #pods: PodClass;
  readonly #cluster: Cluster;
  readonly #filters: ClassFilters;
  #attempts: (Attempt | undefined)[] = [];
  readonly #harms = new Map<string, readonly number[]>();
  #changesRead = 0;
  #budgetsVersion = -1;
  /** The first of the least harmful candidates when it was last sought. */
  #best: Candidate | undefined;

  constructor(pods: PodClass, cluster: Cluster, filters: ClassFilters) {
    this.#pods = pods;
    this.#cluster = cluster;
    this.#filters = filters;
  }

  /** `judgements` are those of the cycle that found no node, by position in the filters' nodes. */
  run(pod: string, judgements: Int32Array): PreemptionResult {
    if (this.#pods.neverPreempts)
      return { kind: "no-help", message: "not eligible due to preemptionPolicy=Never." };
    if (this.#waitsForVictims(pod)) {
      return { kind: "no-help", message: "not eligible due to a terminating pod on the nominated node." };
    }
    const changed = this.#forgetChanged();
    const known = changed && this.#bestAfter(changed, pod, judgements);
    if (known !== undefined) return { kind: "preempts", candidate: (this.#best = known) };
    const kept = new Map<Judgement, number>();
    let best: Candidate | undefined;
    const unhelpful = this.#tryAll(pod, judgements, (attempt) => {
      if (typeof attempt === "number") kept.set(attempt, (kept.get(attempt) ?? 0) + 1);
      else if (best === undefined || compareHarm(attempt, best) < 0) best = attempt;
    });
    this.#best = best;
    if (best !== undefined) return { kind: "preempts", candidate: best };
    const reasons: ReasonCounts = new Map();
    countReasons(reasons, ["Preemption is not helpful for scheduling"], unhelpful);
    for (const [judgement, nodes] of kept) countReasons(reasons, this.#reasonsOf(judgement), nodes);
    return { kind: "no-help", message: fitMessage(this.#cluster.nodes.length, { reasons }) };
  }

  /** All candidates that the criteria leave equal, in the order of nodes. */
  candidates(pod: string, judgements: Int32Array): readonly Candidate[] {
    this.#forgetChanged();
    let best: Candidate[] = [];
    this.#tryAll(pod, judgements, (attempt) => {
      if (typeof attempt === "number") return;
      const order = best[0] === undefined ? -1 : compareHarm(attempt, best[0]);
      if (order < 0) best = [attempt];
      else if (order === 0) best.push(attempt);
    });
    return best;
  }

  /** Tries every node whose refusal preemption may lift. Returns the number of the others. */
  #tryAll(pod: string, judgements: Int32Array, tell: (attempt: Attempt) => void): number {
    const { nodes, refusal } = this.#filters;
    if (refusal?.code === "UnschedulableAndUnresolvable") return this.#cluster.nodes.length;
    const budgets = this.#cluster.objects.budgets();
    const resolvable = new Map<Judgement, boolean>();
    let last: Judgement = -1;
    let resolves = true;
    let tried = 0;
    for (let at = 0; at < nodes.length; at++) {
      const judgement = judgements[at]!;
      if (judgement !== last && refusal === undefined) {
        last = judgement;
        resolves = resolvable.get(judgement) ?? this.#filters.refusalOf(judgement).code === "Unschedulable";
        resolvable.set(judgement, resolves);
      }
      if (!resolves) continue;
      tried++;
      const node = nodes[at]!;
      tell((this.#attempts[node] ??= this.#try(pod, node, budgets)));
    }
    return this.#cluster.nodes.length - tried;
  }

  /** Room is being made for the pod already: a victim is still leaving the node where it is expected. */
  #waitsForVictims(pod: string): boolean {
    const node = this.#cluster.nominationOf(pod);
    if (node === undefined) return false;
    const judgement = this.#filters.judge(node);
    if (judgement !== 0 && this.#filters.refusalOf(judgement).code === "UnschedulableAndUnresolvable")
      return false;
    return this.#cluster
      .podsOn(node)
      .some((each) => each.class.priority < this.#pods.priority && isVictim(each));
  }

  /** Drops the attempts that no longer hold. Returns the nodes they were for, or nothing where none holds. */
  #forgetChanged(): readonly number[] | undefined {
    const { changes, nodes, objects, hasNominations } = this.#cluster;
    const behind = changes.length - this.#changesRead;
    const keep =
      this.#attempts.length === nodes.length &&
      behind < nodes.length &&
      !hasNominations &&
      !this.#filters.looksBeyondNodes &&
      this.#budgetsVersion === objects.budgetsVersion;
    const changed = keep ? changes.slice(this.#changesRead) : undefined;
    if (changed === undefined) this.#attempts = Array.from({ length: nodes.length }, () => undefined);
    else for (const node of changed) this.#attempts[node] = undefined;
    this.#changesRead = changes.length;
    this.#budgetsVersion = objects.budgetsVersion;
    return changed;
  }

  /** The best candidate, found from the one before and from what changed, where that suffices. */
  #bestAfter(changed: readonly number[], pod: string, judgements: Int32Array): Candidate | undefined {
    if (this.#best === undefined || this.#filters.narrowedBy.length > 0) return undefined;
    let best = changed.includes(this.#best.node) ? this.#nextLike(this.#best) : this.#best;
    if (best === undefined) return undefined;
    const budgets = this.#cluster.objects.budgets();
    for (const node of new Set(changed)) {
      if (this.#filters.refusalOf(judgements[node]!).code !== "Unschedulable") continue;
      const attempt = (this.#attempts[node] ??= this.#try(pod, node, budgets));
      if (typeof attempt === "number") continue;
      const order = compareHarm(attempt, best);
      if (order < 0 || (order === 0 && attempt.node < best.node)) best = attempt;
    }
    return best;
  }

  /** The next candidate that does as little harm: none before it in the order of nodes does. */
  #nextLike({ node, harm }: Candidate): Candidate | undefined {
    for (let next = node + 1; next < this.#attempts.length; next++) {
      const attempt = this.#attempts[next];
      if (typeof attempt === "object" && attempt.harm === harm) return attempt;
    }
    return undefined;
  }

  #try(pod: string, node: number, budgets: readonly Budget[]): Attempt {
    const cluster = this.#cluster;
    const { priority } = this.#pods;
    if (cluster.columns.lowestPriority[node]! >= priority) return 0;
    const judge = () => this.#filters.judge(node);
    const judgeWithNominated = cluster.hasNominations
      ? () => cluster.besideNominated(node, priority, pod, judge) || judge()
      : judge;
    return cluster.trial(node, () => {
      const lower = cluster.podsOn(node).filter((each) => each.class.priority < priority);
      for (const each of lower) cluster.detach(each);
      const judgement = judgeWithNominated();
      if (judgement !== 0) return judgement;
      const sorted = lower.toSorted(moreImportantFirst);
      const { violating, others } = byBudget(sorted, budgets);
      const staysAway = (each: PlacedPod) => {
        cluster.attach(each);
        if (judgeWithNominated() === 0) return false;
        cluster.detach(each);
        return true;
      };
      const against = violating.filter(staysAway);
      const gone = new Set([...against, ...others.filter(staysAway)]);
      const victims = sorted.filter((each) => gone.has(each));
      return { node, victims, harm: this.#shared(harmOf(victims, against.length)) };
    });
  }

  /** Equal harm is one object, so that thousands of equal candidates are compared at a glance. */
  #shared(harm: readonly number[]): readonly number[] {
    const key = harm.join();
    const known = this.#harms.get(key);
    if (known === undefined) this.#harms.set(key, harm);
    return known ?? harm;
  }

  #reasonsOf(judgement: Judgement): readonly string[] {
    return judgement === 0
      ? ["No preemption victims found for incoming pod"]
      : this.#filters.refusalOf(judgement).reasons;
  }
}

function isVictim({ class: pods, pod }: PlacedPod): boolean {
  const conditions = pod.status?.conditions ?? [];
  return (
    pods.terminating &&
    conditions.some(
      (each) =>
        each.type === "DisruptionTarget" && each.status === "True" && each.reason === "PreemptionByScheduler",
    )
  );
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

/**
 * Budgets violated; the highest priority among the victims; the sum of priorities, shifted to be
 * positive; their number; and how early the first of the most important ones started.
 */
function harmOf(victims: readonly PlacedPod[], violations: number): readonly number[] {
  const highest = victims[0]!.class.priority;
  let sum = 0;
  let earliest = Number.POSITIVE_INFINITY;
  for (const { class: pods, startTime } of victims) {
    sum += pods.priority + 2 ** 31;
    if (pods.priority === highest && startTime < earliest) earliest = startTime;
  }
  return [violations, highest, sum, victims.length, -earliest];
}

function compareHarm(a: Candidate, b: Candidate): number {
  if (a.harm === b.harm) return 0;
  for (let i = 0; i < a.harm.length; i++) {
    if (a.harm[i]! !== b.harm[i]!) return a.harm[i]! < b.harm[i]! ? -1 : 1;
  }
  return 0;
}

import type { Cluster } from "../cluster/cluster.ts";
import type { PluginScores } from "./class-scores.ts";
import type { ClassView } from "./class-view.ts";

/** What came of filtering and scoring for one pod. */
export type CycleResult =
  | {
      readonly kind: "fits";
      readonly node: number;
      readonly feasible: number;
      readonly tied: number;
      /** The node's total, and the highest total of another; absent where nothing was scored. */
      readonly totals?: { readonly best: number; readonly next: number };
      /** Whether images that nodes have made a difference to scores. */
      readonly readsImages: boolean;
    }
  | { readonly kind: "misfit" };

/**
 * One scheduling cycle after another over the same cluster. The arrays are reused: what they hold
 * is of the last cycle.
 */
export class Cycle {
  /** By position in the view's nodes: the refusal of each node, 0 where it is feasible. */
  judgements: Int32Array = new Int32Array(0);
  /** Indexes of the feasible nodes, in the order of nodes. */
  feasible: Int32Array = new Int32Array(0);
  feasibleCount = 0;
  readonly #cluster: Cluster;
  /** Room for judgements and feasible nodes that a view does not keep. */
  #ownJudgements = new Int32Array(0);
  #ownFeasible = new Int32Array(0);
  #totals = new Float64Array(0);
  #part = new Float64Array(0);

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /** Filters, scores where more than one node is left, and picks the first of the best. */
  run(view: ClassView, pod: string): CycleResult {
    view.filters.begin();
    const ranking = this.#cluster.hasNominations ? undefined : view.ranking();
    if (ranking !== undefined && ranking.feasible > 0) {
      const { first, feasible, tied } = ranking;
      const result = {
        kind: "fits",
        node: first,
        feasible,
        tied,
        readsImages: view.scores.readsImages,
      } as const;
      if (feasible === 1) return result;
      const { common } = view.scores;
      return { ...result, totals: { best: ranking.best + common, next: ranking.next + common } };
    }
    this.#judge(view, pod);
    const count = this.feasibleCount;
    if (count === 0) return { kind: "misfit" };
    const nominatedNode = this.#cluster.nominationOf(pod);
    if (nominatedNode !== undefined && this.feasible.subarray(0, count).includes(nominatedNode)) {
      return { kind: "fits", node: nominatedNode, feasible: 1, tied: 1, readsImages: false };
    }
    if (count === 1)
      return { kind: "fits", node: this.feasible[0]!, feasible: 1, tied: 1, readsImages: false };
    return this.#pick(view, count);
  }

  /** Judges the view's nodes for one pod; its name matters only where it is nominated itself. */
  filter(view: ClassView, pod: string): void {
    view.filters.begin();
    this.#judge(view, pod);
  }

  /** Weighted scores of the feasible nodes, plugin by plugin; after {@link filter}. */
  scores(view: ClassView): readonly PluginScores[] {
    return view.scores.byPlugin(this.feasible, this.feasibleCount);
  }

  /** The feasible nodes whose total none exceeds; after {@link filter}. */
  best(view: ClassView): number[] {
    this.#fitArrays();
    const count = this.feasibleCount;
    view.scores.follow();
    view.scores.total(this.feasible, count, this.#totals, this.#part);
    let most = Number.NEGATIVE_INFINITY;
    let best: number[] = [];
    for (let i = 0; i < count; i++) {
      if (this.#totals[i]! > most) [most, best] = [this.#totals[i]!, []];
      if (this.#totals[i] === most) best.push(this.feasible[i]!);
    }
    return best;
  }

  #judge(view: ClassView, pod: string): void {
    const { filters } = view;
    if (!filters.looksBeyondNodes && !this.#cluster.hasNominations) {
      this.judgements = filters.kept;
      this.feasible = filters.passing;
      this.feasibleCount = this.feasible.length;
      return;
    }
    this.#fitArrays();
    this.judgements = this.#ownJudgements;
    this.feasible = this.#ownFeasible;
    const { nodes } = filters;
    const { judgements, feasible } = this;
    filters.judgeAll(judgements);
    let count = 0;
    for (let at = 0; at < nodes.length; at++) if (judgements[at] === 0) feasible[count++] = nodes[at]!;
    this.feasibleCount = this.#cluster.hasNominations ? this.#heedNominations(view, pod) : count;
  }

  /** Where pods of no lower priority are nominated, a pod must fit beside them and without them. */
  #heedNominations(view: ClassView, pod: string): number {
    const { nodes } = view.filters;
    let count = 0;
    for (let at = 0; at < nodes.length; at++) {
      const node = nodes[at]!;
      const judgement = this.#cluster.besideNominated(node, view.pods.priority, pod, () =>
        view.filters.judge(node),
      );
      if (judgement !== 0) this.judgements[at] = judgement;
      if (this.judgements[at] === 0) this.feasible[count++] = node;
    }
    return count;
  }

  #pick(view: ClassView, count: number): CycleResult {
    this.#fitArrays();
    const { scores } = view;
    const { feasible } = this;
    const totals = this.#totals;
    scores.follow();
    scores.total(feasible, count, totals, this.#part);
    let best = Number.NEGATIVE_INFINITY;
    let next = Number.NEGATIVE_INFINITY;
    let node = 0;
    let tied = 0;
    for (let i = 0; i < count; i++) {
      const total = totals[i]!;
      if (total > best) [next, best, node, tied] = [best, total, feasible[i]!, 1];
      else {
        if (total === best) tied++;
        if (total > next) next = total;
      }
    }
    const { common, readsImages } = scores;
    const all = { best: best + common, next: next + common };
    return { kind: "fits", node, feasible: count, tied, totals: all, readsImages };
  }

  #fitArrays(): void {
    const size = this.#cluster.nodes.length;
    if (this.#totals.length === size) return;
    this.#ownJudgements = new Int32Array(size);
    this.#ownFeasible = new Int32Array(size);
    this.#totals = new Float64Array(size);
    this.#part = new Float64Array(size);
  }
}

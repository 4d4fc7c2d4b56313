import type { Cluster } from "../cluster/cluster.ts";
import type { PodClass } from "../cluster/pod-class.ts";
import type { NodeScorer } from "./plugin.ts";
import type { PluginName } from "./plugin-name.ts";
import type { Profile } from "./profile.ts";

/** One plugin's weighted scores of the feasible nodes. */
export interface PluginScores {
  readonly plugin: PluginName;
  readonly scores: Float64Array;
}

interface BoundScorer {
  readonly plugin: PluginName;
  readonly weight: number;
  readonly scorer: NodeScorer;
}

/** A score that depends on the node alone but is scaled by the others': kept raw. */
interface KeptColumn extends BoundScorer {
  readonly raw: Float64Array;
  /** Nodes whose raw score is not 0: while there is none, all nodes come to the same. */
  nonZero: number;
  /** What they come to then, weighted. */
  readonly atZero: number;
}

/**
 * The scores as one class of pods meets them. Scores that depend on a node alone are kept, summed
 * where no scaling comes after; the others are made for each decision.
 */
export class ClassScores {
  /** By node index: the weighted sum of the scores that need nothing but the node. */
  readonly sums: Float64Array;
  /** Whether images that nodes have make a difference. */
  readonly readsImages: boolean;
  readonly #cluster: Cluster;
  readonly #bound: readonly BoundScorer[];
  readonly #summed: readonly BoundScorer[];
  readonly #scaled: readonly KeptColumn[];
  readonly #live: readonly BoundScorer[];
  #changesRead = -1;
  readonly #one = new Int32Array(1);
  readonly #oneScore = new Float64Array(1);

  constructor(pods: PodClass, cluster: Cluster, profile: Profile) {
    this.#cluster = cluster;
    const size = cluster.nodes.length;
    this.#bound = profile.scorers.flatMap(({ plugin, weight }) => {
      const scorer = plugin.preScore(pods, cluster);
      return scorer === undefined ? [] : [{ plugin: plugin.name, weight, scorer }];
    });
    const alone = this.#bound.filter(({ scorer }) => scorer.scope === "node");
    this.#summed = alone.filter(({ scorer }) => scorer.normalize === undefined && scorer.uniform !== true);
    this.readsImages = this.#summed.some(({ plugin }) => plugin === "ImageLocality");
    this.#scaled = alone
      .filter(({ scorer }) => scorer.normalize !== undefined)
      .map((each) => ({ ...each, raw: new Float64Array(size), nonZero: 0, atZero: scaledZero(each) }));
    this.#live = this.#bound.filter(({ scorer }) => scorer.scope === "cluster");
    this.sums = new Float64Array(size);
  }

  /** What {@link total} and {@link sums} leave out, since it is equal for all nodes. */
  get common(): number {
    let sum = 0;
    for (const { nonZero, atZero } of this.#scaled) if (nonZero === 0) sum += atZero;
    return sum;
  }

  /** Follows the changes of nodes. True: the sums alone rank the nodes, whichever are feasible. */
  follow(): boolean {
    const { changes, nodes } = this.#cluster;
    if (this.#changesRead < 0 || changes.length - this.#changesRead > nodes.length) this.#scoreAll();
    else for (let i = this.#changesRead; i < changes.length; i++) this.#scoreOne(changes[i]!);
    this.#changesRead = changes.length;
    return !this.#live.some(applies) && this.#scaled.every((column) => column.nonZero === 0);
  }

  /**
   * Writes the total of `nodes[i]` into `totals[i]`, but for what is equal for all; after
   * {@link follow}. `part` is room for one plugin's scores.
   */
  total(nodes: Int32Array, count: number, totals: Float64Array, part: Float64Array): void {
    for (let i = 0; i < count; i++) totals[i] = this.sums[nodes[i]!]!;
    for (const column of this.#scaled) if (column.nonZero > 0) addScaled(column, nodes, count, totals, part);
    for (const each of this.#live) {
      if (!applies(each)) continue;
      const { scorer, weight } = each;
      scorer.begin?.(nodes, count);
      scorer.score(nodes, count, part);
      scorer.normalize?.(part, nodes, count);
      for (let i = 0; i < count; i++) totals[i]! += weight * part[i]!;
    }
  }

  /** Every plugin's weighted scores, of plugins that do not skip. */
  byPlugin(nodes: Int32Array, count: number): readonly PluginScores[] {
    return this.#bound.filter(applies).map(({ plugin, weight, scorer }) => {
      scorer.begin?.(nodes, count);
      const scores = new Float64Array(count);
      scorer.score(nodes, count, scores);
      scorer.normalize?.(scores, nodes, count);
      return { plugin, scores: scores.map((score) => weight * score) };
    });
  }

  #scoreAll(): void {
    const { everyNode: all } = this.#cluster;
    const part = new Float64Array(all.length);
    this.sums.fill(0);
    for (const { scorer, weight } of this.#summed) {
      scorer.score(all, all.length, part);
      for (let node = 0; node < all.length; node++) this.sums[node]! += weight * part[node]!;
    }
    for (const column of this.#scaled) {
      column.scorer.score(all, all.length, column.raw);
      column.nonZero = column.raw.reduce((count, score) => (score === 0 ? count : count + 1), 0);
    }
  }

  #scoreOne(node: number): void {
    this.#one[0] = node;
    let sum = 0;
    for (let i = 0; i < this.#summed.length; i++) {
      const { scorer, weight } = this.#summed[i]!;
      scorer.score(this.#one, 1, this.#oneScore);
      sum += weight * this.#oneScore[0]!;
    }
    this.sums[node] = sum;
    for (let i = 0; i < this.#scaled.length; i++) {
      const column = this.#scaled[i]!;
      column.scorer.score(this.#one, 1, this.#oneScore);
      const before = column.raw[node]!;
      const after = this.#oneScore[0]!;
      column.raw[node] = after;
      if (before === 0 && after !== 0) column.nonZero++;
      else if (before !== 0 && after === 0) column.nonZero--;
    }
  }
}

function addScaled(
  { raw, scorer, weight }: KeptColumn,
  nodes: Int32Array,
  count: number,
  totals: Float64Array,
  part: Float64Array,
): void {
  for (let i = 0; i < count; i++) part[i] = raw[nodes[i]!]!;
  scorer.normalize?.(part, nodes, count);
  for (let i = 0; i < count; i++) totals[i]! += weight * part[i]!;
}

function scaledZero({ scorer, weight }: BoundScorer): number {
  const score = new Float64Array(1);
  scorer.normalize?.(score, new Int32Array(1), 1);
  return weight * score[0]!;
}

function applies({ scorer }: BoundScorer): boolean {
  return scorer.applies?.() !== false;
}

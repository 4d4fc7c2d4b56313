import type { Cluster } from "../cluster/cluster.ts";
import type { PodClass } from "../cluster/pod-class.ts";
import type { NodeFilter } from "./plugin.ts";
import type { PluginName } from "./plugin-name.ts";
import type { Profile } from "./profile.ts";
import { type Refusal, type Status, unresolvable } from "./status.ts";

/** A filter's verdict together with the filter that gave it, in one number; 0 passes. */
export type Judgement = number;

const verdictBits = 26;
const verdictMask = (1 << verdictBits) - 1;

export interface BoundFilter {
  readonly plugin: PluginName;
  readonly filter: NodeFilter;
}

/**
 * The filters as one class of pods meets them. Judgements that depend on a node alone are kept and
 * made again only for nodes that changed; the others are made for each decision.
 */
export class ClassFilters {
  /** Why no node can do, told before any was looked at. */
  readonly refusal: Refusal | undefined;
  /** The nodes that are looked at, by index; all of them unless PreFilters narrowed them. */
  readonly nodes: Int32Array;
  readonly narrowedBy: readonly PluginName[];
  /** All filters that did not skip, in order. */
  readonly filters: readonly BoundFilter[];
  /**
   * By position in `nodes`: what filters say that look at a node alone; where it is 0,
   * {@link ClassFilters.judgeAll} has the last word. Up to date after {@link ClassFilters.begin}.
   */
  readonly kept: Int32Array;
  readonly #cluster: Cluster;
  /** From this filter on judgements cannot be kept. */
  readonly #firstLive: number;
  #live: { readonly index: number; readonly filter: NodeFilter }[] = [];
  #passing: Int32Array | undefined;
  #changesRead = -1;

  constructor(pods: PodClass, cluster: Cluster, profile: Profile) {
    this.#cluster = cluster;
    const filters: BoundFilter[] = [];
    const narrowedBy: PluginName[] = [];
    let names: ReadonlySet<string> | undefined;
    let refusal: Refusal | undefined;
    for (const plugin of profile.filters) {
      const result = plugin.preFilter(pods, cluster);
      if (result.kind === "filter") {
        filters.push({ plugin: plugin.name, filter: result.filter });
        if (result.onlyNodes === undefined) continue;
        narrowedBy.push(plugin.name);
        names = names === undefined ? result.onlyNodes : intersection(names, result.onlyNodes);
        if (names.size === 0) refusal = emptied(narrowedBy);
      } else if (result.kind === "refused") {
        refusal ??= { ...result.status, plugin: plugin.name };
      }
      if (refusal?.code === "UnschedulableAndUnresolvable") break;
    }
    this.refusal = refusal;
    this.filters = filters;
    this.narrowedBy = narrowedBy;
    this.nodes = names === undefined ? cluster.everyNode : indexesOf(names, cluster);
    this.kept = new Int32Array(this.nodes.length);
    const live = filters.findIndex(({ filter }) => filter.scope === "cluster");
    this.#firstLive = live < 0 ? filters.length : live;
  }

  /** The status of nodes that are not looked at. */
  get elsewhere(): Status {
    return unresolvable(`node(s) didn't satisfy plugin(s) [${this.narrowedBy.toSorted().join(" ")}]`);
  }

  /** Whether a filter looked at pods beyond the node when judging was last begun. */
  get looksBeyondNodes(): boolean {
    return this.#live.length > 0;
  }

  /** Follows the changes of nodes and lets filters look at the cluster: once per decision. */
  begin(): void {
    this.#follow();
    this.#live = [];
    for (let index = this.#firstLive; index < this.filters.length; index++) {
      const { filter } = this.filters[index]!;
      if (filter.scope === "node" || filter.begin?.() !== false) this.#live.push({ index, filter });
    }
  }

  /** Writes the judgement of `nodes[i]` into `judgements[i]`; after {@link begin}. */
  judgeAll(judgements: Int32Array): void {
    const { nodes } = this;
    judgements.set(this.kept);
    for (const { index, filter } of this.#live) {
      const first = (index + 1) << verdictBits;
      for (let at = 0; at < nodes.length; at++) {
        if (judgements[at] !== 0) continue;
        const verdict = filter.verdict(nodes[at]!);
        if (verdict !== 0) judgements[at] = first | verdict;
      }
    }
  }

  /** What the filters say that could not be kept. */
  #judgeLive(node: number): Judgement {
    for (let i = 0; i < this.#live.length; i++) {
      const { index, filter } = this.#live[i]!;
      const verdict = filter.verdict(node);
      if (verdict !== 0) return ((index + 1) << verdictBits) | verdict;
    }
    return 0;
  }

  /** A node as it stands at this moment, judged by all filters; after {@link begin}. */
  judge(node: number): Judgement {
    return this.#judgeAlone(node) || this.#judgeLive(node);
  }

  refusalOf(judgement: Judgement): Refusal {
    const { plugin, filter } = this.filters[(judgement >>> verdictBits) - 1]!;
    return { ...filter.statusOf(judgement & verdictMask), plugin };
  }

  filterOf(judgement: Judgement): NodeFilter {
    return this.filters[(judgement >>> verdictBits) - 1]!.filter;
  }

  /** Nodes, in order, that no filter refuses which looks at a node alone. Of use where no other looks. */
  get passing(): Int32Array {
    if (this.#passing !== undefined) return this.#passing;
    const { nodes, kept } = this;
    const passing = new Int32Array(nodes.length);
    let count = 0;
    for (let at = 0; at < nodes.length; at++) if (kept[at] === 0) passing[count++] = nodes[at]!;
    return (this.#passing = passing.subarray(0, count));
  }

  #follow(): void {
    const { changes } = this.#cluster;
    const behind = changes.length - this.#changesRead;
    if (this.#changesRead < 0 || this.narrowedBy.length > 0 || behind > this.nodes.length) {
      for (let at = 0; at < this.nodes.length; at++) this.kept[at] = this.#judgeAlone(this.nodes[at]!);
      this.#passing = undefined;
    } else {
      for (let i = this.#changesRead; i < changes.length; i++) this.#judgeAgain(changes[i]!);
    }
    this.#changesRead = changes.length;
  }

  #judgeAgain(node: number): void {
    const judgement = this.#judgeAlone(node);
    if ((judgement === 0) !== (this.kept[node] === 0)) this.#passing = undefined;
    this.kept[node] = judgement;
  }

  #judgeAlone(node: number): Judgement {
    for (let index = 0; index < this.#firstLive; index++) {
      const verdict = this.filters[index]!.filter.verdict(node);
      if (verdict !== 0) return ((index + 1) << verdictBits) | verdict;
    }
    return 0;
  }
}

function intersection(a: ReadonlySet<string>, b: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...a].filter((each) => b.has(each)));
}

/** Node names that do not exist are passed over. */
function indexesOf(names: ReadonlySet<string>, cluster: Cluster): Int32Array {
  const indexes = [...names].flatMap((name) => cluster.indexOf(name) ?? []);
  return Int32Array.from(indexes.toSorted((a, b) => a - b));
}

function emptied(narrowedBy: readonly PluginName[]): Refusal {
  const [only, ...others] = narrowedBy;
  const reason =
    others.length === 0
      ? `node(s) didn't satisfy plugin ${only}`
      : `node(s) didn't satisfy plugin(s) [${narrowedBy.join(" ")}] simultaneously`;
  return { code: "UnschedulableAndUnresolvable", reasons: [reason], plugin: narrowedBy.at(-1)! };
}

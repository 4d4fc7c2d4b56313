import type { Cluster } from "../cluster/cluster.ts";
import type { PodClass } from "../cluster/pod-class.ts";
import { ClassFilters } from "./class-filters.ts";
import { ClassScores } from "./class-scores.ts";
import { Preemption } from "./preemption.ts";
import type { Profile } from "./profile.ts";
import { Ranking } from "./ranking.ts";

/** What the pods of one class see of the cluster: judgements, scores and, where that suffices, a ranking. */
export class ClassView {
  readonly pods: PodClass;
  readonly profile: Profile;
  readonly filters: ClassFilters;
  /** Of the objects that it was made by. */
  readonly version: number;
  readonly #cluster: Cluster;
  #scores: ClassScores | undefined;
  #ranking: Ranking | undefined;
  #preemption: Preemption | undefined;
  #changesRead = 0;

  constructor(pods: PodClass, cluster: Cluster, profile: Profile, version: number) {
    this.version = version;
    this.pods = pods;
    this.filters = new ClassFilters(pods, cluster, profile);
    this.#cluster = cluster;
    this.profile = profile;
  }

  get preemption(): Preemption {
    return (this.#preemption ??= new Preemption(this.pods, this.#cluster, this.filters));
  }

  /** Scores are made when two nodes compete, not before. */
  get scores(): ClassScores {
    return (this.#scores ??= new ClassScores(this.pods, this.#cluster, this.profile));
  }

  /**
   * All nodes ranked, up to date, where judgements and scores depend on nothing but each node:
   * then a decision costs only the nodes that changed since the last. After the filters have begun.
   */
  ranking(): Ranking | undefined {
    const { filters } = this;
    if (filters.narrowedBy.length > 0) return undefined;
    const judgements = filters.kept;
    if (filters.looksBeyondNodes || !this.scores.follow()) return undefined;
    const { sums } = this.scores;
    const { changes, nodes } = this.#cluster;
    const totalOf = (node: number) => (judgements[node] === 0 ? sums[node] : undefined);
    const behind = changes.length - this.#changesRead;
    if (this.#ranking === undefined || behind * Math.log2(nodes.length + 1) > nodes.length) {
      this.#ranking ??= new Ranking(nodes.length);
      this.#ranking.setAll(nodes.length, totalOf);
    } else {
      for (let i = this.#changesRead; i < changes.length; i++)
        this.#ranking.set(changes[i]!, totalOf(changes[i]!));
    }
    this.#changesRead = changes.length;
    return this.#ranking;
  }
}

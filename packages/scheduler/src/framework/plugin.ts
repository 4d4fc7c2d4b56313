import type { ResourceFit } from "../decision.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { PodClass } from "../cluster/pod-class.ts";
import type { PluginName } from "./plugin-name.ts";
import type { Status } from "./status.ts";

/**
 * The extension points of kube-scheduler, one file per plugin. A plugin is asked once per class of
 * equal pods (PreFilter, PreScore), and answers with an object that judges nodes by their index.
 *
 * `scope` says what a judgement depends on: `node`: on that node alone, its pods included, so it is
 * kept until the node changes; `cluster`: on pods elsewhere too, so it is made anew each time,
 * after `begin` has looked at the cluster once.
 */
export interface FilterPlugin {
  readonly name: PluginName;
  preFilter(pods: PodClass, cluster: Cluster): PreFilterResult;
}

export type PreFilterResult =
  /** This plugin has nothing to say about these pods. */
  | { readonly kind: "skip" }
  /** No node can do, whichever it is. */
  | { readonly kind: "refused"; readonly status: Status }
  /** `onlyNodes`: no others need to be looked at. */
  | { readonly kind: "filter"; readonly filter: NodeFilter; readonly onlyNodes?: ReadonlySet<string> };

export const skip = { kind: "skip" } as const;

/** 0 when the node passes, else a number up to 2^26 from which the filter can tell its reasons. */
export type Verdict = number;

export interface NodeFilter {
  readonly scope: "node" | "cluster";
  /**
   * Only for scope `cluster`: looks at the cluster, once per decision. False: nothing to filter now.
   * Until the next call, verdicts stay right while pods come and go on the judged node alone:
   * preemption relies on it.
   */
  begin?(): boolean;
  verdict(node: number): Verdict;
  /** The status that a verdict other than 0 stands for. */
  statusOf(verdict: Verdict): Status;
  /** Numbers behind a verdict, where there are some: also of what suffices. */
  amounts?(node: number): readonly ResourceFit[];
}

export interface ScorePlugin {
  readonly name: PluginName;
  /** Nothing: Skip, these pods get no score from this plugin. */
  preScore(pods: PodClass, cluster: Cluster): NodeScorer | undefined;
}

export interface NodeScorer {
  readonly scope: "node" | "cluster";
  /** All nodes get 0, so that nobody needs to ask for ranking's sake. */
  readonly uniform?: boolean;
  /** Only for scope `cluster`: whether there is anything to score now, whichever nodes are feasible. False: Skip. */
  applies?(): boolean;
  /** Only for scope `cluster`: looks at the feasible nodes, once per decision, before `score`. */
  begin?(nodes: Int32Array, count: number): void;
  /** Writes the score of `nodes[i]` into `out[i]`, for i below `count`: whole numbers, 0 to 100 once normalised. */
  score(nodes: Int32Array, count: number, out: Float64Array): void;
  /** Brings the scores of all feasible nodes into 0 to 100, in place. */
  normalize?(scores: Float64Array, nodes: Int32Array, count: number): void;
}

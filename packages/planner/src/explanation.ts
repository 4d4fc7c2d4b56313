import type { Urn } from "@berth/core";
import type { Problem } from "@berth/diagnostics";
import type { ClusterPlan, PlacementGroup, ResourceShortage } from "./plan.ts";

/**
 * Why a pod is where it is, or is nowhere: the scheduler's table of nodes and plugins as it stood
 * when the pod was decided. Plain JSON, the same bytes for the same request.
 */
export interface Explanation extends Pick<
  PlacementGroup,
  "certainty" | "tied" | "best" | "from" | "workload" | "resource" | "system"
> {
  readonly format: "berth.explanation";
  readonly version: 1;
  readonly project: string;
  readonly stack: string;
  readonly cluster: Urn;
  readonly clusterName: string;
  readonly observed: ClusterPlan["observed"];
  /** `store-front#1`, or the real name of a pod that runs. */
  readonly pod: string;
  readonly namespace: string;
  /** `stays`: it runs, and nothing was decided about it. `gone`: the plan ends with it no longer there. */
  readonly fate: "new" | "moved" | "stays" | "gone" | "unplaced";
  /** Where it will run, runs, or ran. */
  readonly node?: string;
  /** The reason in words; kube-scheduler's message, to the letter, where it said one. */
  readonly why: string;
  /** The node that was asked about. */
  readonly asked?: string;
  /**
   * Each node that was there when the pod was decided, in the scheduler's order; empty where nothing
   * was decided. With {@link Explanation.asked} only that one, and the one that was
   * chosen; beside the chosen one, the best of the others.
   */
  readonly nodes: readonly ExplainedNode[];
  /** What could not be played because it is not known. */
  readonly unknown: readonly string[];
  /** Warnings of how the cluster was observed. */
  readonly problems: readonly Problem[];
}

/** One node as the pod saw it. */
export interface ExplainedNode {
  readonly node: string;
  readonly zone?: string;
  /** Whether every filter let it pass. */
  readonly feasible: boolean;
  /** Whether it was chosen. */
  readonly chosen: boolean;
  /** In the order of filters, up to the first refusal; those that had nothing to say are left out. */
  readonly filters: readonly ExplainedFilter[];
  /** Weighted, by plugin, and their sum; absent where the node is not feasible. */
  readonly scores?: { readonly plugins: Readonly<Record<string, number>>; readonly total: number };
  /** The arithmetic of what the pod requests, in the units of {@link ResourceShortage}; `shortBy` is 0 where there is enough. */
  readonly amounts: readonly ResourceShortage[];
}

export interface ExplainedFilter {
  readonly plugin: string;
  /** `left-out`: the node was not looked at, since the plugin left only others. */
  readonly verdict: "passed" | "refused" | "left-out";
  readonly reasons: readonly string[];
  /** Whether taking other pods away could help; only of a refusal. */
  readonly resolvable?: boolean;
}

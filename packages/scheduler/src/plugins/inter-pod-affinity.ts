import type { Cluster } from "../cluster/cluster.ts";
import type { FilterPlugin, ScorePlugin } from "../framework/plugin.ts";
import { AffinityFilter } from "./affinity-filter.ts";
import { AffinityScorer } from "./affinity-scorer.ts";
import { OwnTerms } from "./affinity-tally.ts";

export interface InterPodAffinityArgs {
  /** What a required affinity term of a running pod adds to the score of nodes near it. */
  readonly hardPodAffinityWeight: number;
  readonly ignorePreferredTermsOfExistingPods: boolean;
  /** See {@link OwnTerms}. */
  readonly namespacesAlsoWithoutLabels: boolean;
}

/** Near to or away from other pods, by the pod's own terms and by those of pods that run. */
export function interPodAffinity(args: InterPodAffinityArgs): FilterPlugin & ScorePlugin {
  const ownTerms = (cluster: Cluster) => new OwnTerms(cluster, args.namespacesAlsoWithoutLabels);
  return {
    name: "InterPodAffinity",
    preFilter: (pods, cluster) => ({
      kind: "filter",
      filter: new AffinityFilter(pods, cluster, ownTerms(cluster)),
    }),
    preScore(pods, cluster) {
      const own = pods.preferredAffinity.length + pods.preferredAntiAffinity.length > 0;
      if (args.ignorePreferredTermsOfExistingPods && !own) return undefined;
      return new AffinityScorer(pods, cluster, ownTerms(cluster), args.hardPodAffinityWeight);
    },
  };
}

import type { Toleration } from "@berth/objects";
import { firstUntolerated, toleratesAny } from "../cluster/toleration.ts";
import { normalizeReversed } from "../framework/normalize.ts";
import type { FilterPlugin, ScorePlugin } from "../framework/plugin.ts";
import { type Status, unresolvable } from "../framework/status.ts";

/**
 * Hard taints must be tolerated; of soft ones, fewer untolerated are better.
 * `namesTaint`: up to 1.34.1 the reason names the taint, which splits the message by taint.
 */
export function taintToleration(namesTaint: boolean): FilterPlugin & ScorePlugin {
  return {
    name: "TaintToleration",
    preFilter(pods, cluster) {
      const statuses: Status[] = [];
      const verdicts = new Map<string, number>();
      return {
        kind: "filter",
        filter: {
          scope: "node",
          verdict(node) {
            const taint = firstUntolerated(cluster.nodes[node]!.taints, pods.tolerations);
            if (taint === undefined) return 0;
            const what = namesTaint ? ` {${taint.key}: ${taint.value ?? ""}}` : "(s)";
            let verdict = verdicts.get(what);
            if (verdict === undefined) {
              verdict = statuses.push(unresolvable(`node(s) had untolerated taint${what}`));
              verdicts.set(what, verdict);
            }
            return verdict;
          },
          statusOf: (verdict) => statuses[verdict - 1]!,
        },
      };
    },
    preScore(pods, cluster) {
      const soft = pods.tolerations.filter(concernsSoftTaints);
      return {
        scope: "node",
        score(nodes, count, out) {
          for (let i = 0; i < count; i++) {
            let untolerated = 0;
            for (const taint of cluster.nodes[nodes[i]!]!.taints) {
              if (taint.effect === "PreferNoSchedule" && !toleratesAny(soft, taint)) untolerated++;
            }
            out[i] = untolerated;
          }
        },
        normalize: normalizeReversed,
      };
    },
  };
}

function concernsSoftTaints(toleration: Toleration): boolean {
  return !toleration.effect || toleration.effect === "PreferNoSchedule";
}

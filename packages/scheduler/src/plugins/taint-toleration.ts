import type { Toleration } from "@berth/objects";
import type { Cluster } from "../cluster/cluster.ts";
import { firstUntolerated, toleratesAny } from "../cluster/toleration.ts";
import { normalizeReversed } from "../framework/normalize.ts";
import { type FilterPlugin, type ScorePlugin, skip } from "../framework/plugin.ts";
import { type Status, unresolvable } from "../framework/status.ts";

/**
 * Hard taints must be tolerated; of soft ones, fewer untolerated are better.
 * `namesTaint`: up to 1.34.1 the reason names the taint, which splits the message by taint.
 */
export function taintToleration(namesTaint: boolean): FilterPlugin & ScorePlugin {
  return {
    name: "TaintToleration",
    preFilter({ tolerations, tolerationsKey }, cluster) {
      const { verdicts, statuses } = cluster.shared(`hard taints ${namesTaint} ${tolerationsKey}`, () =>
        judgeTaints(tolerations, cluster, namesTaint),
      );
      if (statuses.length === 0) return skip;
      return {
        kind: "filter",
        filter: {
          scope: "node",
          verdict: (node) => verdicts[node]!,
          statusOf: (verdict) => statuses[verdict - 1]!,
        },
      };
    },
    preScore({ tolerations, tolerationsKey }, cluster) {
      const untolerated = cluster.shared(`soft taints ${tolerationsKey}`, () =>
        countSoftTaints(tolerations, cluster),
      );
      return {
        scope: "node",
        score(nodes, count, out) {
          for (let i = 0; i < count; i++) out[i] = untolerated[nodes[i]!]!;
        },
        normalize: normalizeReversed,
      };
    },
  };
}

/** By node: 0, or 1 and up for each status there is. */
function judgeTaints(
  tolerations: readonly Toleration[],
  cluster: Cluster,
  namesTaint: boolean,
): { readonly verdicts: Int32Array; readonly statuses: readonly Status[] } {
  const statuses = new Map<string, Status>();
  const verdicts = Int32Array.from(cluster.nodes, ({ taints }) => {
    const taint = firstUntolerated(taints, tolerations);
    if (taint === undefined) return 0;
    const reason = `node(s) had untolerated taint${namesTaint ? ` {${taint.key}: ${taint.value ?? ""}}` : "(s)"}`;
    if (!statuses.has(reason)) statuses.set(reason, unresolvable(reason));
    return [...statuses.keys()].indexOf(reason) + 1;
  });
  return { verdicts, statuses: [...statuses.values()] };
}

function countSoftTaints(tolerations: readonly Toleration[], cluster: Cluster): Float64Array {
  const soft = tolerations.filter(({ effect }) => !effect || effect === "PreferNoSchedule");
  return Float64Array.from(
    cluster.nodes,
    ({ taints }) =>
      taints.filter((taint) => taint.effect === "PreferNoSchedule" && !toleratesAny(soft, taint)).length,
  );
}

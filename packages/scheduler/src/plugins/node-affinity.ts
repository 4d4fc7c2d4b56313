import { matchesRequiredNode } from "../cluster/node-affinity.ts";
import type { NodeRecord } from "../cluster/node-record.ts";
import type { PodClass } from "../cluster/pod-class.ts";
import { normalizeByMaximum } from "../framework/normalize.ts";
import { type FilterPlugin, type ScorePlugin, skip } from "../framework/plugin.ts";
import { unresolvable } from "../framework/status.ts";

const mismatch = unresolvable("node(s) didn't match Pod's node affinity/selector");
const conflict = unresolvable("pod affinity terms conflict");

/** nodeSelector and required terms filter; preferred terms add their weights. */
export const nodeAffinity: FilterPlugin & ScorePlugin = {
  name: "NodeAffinity",
  preFilter(pods, cluster) {
    if (pods.nodeSelector === undefined && pods.requiredNodeTerms === undefined) return skip;
    if (pods.pinnedNodes?.size === 0) return { kind: "refused", status: conflict };
    return {
      kind: "filter",
      filter: {
        scope: "node",
        verdict: (node) => (matchesRequiredNode(pods, cluster.nodes[node]!) ? 0 : 1),
        statusOf: () => mismatch,
      },
      ...(pods.pinnedNodes && { onlyNodes: pods.pinnedNodes }),
    };
  },
  preScore(pods, cluster) {
    if (pods.preferredNodeTerms.length === 0) return undefined;
    return {
      scope: "node",
      score(nodes, count, out) {
        for (let i = 0; i < count; i++) out[i] = preference(pods, cluster.nodes[nodes[i]!]!);
      },
      normalize: normalizeByMaximum,
    };
  },
};

function preference({ preferredNodeTerms }: PodClass, { object }: NodeRecord): number {
  let sum = 0;
  for (const { weight, matches } of preferredNodeTerms) if (matches(object)) sum += weight;
  return sum;
}

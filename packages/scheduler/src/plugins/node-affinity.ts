import { type NodeAffinity as NodeAffinityTerms, nodeTermMatcher } from "@berth/objects";
import { matchesRequiredNode } from "../cluster/node-affinity.ts";
import type { NodeRecord } from "../cluster/node-record.ts";
import { normalizeByMaximum } from "../framework/normalize.ts";
import { type FilterPlugin, type ScorePlugin, skip } from "../framework/plugin.ts";
import { unresolvable } from "../framework/status.ts";

const mismatch = unresolvable("node(s) didn't match Pod's node affinity/selector");
const conflict = unresolvable("pod affinity terms conflict");

const mismatchOfAdded = unresolvable("node(s) didn't match scheduler-enforced node affinity");

/**
 * nodeSelector and required terms filter; preferred terms add their weights. A profile can add an
 * affinity of its own to all its pods.
 */
export function nodeAffinity(added: NodeAffinityTerms | undefined): FilterPlugin & ScorePlugin {
  const addedKey = JSON.stringify(added ?? null);
  const enforced =
    added?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms.map(nodeTermMatcher);
  const preferred = (added?.preferredDuringSchedulingIgnoredDuringExecution ?? [])
    .filter((each) => each.weight !== 0)
    .map(({ weight, preference }) => ({ weight, matches: nodeTermMatcher(preference) }));
  return {
    name: "NodeAffinity",
    preFilter(pods, cluster) {
      const asksNothing = pods.nodeSelector === undefined && pods.requiredNodeTerms === undefined;
      if (asksNothing && enforced === undefined) return skip;
      if (pods.pinnedNodes?.size === 0) return { kind: "refused", status: conflict };
      const judge = (node: NodeRecord) => {
        if (enforced?.some((matches) => matches(node.object)) === false) return 2;
        return matchesRequiredNode(pods, node) ? 0 : 1;
      };
      // A pod that names its nodes is looked at there only: judging all of them would be waste.
      const verdicts = pods.pinnedNodes
        ? undefined
        : cluster.shared(`node affinity ${addedKey} ${pods.nodeRule}`, () =>
            Uint8Array.from(cluster.nodes, judge),
          );
      return {
        kind: "filter",
        filter: {
          scope: "node",
          verdict: (node) => (verdicts === undefined ? judge(cluster.nodes[node]!) : verdicts[node]!),
          statusOf: (verdict) => (verdict === 1 ? mismatch : mismatchOfAdded),
        },
        ...(pods.pinnedNodes && { onlyNodes: pods.pinnedNodes }),
      };
    },
    preScore(pods, cluster) {
      const terms = [...preferred, ...pods.preferredNodeTerms];
      if (terms.length === 0) return undefined;
      return {
        scope: "node",
        score(nodes, count, out) {
          for (let i = 0; i < count; i++) {
            const { object } = cluster.nodes[nodes[i]!]!;
            let sum = 0;
            for (const { weight, matches } of terms) if (matches(object)) sum += weight;
            out[i] = sum;
          }
        },
        normalize: normalizeByMaximum,
      };
    },
  };
}

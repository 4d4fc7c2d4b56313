import { toleratesAny } from "../cluster/toleration.ts";
import { type FilterPlugin, skip } from "../framework/plugin.ts";
import { unresolvable } from "../framework/status.ts";

const refused = unresolvable("node(s) were unschedulable");

/** Refuses cordoned nodes, except to pods that tolerate the taint that cordoning stands for. */
export const nodeUnschedulable: FilterPlugin = {
  name: "NodeUnschedulable",
  preFilter(pods, cluster) {
    if (toleratesAny(pods.tolerations, { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" }))
      return skip;
    const cordoned = cluster.shared("cordoned", () =>
      Uint8Array.from(cluster.nodes, (node) => (node.unschedulable ? 1 : 0)),
    );
    if (!cordoned.includes(1)) return skip;
    return {
      kind: "filter",
      filter: { scope: "node", verdict: (node) => cordoned[node]!, statusOf: () => refused },
    };
  },
};

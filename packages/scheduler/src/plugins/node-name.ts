import { type FilterPlugin, skip } from "../framework/plugin.ts";
import { unresolvable } from "../framework/status.ts";

const refused = unresolvable("node(s) didn't match the requested node name");

/** A pod that names its node goes nowhere else. */
export const nodeName: FilterPlugin = {
  name: "NodeName",
  preFilter(pods, cluster) {
    if (pods.nodeName === undefined) return skip;
    return {
      kind: "filter",
      filter: {
        scope: "node",
        verdict: (node) => (cluster.nodes[node]!.name === pods.nodeName ? 0 : 1),
        statusOf: () => refused,
      },
    };
  },
};

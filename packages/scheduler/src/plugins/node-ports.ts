import { clash } from "../cluster/host-ports.ts";
import { type FilterPlugin, skip } from "../framework/plugin.ts";
import { unschedulable } from "../framework/status.ts";

const refused = unschedulable("node(s) didn't have free ports for the requested pod ports");

/** A host port can be taken once per node, address and protocol. */
export const nodePorts: FilterPlugin = {
  name: "NodePorts",
  preFilter(pods, cluster) {
    if (pods.hostPorts.length === 0) return skip;
    return {
      kind: "filter",
      filter: {
        scope: "node",
        verdict(node) {
          for (const { class: running } of cluster.podsOn(node)) {
            for (const taken of running.hostPorts) {
              if (pods.hostPorts.some((wanted) => clash(wanted, taken))) return 1;
            }
          }
          return 0;
        },
        statusOf: () => refused,
      },
    };
  },
};

import type { Labels } from "@berth/objects";
import { valueOf } from "../cluster/selector.ts";
import { type FilterPlugin, skip } from "../framework/plugin.ts";
import { unresolvable } from "../framework/status.ts";

const refused = unresolvable("node(s) had no available volume zone");

/** Zone and region labels, as they are and as they were. */
const keys = [
  ["topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone"],
  ["topology.kubernetes.io/region", "failure-domain.beta.kubernetes.io/region"],
] as const;

/** A volume with a zone or region is used there. Nodes without any such label are taken to be anywhere. */
export const volumeZone: FilterPlugin = {
  name: "VolumeZone",
  preFilter(pods, cluster) {
    const places = pods.claims.flatMap(({ name, ephemeral }) => {
      const claim = cluster.objects.volumes.claim(pods.namespace, name, ephemeral);
      return claim.kind === "bound" ? placesOf(claim.volume?.metadata?.labels ?? {}) : [];
    });
    if (places.length === 0) return skip;
    return {
      kind: "filter",
      filter: {
        scope: "node",
        verdict(node) {
          const { labels } = cluster.nodes[node]!;
          if (keys.flat().every((key) => valueOf(labels, key) === undefined)) return 0;
          return places.every(({ names, values }) =>
            values.has(names.map((key) => valueOf(labels, key)).find(Boolean) ?? ""),
          )
            ? 0
            : 1;
        },
        statusOf: () => refused,
      },
    };
  },
};

/** A volume in several zones lists them with two underscores between. */
function placesOf(
  labels: Labels,
): { readonly names: readonly string[]; readonly values: ReadonlySet<string> }[] {
  return keys.flatMap((names) =>
    names.flatMap((key) => {
      const value = valueOf(labels, key);
      return value === undefined ? [] : [{ names, values: new Set(value.split("__")) }];
    }),
  );
}

import { type FilterPlugin, skip } from "../framework/plugin.ts";
import { unschedulable } from "../framework/status.ts";

const taken = unschedulable(
  "node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod",
);

/** A claim of one pod only is that of the first pod that has it. */
export const volumeRestrictions: FilterPlugin = {
  name: "VolumeRestrictions",
  preFilter(pods, cluster) {
    const { volumes } = cluster.objects;
    const exclusive = pods.claims.filter(({ name, ephemeral }) => {
      const claim = volumes.claim(pods.namespace, name, ephemeral);
      return "claim" in claim && claim.claim.spec?.accessModes?.includes("ReadWriteOncePod");
    });
    if (exclusive.length === 0) return skip;
    const users = exclusive.map(({ name }) =>
      cluster.tally(`claim ${pods.namespace}/${name}`, (other) =>
        other.namespace === pods.namespace && other.claims.some((claim) => claim.name === name) ? 1 : 0,
      ),
    );
    return {
      kind: "filter",
      filter: {
        scope: "cluster",
        verdict: () => (users.some((tally) => tally.total > 0) ? 1 : 0),
        statusOf: () => taken,
      },
    };
  },
};

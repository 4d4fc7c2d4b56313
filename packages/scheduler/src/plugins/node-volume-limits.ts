import type { Cluster } from "../cluster/cluster.ts";
import type { PodClass } from "../cluster/pod-class.ts";
import { identityOf, type VolumeIdentity } from "../cluster/volumes.ts";
import { type FilterPlugin, skip } from "../framework/plugin.ts";
import { unschedulable } from "../framework/status.ts";

const refused = unschedulable("node(s) exceed max volume count");

/** A CSI driver attaches so many volumes to a node as its CSINode says; one that says nothing, any number. */
export const nodeVolumeLimits: FilterPlugin = {
  name: "NodeVolumeLimits",
  preFilter(pods, cluster) {
    const wanted = volumesOf(pods, cluster);
    if (wanted.size === 0) return skip;
    return {
      kind: "filter",
      filter: {
        scope: "node",
        verdict: (node) => (exceeds(wanted, node, cluster) ? 1 : 0),
        statusOf: () => refused,
      },
    };
  },
};

function exceeds(wanted: ReadonlyMap<string, string>, node: number, cluster: Cluster): boolean {
  const { name } = cluster.nodes[node]!;
  const { volumes } = cluster.objects;
  const limits = new Map<string, number>();
  for (const { name: driver, allocatable } of volumes.csiNode(name)?.spec.drivers ?? []) {
    if (allocatable?.count !== undefined) limits.set(driver, allocatable.count);
  }
  if (limits.size === 0) return false;
  const there = new Map(volumes.attachedTo(name).map(entry));
  for (const { class: running } of cluster.podsOn(node)) {
    for (const [handle, driver] of volumesOf(running, cluster)) there.set(handle, driver);
  }
  const counts = new Map<string, number>();
  for (const [, driver] of new Map([...there, ...wanted])) counts.set(driver, (counts.get(driver) ?? 0) + 1);
  return [...wanted].some(
    ([handle, driver]) =>
      !there.has(handle) && counts.get(driver)! > (limits.get(driver) ?? Number.POSITIVE_INFINITY),
  );
}

/** Driver by handle of the volumes that pods of a class have or will have. */
function volumesOf(pods: PodClass, cluster: Cluster): ReadonlyMap<string, string> {
  return new Map(
    pods.claims.flatMap(({ name, ephemeral }): [string, string][] => {
      const claim = cluster.objects.volumes.claim(pods.namespace, name, ephemeral);
      if (claim.kind === "bound" && claim.volume !== undefined) return identityOf(claim.volume).map(entry);
      if (claim.kind === "waits")
        return [
          [
            `${claim.storageClass.provisioner} claim ${pods.namespace}/${name}`,
            claim.storageClass.provisioner,
          ],
        ];
      return [];
    }),
  );
}

function entry({ driver, handle }: VolumeIdentity): [string, string] {
  return [`${driver} ${handle}`, driver];
}

import { type Claim, isDynamic, provisions, reaches } from "../cluster/volumes.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { type FilterPlugin, skip } from "../framework/plugin.ts";
import { type Status, unresolvable } from "../framework/status.ts";

const noVolume = "node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)";
const outOfReach = "node(s) didn't match PersistentVolume's node affinity";
const nothingToBind = "node(s) didn't find available persistent volumes to bind";

/** By verdict: which of the two reasons hold, or that a volume is gone. */
const statuses: readonly Status[] = [
  unresolvable(outOfReach),
  unresolvable(nothingToBind),
  unresolvable(outOfReach, nothingToBind),
  unresolvable(noVolume),
];

/**
 * Claims that are bound draw their pod to where the volume is; those that wait for a pod need a
 * volume, or a class that makes one, at the node. `strict`: a claim or class that is not among the
 * objects is refused as a cluster refuses it; otherwise nothing is held against it.
 */
export function volumeBinding(strict: boolean): FilterPlugin {
  return {
    name: "VolumeBinding",
    preFilter(pods, cluster) {
      if (pods.claims.length === 0) return skip;
      const claims = pods.claims.map(({ name, ephemeral }) =>
        cluster.objects.volumes.claim(pods.namespace, name, ephemeral),
      );
      const reason = claims.map((claim) => reasonAgainst(claim, strict)).find((each) => each !== undefined);
      if (reason !== undefined) return { kind: "refused", status: unresolvable(reason) };
      if (claims.some((claim) => isOverdue(claim, strict))) {
        return { kind: "refused", status: unresolvable("pod has unbound immediate PersistentVolumeClaims") };
      }
      return {
        kind: "filter",
        filter: {
          scope: "node",
          verdict: (node) => verdictOn(node, claims, cluster),
          statusOf: (verdict) => statuses[verdict - 1]!,
        },
      };
    },
  };
}

/** Should have been bound before any pod came. A preview takes it that what can be made by then is. */
function isOverdue(claim: Claim, strict: boolean): boolean {
  if (claim.kind === "unbound") return strict || !isDynamic(claim.storageClass);
  return claim.kind === "unknown" && strict;
}

function reasonAgainst(claim: Claim, strict: boolean): string | undefined {
  if (claim.kind === "unusable") return claim.reason;
  if (claim.kind !== "missing" || !strict) return undefined;
  return claim.ephemeral
    ? `waiting for ephemeral volume controller to create the persistentvolumeclaim "${claim.name}"`
    : `persistentvolumeclaim "${claim.name}" not found`;
}

function verdictOn(index: number, claims: readonly Claim[], cluster: Cluster): number {
  const { object, labels, name } = cluster.nodes[index]!;
  let verdict = 0;
  const taken = new Set<object>();
  for (const claim of claims) {
    if (claim.kind === "bound") {
      if (claim.volume === undefined) return 4;
      if (!reaches(claim.volume, object)) verdict |= 1;
    } else if (claim.kind === "waits") {
      const chosen = claim.claim.metadata?.annotations?.["volume.kubernetes.io/selected-node"];
      const volume = cluster.objects.volumes
        .availableFor(claim.claim)
        .find((each) => !taken.has(each) && reaches(each, object));
      const makes = isDynamic(claim.storageClass) && provisions(claim.storageClass, labels);
      if (chosen !== undefined ? chosen !== name : volume === undefined && !makes) verdict |= 2;
      if (volume !== undefined) taken.add(volume);
    }
  }
  return verdict;
}

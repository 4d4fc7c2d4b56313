import { type Problem, throwIfErrors } from "@berth/diagnostics";
import type { NodeDescription } from "../nodes/node-object.ts";
import { osDiskOf, osDiskProblems } from "../resources/os-disk.ts";
import { aksReservationModel } from "../resources/reservation.ts";
import { findMachineSize, machineSizeProblems, zoneProblems } from "../sizes/catalogue.ts";
import { normaliseRegion, regionProblems } from "../sizes/regions.ts";
import { nodeLabelProblems, nodeTaintProblems } from "./label-rules.ts";
import {
  defaultMaxPods,
  maxPodsProblems,
  type NetworkMode,
  poolCountProblems,
  poolNameProblems,
  poolSizeProblems,
} from "./rules.ts";

/** What a node pool asks for, in the words of `Microsoft.ContainerService/managedClusters/agentPools`. */
export interface AgentPool {
  readonly name: string;
  readonly mode: "System" | "User";
  readonly vmSize: string;
  readonly count: number;
  readonly availabilityZones?: readonly string[];
  readonly maxPods?: number;
  readonly osDiskSizeGB?: number;
  readonly osDiskType?: "Managed" | "Ephemeral";
  readonly nodeLabels?: Readonly<Record<string, string>>;
  readonly nodeTaints?: readonly string[];
  readonly scaleSetPriority?: "Regular" | "Spot";
}

/** What a pool's nodes take from their cluster. */
export interface AgentPoolCluster {
  readonly location: string;
  /** `1.36` or `1.36.2` */
  readonly kubernetesVersion: string;
  readonly network: NetworkMode;
}

/**
 * The nodes that AKS makes for a pool. The plan and the local cloud both ask here, so they agree.
 *
 * @throws BERTH5301 for a size that the catalogue does not have.
 */
export function agentPoolNode(pool: AgentPool, cluster: AgentPoolCluster): NodeDescription {
  const size = findMachineSize(pool.vmSize);
  throwIfErrors(machineSizeProblems(pool.vmSize, "vmSize"));
  if (!size) throw new TypeError("a size without problems is in the catalogue");
  return {
    pool: pool.name,
    mode: pool.mode,
    size,
    region: normaliseRegion(cluster.location),
    kubernetes: cluster.kubernetesVersion,
    model: aksReservationModel(cluster.kubernetesVersion),
    maxPods: pool.maxPods ?? defaultMaxPods(cluster.network),
    overlay: cluster.network === "overlay",
    osDisk: osDiskOf(size, {
      ...(pool.osDiskType && { kind: pool.osDiskType }),
      ...(pool.osDiskSizeGB !== undefined && { sizeGiB: pool.osDiskSizeGB }),
    }),
    spot: pool.scaleSetPriority === "Spot",
    ...(pool.nodeLabels && { labels: pool.nodeLabels }),
    ...(pool.nodeTaints && { taints: pool.nodeTaints }),
  };
}

/**
 * Everything that AKS refuses of a pool and that can be told offline. Parts that are not known yet are absent.
 *
 * @param path Path of the pool in its resource's inputs, with its dot: `systemPool.`, or nothing.
 */
export function agentPoolProblems(
  pool: Partial<AgentPool>,
  cluster: Partial<AgentPoolCluster>,
  path = "",
): readonly Problem[] {
  const { name, mode = "User", vmSize, count, availabilityZones, maxPods, nodeLabels, nodeTaints } = pool;
  const { location } = cluster;
  const size = vmSize === undefined ? undefined : findMachineSize(vmSize);
  const region = location === undefined ? [] : regionProblems(location, "location");
  const wanted = {
    ...(pool.osDiskType && { kind: pool.osDiskType }),
    ...(pool.osDiskSizeGB !== undefined && { sizeGiB: pool.osDiskSizeGB }),
  };
  return [
    ...region,
    ...(name === undefined ? [] : poolNameProblems(name, `${path}name`)),
    ...(vmSize === undefined ? [] : machineSizeProblems(vmSize, `${path}vmSize`)),
    ...(size ? poolSizeProblems(size, mode, `${path}vmSize`) : []),
    ...(size ? osDiskProblems(size, wanted, `${path}osDiskSizeGB`) : []),
    ...(size && location !== undefined && region.length === 0 && availabilityZones
      ? zoneProblems(size, location, availabilityZones, `${path}availabilityZones`)
      : []),
    ...(count === undefined ? [] : poolCountProblems(count, mode, `${path}count`)),
    ...(maxPods === undefined || count === undefined
      ? []
      : maxPodsProblems(maxPods, count, `${path}maxPods`)),
    ...(nodeLabels ? nodeLabelProblems(nodeLabels, `${path}nodeLabels`) : []),
    ...(nodeTaints ? nodeTaintProblems(nodeTaints, `${path}nodeTaints`) : []),
  ];
}

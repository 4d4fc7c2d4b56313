import type { OsDisk } from "../resources/os-disk.ts";
import type { MachineSize } from "../sizes/size.ts";

/** What AKS knows of a pool when it labels the pool's nodes. */
export interface NodePoolShape {
  /** Name of the pool. */
  readonly pool: string;
  readonly mode: "System" | "User";
  readonly size: MachineSize;
  /** Normalised name: `westeurope`. */
  readonly region: string;
  readonly osDisk: OsDisk;
  /** Resource group of the nodes: `MC_group_cluster_region`. */
  readonly nodeResourceGroup?: string;
  /** Pods take addresses of an overlay. */
  readonly overlay?: boolean;
  readonly spot?: boolean;
  /** The user's own labels and taints (`key=value:Effect`). */
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: readonly string[];
}

/** Key of the label that names a node's pool. */
export const agentPoolLabel = "kubernetes.azure.com/agentpool";

/** Key of the label that names a node's zone. */
export const zoneLabel = "topology.kubernetes.io/zone";

/**
 * Value of a node's zone label: region and zone, or the fault domain for a node without a zone, which AKS reports
 * as `0` (so that a pool without zones still stands in one "zone").
 */
export function zoneLabelValue(region: string, zone?: string): string {
  return zone === undefined ? "0" : `${region}-${zone}`;
}

/**
 * Labels that AKS puts on a node, as read from a node of AKS 1.32.7 (October 2025, Azure CNI overlay), without those
 * that hold identifiers of a subscription, an image or a network. The user's labels never replace AKS's own.
 *
 * @param name The node's name, for `kubernetes.io/hostname`; leave it out for a template.
 */
export function nodeLabels(
  shape: NodePoolShape,
  zone?: string,
  name?: string,
): Readonly<Record<string, string>> {
  const { pool, size, region, osDisk } = shape;
  const zoneValue = zoneLabelValue(region, zone);
  const profile = osDisk.kind.toLowerCase();
  const tier = osDisk.kind === "Managed" ? (size.premiumStorage ? "Premium_LRS" : "Standard_LRS") : undefined;
  const labels: Record<string, string> = {
    ...shape.labels,
    agentpool: pool,
    "beta.kubernetes.io/arch": size.architecture,
    "beta.kubernetes.io/instance-type": size.name,
    "beta.kubernetes.io/os": "linux",
    "failure-domain.beta.kubernetes.io/region": region,
    "failure-domain.beta.kubernetes.io/zone": zoneValue,
    [agentPoolLabel]: pool,
    "kubernetes.azure.com/mode": shape.mode.toLowerCase(),
    "kubernetes.azure.com/nodepool-type": "VirtualMachineScaleSets",
    "kubernetes.azure.com/os-sku": "Ubuntu",
    "kubernetes.azure.com/role": "agent",
    "kubernetes.azure.com/sku-cpu": String(size.vcpus),
    "kubernetes.azure.com/sku-memory": String(size.memoryGiB * 1024),
    "kubernetes.azure.com/storageprofile": profile,
    "kubernetes.io/arch": size.architecture,
    "kubernetes.io/os": "linux",
    "node.kubernetes.io/instance-type": size.name,
    storageprofile: profile,
    "topology.disk.csi.azure.com/zone": zone === undefined ? "" : zoneValue,
    "topology.kubernetes.io/region": region,
    [zoneLabel]: zoneValue,
    ...(shape.nodeResourceGroup !== undefined && { "kubernetes.azure.com/cluster": shape.nodeResourceGroup }),
    ...(shape.overlay === true && {
      "kubernetes.azure.com/azure-cni-overlay": "true",
      "kubernetes.azure.com/podnetwork-type": "overlay",
    }),
    ...(shape.spot === true && { "kubernetes.azure.com/scalesetpriority": "spot" }),
    ...(size.gpu !== undefined && { accelerator: "nvidia", "kubernetes.azure.com/accelerator": "nvidia" }),
    ...(tier !== undefined && { "kubernetes.azure.com/storagetier": tier, storagetier: tier }),
    ...(name !== undefined && { "kubernetes.io/hostname": name }),
  };
  return Object.fromEntries(Object.entries(labels).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

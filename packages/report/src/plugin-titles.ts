/** Short titles of the scheduler's plugins, for the columns of a table. A plugin that is not here has its own name. */
const titles: Readonly<Record<string, string>> = {
  NodeUnschedulable: "cordon",
  NodeName: "name",
  TaintToleration: "taints",
  NodeAffinity: "affinity",
  NodePorts: "ports",
  NodeResourcesFit: "fit",
  NodeResourcesBalancedAllocation: "balance",
  VolumeRestrictions: "volume use",
  NodeVolumeLimits: "volume limit",
  VolumeBinding: "volumes",
  VolumeZone: "volume zone",
  PodTopologySpread: "spread",
  InterPodAffinity: "pods",
  ImageLocality: "images",
  DynamicResources: "claims",
};

export function pluginTitle(plugin: string): string {
  return titles[plugin] ?? plugin;
}

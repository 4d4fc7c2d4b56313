import type { PluginArgs, SchedulerProfile } from "../configuration.ts";

const cpuAndMemory = [
  { name: "cpu", weight: 1 },
  { name: "memory", weight: 1 },
] as const;

/** kube-scheduler's defaults: scheduling.md §1.1. */
export const defaultArgs: PluginArgs = {
  InterPodAffinity: { hardPodAffinityWeight: 1, ignorePreferredTermsOfExistingPods: false },
  NodeAffinity: {},
  NodeResourcesFit: {
    ignoredResources: [],
    ignoredResourceGroups: [],
    scoringStrategy: { type: "LeastAllocated", resources: cpuAndMemory },
  },
  NodeResourcesBalancedAllocation: { resources: cpuAndMemory },
  PodTopologySpread: { defaultingType: "System", defaultConstraints: [] },
};

/** The arguments of a profile's plugins, with defaults for what it does not say. They were checked before. */
export function argsOf({ pluginConfig = [] }: SchedulerProfile): PluginArgs {
  const given = (name: string) => pluginConfig.find((each) => each.name === name)?.args ?? {};
  const fit: Partial<PluginArgs["NodeResourcesFit"]> = given("NodeResourcesFit");
  const strategy = { ...defaultArgs.NodeResourcesFit.scoringStrategy, ...fit.scoringStrategy };
  return {
    InterPodAffinity: { ...defaultArgs.InterPodAffinity, ...given("InterPodAffinity") },
    NodeAffinity: given("NodeAffinity"),
    NodeResourcesFit: {
      ...defaultArgs.NodeResourcesFit,
      ...fit,
      scoringStrategy: { ...strategy, resources: weighted(strategy.resources) },
    },
    NodeResourcesBalancedAllocation: {
      ...defaultArgs.NodeResourcesBalancedAllocation,
      ...given("NodeResourcesBalancedAllocation"),
    },
    PodTopologySpread: { ...defaultArgs.PodTopologySpread, ...given("PodTopologySpread") },
  };
}

/** A weight that is not said, or 0, is 1; no resources at all are cpu and memory. */
function weighted(resources: PluginArgs["NodeResourcesFit"]["scoringStrategy"]["resources"]) {
  if (resources.length === 0) return cpuAndMemory;
  return resources.map(({ name, weight }) => ({ name, weight: weight || 1 }));
}

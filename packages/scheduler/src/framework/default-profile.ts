import type { TopologySpreadConstraint } from "@berth/objects";
import { balancedAllocation } from "../plugins/balanced-allocation.ts";
import { dynamicResources } from "../plugins/dynamic-resources.ts";
import { imageLocality } from "../plugins/image-locality.ts";
import { interPodAffinity } from "../plugins/inter-pod-affinity.ts";
import { nodeAffinity } from "../plugins/node-affinity.ts";
import { nodeName } from "../plugins/node-name.ts";
import { nodePorts } from "../plugins/node-ports.ts";
import { nodeResourcesFit } from "../plugins/node-resources-fit.ts";
import { nodeUnschedulable } from "../plugins/node-unschedulable.ts";
import { podTopologySpread } from "../plugins/pod-topology-spread.ts";
import { taintToleration } from "../plugins/taint-toleration.ts";
import type { Profile } from "./profile.ts";
import type { KubernetesVersion } from "./version.ts";

export type Flavour = "upstream" | "aks";

const cpuAndMemory = [
  { resource: "cpu", weight: 1 },
  { resource: "memory", weight: 1 },
] as const;

/** The default profile of a version, in the order and with the weights of scheduling.md §1.2. */
export function defaultProfile(version: KubernetesVersion, flavour: Flavour): Profile {
  const taints = taintToleration(version.minor < 34 || (version.minor === 34 && version.patch < 2));
  const fit = nodeResourcesFit(cpuAndMemory);
  const spread = podTopologySpread({ constraints: systemConstraints(flavour), system: true });
  const affinity = interPodAffinity({
    hardPodAffinityWeight: 1,
    ignorePreferredTermsOfExistingPods: false,
    namespacesAlsoWithoutLabels: version.minor >= 35,
  });
  return {
    filters: [nodeUnschedulable, nodeName, taints, nodeAffinity, nodePorts, fit, spread, affinity],
    scorers: [
      { plugin: taints, weight: 3 },
      { plugin: nodeAffinity, weight: 2 },
      { plugin: fit, weight: 1 },
      { plugin: spread, weight: 2 },
      { plugin: affinity, weight: 2 },
      ...(version.minor >= 36 ? [{ plugin: dynamicResources, weight: 2 }] : []),
      { plugin: balancedAllocation(cpuAndMemory, version.minor >= 36), weight: 1 },
      { plugin: imageLocality(version.minor >= 36), weight: 1 },
    ],
    postFilters: version.minor >= 35 ? ["DynamicResources", "DefaultPreemption"] : ["DefaultPreemption"],
    podLevelResources: version.minor >= 34,
  };
}

/** What every Deployment behind a Service gets without asking. AKS keeps zones closer since 1.33. */
function systemConstraints(flavour: Flavour): readonly TopologySpreadConstraint[] {
  return [
    { topologyKey: "kubernetes.io/hostname", maxSkew: 3, whenUnsatisfiable: "ScheduleAnyway" },
    {
      topologyKey: "topology.kubernetes.io/zone",
      maxSkew: flavour === "aks" ? 1 : 5,
      whenUnsatisfiable: "ScheduleAnyway",
    },
  ];
}

import type { TopologySpreadConstraint } from "@berth/objects";
import type { PluginArgs, SchedulerProfile } from "../configuration.ts";
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
import { nodeVolumeLimits } from "../plugins/node-volume-limits.ts";
import { volumeBinding } from "../plugins/volume-binding.ts";
import { volumeRestrictions } from "../plugins/volume-restrictions.ts";
import { volumeZone } from "../plugins/volume-zone.ts";
import { argsOf } from "./args.ts";
import { defaultPlugins } from "./default-plugins.ts";
import type { FilterPlugin, ScorePlugin } from "./plugin.ts";
import type { PluginName } from "./plugin-name.ts";
import { selectPlugins } from "./plugin-selection.ts";
import type { Profile } from "./profile.ts";
import type { KubernetesVersion } from "./version.ts";

/** Whose scheduler it is: Kubernetes' own, or the one that Azure Kubernetes Service runs. */
export type Flavour = "upstream" | "aks";

/** The profile of a version: the default one, changed by what a configuration says. */
export function profileOf(
  version: KubernetesVersion,
  flavour: Flavour,
  strictVolumes: boolean,
  configured: SchedulerProfile = {},
): Profile {
  const defaults = defaultPlugins(version);
  const select = (point: Parameters<typeof selectPlugins>[0]) =>
    selectPlugins(point, defaults, configured.plugins);
  const { filters, scorers } = plugins(version, flavour, strictVolumes, argsOf(configured));
  return {
    filters: select("filter").flatMap(({ name }) => filters.get(name) ?? []),
    scorers: select("score").flatMap(({ name, weight }) => {
      const plugin = scorers.get(name);
      return plugin === undefined ? [] : [{ plugin, weight }];
    }),
    postFilters: select("postFilter").map(({ name }) => name),
    heedsGates: select("preEnqueue").some(({ name }) => name === "SchedulingGates"),
    podLevelResources: version.minor >= 34,
  };
}

/** Every plugin with the rules of a version. */
function plugins(
  version: KubernetesVersion,
  flavour: Flavour,
  strictVolumes: boolean,
  args: PluginArgs,
): {
  readonly filters: ReadonlyMap<PluginName, FilterPlugin>;
  readonly scorers: ReadonlyMap<PluginName, ScorePlugin>;
} {
  const { minor, patch } = version;
  const { defaultingType, defaultConstraints } = args.PodTopologySpread;
  const taints = taintToleration(minor < 34 || (minor === 34 && patch < 2));
  const affinity = nodeAffinity(args.NodeAffinity.addedAffinity);
  const fit = nodeResourcesFit(args.NodeResourcesFit);
  const spread = podTopologySpread(
    defaultingType === "List"
      ? { constraints: defaultConstraints, system: false }
      : { constraints: systemConstraints(flavour), system: true },
  );
  const pods = interPodAffinity({ ...args.InterPodAffinity, namespacesAlsoWithoutLabels: minor >= 35 });
  const balanced = balancedAllocation(args.NodeResourcesBalancedAllocation.resources, minor >= 36);
  const volumes = [volumeRestrictions, nodeVolumeLimits, volumeBinding(strictVolumes), volumeZone];
  const filters = [nodeUnschedulable, nodeName, taints, affinity, nodePorts, fit, ...volumes, spread, pods];
  const scorers = [
    taints,
    affinity,
    fit,
    spread,
    pods,
    dynamicResources,
    balanced,
    imageLocality(minor >= 36),
  ];
  return {
    filters: new Map(filters.map((plugin) => [plugin.name, plugin])),
    scorers: new Map(scorers.map((plugin) => [plugin.name, plugin])),
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

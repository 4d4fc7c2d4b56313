import type { ExtensionPoint } from "../configuration.ts";
import type { PluginName } from "./plugin-name.ts";
import type { KubernetesVersion } from "./version.ts";

/** Where a plugin takes part, of the points that decide where pods go. */
type DecidingPoint = Extract<
  ExtensionPoint,
  "preEnqueue" | "queueSort" | "preFilter" | "filter" | "postFilter" | "preScore" | "score"
>;

export interface DefaultPlugin {
  readonly name: PluginName;
  /** What its score weighs unless told otherwise. */
  readonly weight: number;
  readonly points: readonly DecidingPoint[];
}

const filters = ["preFilter", "filter"] as const;
const scores = ["preScore", "score"] as const;

/** kube-scheduler's plugins in their order, which decides whose refusal a node reports: scheduling.md §1.2. */
const all: readonly DefaultPlugin[] = [
  { name: "SchedulingGates", weight: 0, points: ["preEnqueue"] },
  { name: "PrioritySort", weight: 0, points: ["queueSort"] },
  { name: "NodeUnschedulable", weight: 0, points: ["filter"] },
  { name: "NodeName", weight: 0, points: ["filter"] },
  { name: "TaintToleration", weight: 3, points: ["filter", ...scores] },
  { name: "NodeAffinity", weight: 2, points: [...filters, ...scores] },
  { name: "NodePorts", weight: 0, points: filters },
  { name: "NodeResourcesFit", weight: 1, points: [...filters, ...scores] },
  { name: "VolumeRestrictions", weight: 0, points: filters },
  { name: "NodeVolumeLimits", weight: 0, points: filters },
  { name: "VolumeBinding", weight: 0, points: filters },
  { name: "VolumeZone", weight: 0, points: filters },
  { name: "PodTopologySpread", weight: 2, points: [...filters, ...scores] },
  { name: "InterPodAffinity", weight: 2, points: [...filters, ...scores] },
  { name: "DynamicResources", weight: 2, points: ["preEnqueue", ...filters, "postFilter", "score"] },
  { name: "DefaultPreemption", weight: 0, points: ["postFilter"] },
  { name: "NodeResourcesBalancedAllocation", weight: 1, points: scores },
  { name: "ImageLocality", weight: 1, points: ["score"] },
  { name: "DefaultBinder", weight: 0, points: [] },
  { name: "NodeDeclaredFeatures", weight: 0, points: filters },
];

/** The plugins that a version has on by default. */
export function defaultPlugins({ minor }: KubernetesVersion): readonly DefaultPlugin[] {
  return all
    .filter(
      ({ name }) =>
        (name !== "DynamicResources" || minor >= 35) && (name !== "NodeDeclaredFeatures" || minor >= 36),
    )
    .map((each) =>
      each.name === "DynamicResources" && minor < 36
        ? { ...each, points: ["preEnqueue", ...filters, "postFilter"] }
        : each,
    );
}

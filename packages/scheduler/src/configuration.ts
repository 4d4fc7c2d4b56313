import type { NodeAffinity, TopologySpreadConstraint } from "@berth/objects";

/**
 * What of a KubeSchedulerConfiguration decides where pods go. Types as in
 * kubescheduler.config.k8s.io/v1; fields that only concern how the scheduler runs are accepted and
 * passed over.
 */
export interface KubeSchedulerConfiguration {
  readonly apiVersion?: string;
  readonly kind?: string;
  /** Accepted; berth looks at all nodes, as 100 does. */
  readonly percentageOfNodesToScore?: number;
  readonly profiles?: readonly SchedulerProfile[];
  readonly [other: string]: unknown;
}

export interface SchedulerProfile {
  /** Pods name it in `spec.schedulerName`; `default-scheduler` where it is not said. */
  readonly schedulerName?: string;
  readonly plugins?: Readonly<Partial<Record<ExtensionPoint, PluginSet>>>;
  readonly pluginConfig?: readonly PluginConfig[];
  readonly percentageOfNodesToScore?: number;
}

/** Extension points of kube-scheduler. `multiPoint` stands for all that a plugin has. */
export const extensionPoints = [
  "multiPoint",
  "preEnqueue",
  "queueSort",
  "preFilter",
  "filter",
  "postFilter",
  "preScore",
  "score",
  "reserve",
  "permit",
  "preBind",
  "bind",
  "postBind",
] as const;

export type ExtensionPoint = (typeof extensionPoints)[number];

export interface PluginSet {
  readonly enabled?: readonly { readonly name: string; readonly weight?: number }[];
  /** `*` stands for all that are enabled by default. */
  readonly disabled?: readonly { readonly name: string }[];
}

export interface PluginConfig {
  readonly name: string;
  readonly args?: Readonly<Record<string, unknown>>;
}

/** Arguments by plugin, as far as they decide where pods go. */
export interface PluginArgs {
  readonly InterPodAffinity: {
    readonly hardPodAffinityWeight: number;
    readonly ignorePreferredTermsOfExistingPods: boolean;
  };
  readonly NodeAffinity: { readonly addedAffinity?: NodeAffinity };
  readonly NodeResourcesFit: {
    readonly ignoredResources: readonly string[];
    readonly ignoredResourceGroups: readonly string[];
    readonly scoringStrategy: ScoringStrategy;
  };
  readonly NodeResourcesBalancedAllocation: { readonly resources: readonly ResourceSpec[] };
  readonly PodTopologySpread: {
    readonly defaultingType: "System" | "List";
    readonly defaultConstraints: readonly TopologySpreadConstraint[];
  };
}

export interface ResourceSpec {
  readonly name: string;
  readonly weight: number;
}

export interface ScoringStrategy {
  readonly type: "LeastAllocated" | "MostAllocated" | "RequestedToCapacityRatio";
  readonly resources: readonly ResourceSpec[];
  /** Only for RequestedToCapacityRatio: score (0 to 10) by utilisation (0 to 100), utilisation ascending. */
  readonly requestedToCapacityRatio?: {
    readonly shape: readonly { readonly utilization: number; readonly score: number }[];
  };
}

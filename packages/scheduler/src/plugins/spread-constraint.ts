import { matchesRequiredNode } from "../cluster/node-affinity.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { PodClass } from "../cluster/pod-class.ts";
import { both, compileSelector, type Selector, selectorOfLabels, valueOf } from "../cluster/selector.ts";
import type { PodTally } from "../cluster/tally.ts";
import { firstUntolerated } from "../cluster/toleration.ts";
import type { Topology } from "../cluster/topology.ts";
import type { Labels, TopologySpreadConstraint } from "@berth/objects";

export const hostname = "kubernetes.io/hostname";

/** A topology spread constraint with what it counts. */
export interface SpreadConstraint {
  readonly maxSkew: number;
  readonly minDomains: number;
  readonly selector: Selector;
  readonly topology: Topology;
  /** Pods of the namespace that match and are not being deleted, by node. */
  readonly pods: PodTally;
  /** Marks the nodes whose pods and domains count: they have all keys and pass the inclusion policies. */
  readonly included: Uint8Array;
}

/** Constraints that a pod without any of its own gets: the profile's, with a selector from services and controllers. */
export interface DefaultConstraints {
  readonly constraints: readonly TopologySpreadConstraint[];
  /** The built-in ones; nodes without a zone then still spread by hostname. */
  readonly system: boolean;
}

/** The constraints of one action that hold for a class, its own or the defaults. */
export function constraintsOf(
  pods: PodClass,
  cluster: Cluster,
  action: "DoNotSchedule" | "ScheduleAnyway",
  defaults: DefaultConstraints,
): { readonly constraints: readonly SpreadConstraint[]; readonly needsAllKeys: boolean } {
  const own = pods.spreadConstraints.length > 0;
  const needsAllKeys = own || !defaults.system || action === "DoNotSchedule";
  const chosen = (own ? pods.spreadConstraints : defaults.constraints).filter(
    (each) => each.whenUnsatisfiable === action,
  );
  if (chosen.length === 0) return { constraints: [], needsAllKeys };
  const common = own
    ? undefined
    : cluster.objects.defaultSelector(pods.namespace, pods.labels, pods.controller);
  if (common?.empty === true) return { constraints: [], needsAllKeys };
  const keys = needsAllKeys ? chosen.map((each) => each.topologyKey) : [];
  const constraints = chosen.map((each): SpreadConstraint => {
    const selector = common ?? selectorOf(each, pods.labels);
    return {
      maxSkew: each.maxSkew,
      minDomains: each.minDomains ?? 1,
      selector,
      topology: cluster.topology(each.topologyKey),
      pods: matchingPods(cluster, pods.namespace, selector),
      included: includedNodes(cluster, pods, each, keys),
    };
  });
  return { constraints, needsAllKeys };
}

/** The pod's own values of matchLabelKeys are part of the selector. */
function selectorOf(constraint: TopologySpreadConstraint, labels: Labels): Selector {
  const selector = compileSelector(constraint.labelSelector);
  const merged: Record<string, string> = {};
  for (const key of constraint.matchLabelKeys ?? []) {
    const value = valueOf(labels, key);
    if (value !== undefined) merged[key] = value;
  }
  return Object.keys(merged).length === 0 ? selector : both(selectorOfLabels(merged), selector);
}

function matchingPods(cluster: Cluster, namespace: string, selector: Selector): PodTally {
  return cluster.tally(`spread ${namespace} ${selector.text}`, (pods) =>
    pods.namespace === namespace && !pods.terminating && !selector.empty && selector.matches(pods.labels)
      ? 1
      : 0,
  );
}

function includedNodes(
  cluster: Cluster,
  pods: PodClass,
  of: TopologySpreadConstraint,
  keys: readonly string[],
): Uint8Array {
  const honorAffinity = (of.nodeAffinityPolicy ?? "Honor") === "Honor" && pods.nodeRule !== "";
  const honorTaints = of.nodeTaintsPolicy === "Honor";
  const tolerations = honorTaints ? pods.tolerationsKey : "";
  const name = JSON.stringify([
    keys.toSorted(),
    honorAffinity ? pods.nodeRule : "",
    honorTaints,
    tolerations,
  ]);
  return cluster.shared(`spread over ${name}`, () =>
    Uint8Array.from(cluster.nodes, (node) => {
      if (keys.some((key) => valueOf(node.labels, key) === undefined)) return 0;
      if (honorAffinity && !matchesRequiredNode(pods, node)) return 0;
      return honorTaints && firstUntolerated(node.taints, pods.tolerations) !== undefined ? 0 : 1;
    }),
  );
}

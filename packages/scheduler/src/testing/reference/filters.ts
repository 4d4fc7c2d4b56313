import {
  matchesLabels,
  matchesNodeSelector,
  matchesPairs,
  type Node,
  type Pod,
  type TopologySpreadConstraint,
} from "@berth/objects";
import type { Status } from "../../framework/status.ts";
import {
  allocatableOf,
  isTolerated,
  labelOf,
  nameOf,
  namespaceOf,
  ownTermMeans,
  podsOn,
  requestOf,
  resourcesOf,
  termMeans,
  type World,
} from "./world.ts";

type Verdict = (Status & { readonly plugin: string }) | undefined;

function refuse(plugin: string, resolvable: boolean, ...reasons: string[]): Verdict {
  return { plugin, code: resolvable ? "Unschedulable" : "UnschedulableAndUnresolvable", reasons };
}

/** The first refusal in the order of the default profile, or nothing. */
export function filter(world: World, pod: Pod, node: Node): Verdict {
  return (
    unschedulable(pod, node) ??
    nodeName(pod, node) ??
    taints(pod, node) ??
    affinity(pod, node) ??
    ports(world, pod, node) ??
    resources(world, pod, node) ??
    spread(world, pod, node) ??
    interPodAffinity(world, pod, node)
  );
}

function unschedulable(pod: Pod, node: Node): Verdict {
  const taint = { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" as const };
  if (!node.spec?.unschedulable || isTolerated(taint, pod.spec?.tolerations ?? [])) return undefined;
  return refuse("NodeUnschedulable", false, "node(s) were unschedulable");
}

function nodeName(pod: Pod, node: Node): Verdict {
  if (!pod.spec?.nodeName || pod.spec.nodeName === nameOf(node)) return undefined;
  return refuse("NodeName", false, "node(s) didn't match the requested node name");
}

function toleratesHardTaints(pod: Pod, node: Node): boolean {
  const hard = (node.spec?.taints ?? []).filter((taint) => taint.effect !== "PreferNoSchedule");
  return hard.every((taint) => isTolerated(taint, pod.spec?.tolerations ?? []));
}

function taints(pod: Pod, node: Node): Verdict {
  return toleratesHardTaints(pod, node)
    ? undefined
    : refuse("TaintToleration", false, "node(s) had untolerated taint(s)");
}

function isSelected(pod: Pod, node: Node): boolean {
  const required = pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (!matchesPairs(pod.spec?.nodeSelector, node.metadata?.labels)) return false;
  return required === undefined || matchesNodeSelector(required, node);
}

function affinity(pod: Pod, node: Node): Verdict {
  return isSelected(pod, node)
    ? undefined
    : refuse("NodeAffinity", false, "node(s) didn't match Pod's node affinity/selector");
}

function hostPorts(pod: Pod): { ip: string; protocol: string; port: number }[] {
  const sidecars = (pod.spec?.initContainers ?? []).filter((each) => each.restartPolicy === "Always");
  return [...(pod.spec?.containers ?? []), ...sidecars]
    .flatMap((container) => container.ports ?? [])
    .map((port) => ({
      ip: port.hostIP ?? "0.0.0.0",
      protocol: port.protocol ?? "TCP",
      port: port.hostPort ?? 0,
    }))
    .filter(({ port }) => port > 0);
}

function ports(world: World, pod: Pod, node: Node): Verdict {
  const taken = podsOn(world, node).flatMap(hostPorts);
  const clashes = hostPorts(pod).some((wanted) =>
    taken.some(
      (each) =>
        each.port === wanted.port &&
        each.protocol === wanted.protocol &&
        (each.ip === wanted.ip || [each.ip, wanted.ip].includes("0.0.0.0")),
    ),
  );
  return clashes
    ? refuse("NodePorts", true, "node(s) didn't have free ports for the requested pod ports")
    : undefined;
}

function resources(world: World, pod: Pod, node: Node): Verdict {
  const running = podsOn(world, node);
  const reasons: string[] = [];
  let resolvable = true;
  if (running.length + 1 > allocatableOf(node, "pods")) reasons.push("Too many pods");
  for (const resource of resourcesOf(pod).toSorted()) {
    const wanted = requestOf(pod, resource);
    const used = running.reduce((sum, each) => sum + requestOf(each, resource), 0);
    const capacity = allocatableOf(node, resource);
    if (wanted === 0 || wanted <= capacity - used) continue;
    reasons.push(`Insufficient ${resource}`);
    if (wanted > capacity) resolvable = false;
  }
  return reasons.length === 0 ? undefined : refuse("NodeResourcesFit", resolvable, ...reasons);
}

/** How many pods that count for a constraint run on a node; for one whose selector asks for nothing none does. */
export function countOn(world: World, pod: Pod, node: Node, selects: (other: Pod) => boolean): number {
  return podsOn(world, node).filter(
    (each) => !each.metadata?.deletionTimestamp && namespaceOf(each) === namespaceOf(pod) && selects(each),
  ).length;
}

export function asksForNothing(
  { labelSelector, matchLabelKeys = [] }: TopologySpreadConstraint,
  pod: Pod,
): boolean {
  const { matchLabels = {}, matchExpressions = [] } = labelSelector ?? { matchLabels: { "": "nothing" } };
  const keys = matchLabelKeys.filter((key) => pod.metadata?.labels?.[key] !== undefined);
  return Object.keys(matchLabels).length + matchExpressions.length + keys.length === 0;
}

export function constraintSelects(constraint: TopologySpreadConstraint, pod: Pod): (other: Pod) => boolean {
  const own = pod.metadata?.labels ?? {};
  const keys = (constraint.matchLabelKeys ?? []).filter((key) => own[key] !== undefined);
  return (other) =>
    matchesLabels(constraint.labelSelector, other.metadata?.labels) &&
    keys.every((key) => other.metadata?.labels?.[key] === own[key]);
}

/** Whether a node's domain and pods count for a constraint. */
export function isIncluded(constraint: TopologySpreadConstraint, pod: Pod, node: Node): boolean {
  if ((constraint.nodeAffinityPolicy ?? "Honor") === "Honor" && !isSelected(pod, node)) return false;
  return constraint.nodeTaintsPolicy !== "Honor" || toleratesHardTaints(pod, node);
}

function spread(world: World, pod: Pod, node: Node): Verdict {
  const constraints = (pod.spec?.topologySpreadConstraints ?? []).filter(
    (each) => each.whenUnsatisfiable === "DoNotSchedule",
  );
  const hasAllKeys = (each: Node) =>
    constraints.every(({ topologyKey }) => labelOf(each, topologyKey) !== undefined);
  for (const constraint of constraints) {
    const value = labelOf(node, constraint.topologyKey);
    if (value === undefined) {
      return refuse(
        "PodTopologySpread",
        false,
        "node(s) didn't match pod topology spread constraints (missing required label)",
      );
    }
    const selects = constraintSelects(constraint, pod);
    const counted = asksForNothing(constraint, pod) ? () => false : selects;
    const counts = new Map<string, number>();
    for (const each of world.nodes) {
      if (!hasAllKeys(each) || !isIncluded(constraint, pod, each)) continue;
      const domain = labelOf(each, constraint.topologyKey)!;
      counts.set(domain, (counts.get(domain) ?? 0) + countOn(world, pod, each, counted));
    }
    const least = counts.size < (constraint.minDomains ?? 1) ? 0 : Math.min(...counts.values());
    if ((counts.get(value) ?? 0) + (selects(pod) ? 1 : 0) - least > constraint.maxSkew) {
      return refuse("PodTopologySpread", true, "node(s) didn't match pod topology spread constraints");
    }
  }
  return undefined;
}

function interPodAffinity(world: World, pod: Pod, node: Node): Verdict {
  const nodeOf = (name: string) => world.nodes.find((each) => nameOf(each) === name)!;
  const sameDomain = (other: string, key: string) =>
    labelOf(node, key) !== undefined && labelOf(nodeOf(other), key) === labelOf(node, key);
  const required = pod.spec?.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  const meansAll = (other: Pod) => required.every((term) => ownTermMeans(world, term, pod, other));
  const friends = world.pods.filter((each) => meansAll(each.pod));
  const hasKeys = required.every((term) => labelOf(node, term.topologyKey) !== undefined);
  const near = required.every((term) => friends.some((each) => sameDomain(each.node, term.topologyKey)));
  const nobodyYet = friends.every((each) =>
    required.every((term) => labelOf(nodeOf(each.node), term.topologyKey) === undefined),
  );
  if (!hasKeys || !(near || (nobodyYet && meansAll(pod)))) {
    return refuse("InterPodAffinity", false, "node(s) didn't match pod affinity rules");
  }
  for (const term of pod.spec?.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ??
    []) {
    const enemies = world.pods.filter((each) => ownTermMeans(world, term, pod, each.pod));
    if (enemies.some((each) => sameDomain(each.node, term.topologyKey))) {
      return refuse("InterPodAffinity", true, "node(s) didn't match pod anti-affinity rules");
    }
  }
  for (const other of world.pods) {
    for (const term of other.pod.spec?.affinity?.podAntiAffinity
      ?.requiredDuringSchedulingIgnoredDuringExecution ?? []) {
      if (termMeans(world, term, other.pod, pod) && sameDomain(other.node, term.topologyKey)) {
        return refuse("InterPodAffinity", true, "node(s) didn't satisfy existing pods anti-affinity rules");
      }
    }
  }
  return undefined;
}

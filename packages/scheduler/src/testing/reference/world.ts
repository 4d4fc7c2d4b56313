import {
  type KubernetesObject,
  type LabelSelector,
  matchesLabels,
  matchesPairs,
  milliUnits,
  type Node,
  type Pod,
  type PodAffinityTerm,
  type Taint,
  type Toleration,
  wholeUnits,
} from "@berth/objects";

/**
 * A slow scheduler that is right for everybody to see: plain loops over plain objects, nothing
 * kept, nothing shared with the fast one but the types. Property tests hold the fast one to it.
 */
export interface World {
  readonly nodes: readonly Node[];
  readonly pods: readonly RunningPod[];
  readonly objects: readonly KubernetesObject[];
  readonly minor: number;
  readonly flavour: "upstream" | "aks";
}

export interface RunningPod {
  readonly pod: Pod;
  readonly node: string;
}

export function nameOf(node: Node): string {
  return node.metadata?.name ?? "";
}

export function labelOf(node: Node, key: string): string | undefined {
  return node.metadata?.labels?.[key];
}

export function namespaceOf(pod: Pod): string {
  return pod.metadata?.namespace ?? "default";
}

export function podsOn(world: World, node: Node): Pod[] {
  return world.pods.filter((each) => each.node === nameOf(node)).map((each) => each.pod);
}

export function priorityOf(pod: Pod): number {
  return pod.spec?.priority ?? 0;
}

/** What a pod requests of one resource. `missing` is counted for each container that does not name it. */
export function requestOf(pod: Pod, resource: string, missing = 0): number {
  const amount = (list: Record<string, string | number> | undefined): number | undefined => {
    const quantity = list?.[resource];
    if (quantity === undefined) return undefined;
    return resource === "cpu" ? milliUnits(quantity) : wholeUnits(quantity);
  };
  let together = 0;
  for (const container of pod.spec?.containers ?? [])
    together += amount(container.resources?.requests) ?? missing;
  let sidecars = 0;
  let peak = 0;
  for (const container of pod.spec?.initContainers ?? []) {
    const request = amount(container.resources?.requests) ?? missing;
    if (container.restartPolicy === "Always") {
      together += request;
      sidecars += request;
      peak = Math.max(peak, sidecars);
    } else {
      peak = Math.max(peak, sidecars + request);
    }
  }
  return Math.max(together, peak) + (amount(pod.spec?.overhead) ?? 0);
}

export function resourcesOf(pod: Pod): string[] {
  const names = new Set(Object.keys(pod.spec?.overhead ?? {}));
  for (const container of [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? [])]) {
    for (const name of Object.keys(container.resources?.requests ?? {})) names.add(name);
  }
  return [...names];
}

export function allocatableOf(node: Node, resource: string): number {
  const quantity = node.status?.allocatable?.[resource] ?? 0;
  return resource === "cpu" ? milliUnits(quantity) : wholeUnits(quantity);
}

export function isTolerated(taint: Taint, tolerations: readonly Toleration[]): boolean {
  return tolerations.some(
    (each) =>
      (!each.effect || each.effect === taint.effect) &&
      (!each.key || each.key === taint.key) &&
      (each.operator === "Exists" || (each.value ?? "") === (taint.value ?? "")),
  );
}

/** Labels of a namespace; one that is not given has what every namespace has. */
function namespaceLabels(world: World, namespace: string): Record<string, string> {
  const found = world.objects.find((each) => each.kind === "Namespace" && each.metadata?.name === namespace);
  return { "kubernetes.io/metadata.name": namespace, ...found?.metadata?.labels };
}

/** Whether a running pod's term means a pod. */
export function termMeans(world: World, term: PodAffinityTerm, holder: Pod, other: Pod): boolean {
  return termMeansWith(term, holder, other, namespaceLabels(world, namespaceOf(other)));
}

/** The same for a term of the incoming pod, whose namespace selector is read against no labels too. */
export function ownTermMeans(world: World, term: PodAffinityTerm, self: Pod, other: Pod): boolean {
  return termMeans(world, term, self, other) || (world.minor >= 35 && termMeansWith(term, self, other, {}));
}

function termMeansWith(
  term: PodAffinityTerm,
  holder: Pod,
  other: Pod,
  labels: Record<string, string>,
): boolean {
  const named = term.namespaces ?? [];
  const unnamed = named.length === 0 && term.namespaceSelector === undefined;
  const inNamespace =
    (unnamed ? [namespaceOf(holder)] : named).includes(namespaceOf(other)) ||
    (term.namespaceSelector !== undefined && matchesLabels(term.namespaceSelector, labels));
  return inNamespace && matchesLabels(term.labelSelector, other.metadata?.labels);
}

/** The selectors that default spreading joins; empty where nothing selects the pod. */
export function defaultSelectors(
  world: World,
  pod: Pod,
): ((labels: Record<string, string> | undefined) => boolean)[] {
  const selectors: ((labels: Record<string, string> | undefined) => boolean)[] = [];
  const owner = pod.metadata?.ownerReferences?.find((each) => each.controller);
  for (const object of world.objects) {
    if ((object.metadata?.namespace ?? "default") !== namespaceOf(pod) || !("spec" in object)) continue;
    const { selector } = object.spec as { selector?: LabelSelector & Record<string, string> };
    if (selector === undefined) continue;
    if (
      object.kind === "Service" &&
      Object.keys(selector).length > 0 &&
      matchesPairs(selector, pod.metadata?.labels)
    ) {
      selectors.push((labels) => matchesPairs(selector, labels));
    }
    const owns = owner?.kind === object.kind && owner.name === object.metadata?.name;
    const asks = Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions ?? []).length;
    if (owns && asks > 0 && ["ReplicaSet", "StatefulSet"].includes(object.kind)) {
      selectors.push((labels) => matchesLabels(selector, labels));
    }
  }
  return selectors;
}

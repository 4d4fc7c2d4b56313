import {
  type Labels,
  type NodeMatcher,
  type NodeSelectorTerm,
  nodeTermMatcher,
  type Pod,
  type PodAffinity,
  type PodSpec,
  type Toleration,
  type TopologySpreadConstraint,
} from "@berth/objects";
import {
  type AffinityTerm,
  compileAffinityTerm,
  mergeLabelKeys,
  type WeightedTerm,
} from "./affinity-term.ts";
import { type HostPort, hostPortsOf } from "./host-ports.ts";
import { type PodRequests, requestsOf } from "./requests.ts";
import type { PodTally } from "./tally.ts";

/**
 * All that kube-scheduler can tell of a pod, made ready: two pods of one class are scheduled alike
 * and count alike for others. Names, ages and what containers do are not part of it.
 */
export interface PodClass {
  readonly namespace: string;
  readonly labels: Labels;
  readonly schedulerName: string;
  /** Its deletion was asked for: spread no longer counts it, affinity and resources still do. */
  readonly terminating: boolean;
  readonly controller: ControllerReference | undefined;
  readonly priority: number;
  readonly neverPreempts: boolean;
  readonly gates: readonly string[];
  readonly requests: PodRequests;
  readonly hostPorts: readonly HostPort[];
  readonly tolerations: readonly Toleration[];
  /** Equal for equal tolerations. */
  readonly tolerationsKey: string;
  /** Only in the class of a pod that is to be decided; where a pod runs is no rule for others. */
  readonly nodeName: string | undefined;
  readonly nodeSelector: Labels | undefined;
  /** Undefined: no required node affinity. Empty: one that nothing matches. */
  readonly requiredNodeTerms: readonly NodeMatcher[] | undefined;
  /** Names what nodeSelector and required node affinity ask for; empty where they ask for nothing. */
  readonly nodeRule: string;
  readonly pinnedNodes: ReadonlySet<string> | undefined;
  readonly preferredNodeTerms: readonly { readonly weight: number; readonly matches: NodeMatcher }[];
  readonly spreadConstraints: readonly TopologySpreadConstraint[];
  readonly requiredAffinity: readonly AffinityTerm[];
  readonly requiredAntiAffinity: readonly AffinityTerm[];
  readonly preferredAffinity: readonly WeightedTerm[];
  readonly preferredAntiAffinity: readonly WeightedTerm[];
  /** Images of containers and init containers, one entry each. */
  readonly images: readonly string[];
  readonly volumeImages: readonly string[];
  /** Persistent volume claims that the pod mounts; ephemeral ones are made with the pod. */
  readonly claims: readonly { readonly name: string; readonly ephemeral: boolean }[];
  /** Tallies that count pods of this class, and how much each pod adds. Kept by the cluster. */
  readonly tallies: { readonly tally: PodTally; readonly weight: number }[];
  /** How many pods of this class run, by node index. Kept by the cluster. */
  readonly placed: Map<number, number>;
}

const noSpec: PodSpec = { containers: [] };

export interface ControllerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}

/** What tells classes apart. Two spellings of one meaning make two classes: that costs time, not truth. */
export function classKeyOf(pod: Pod, placed: boolean): string {
  const { metadata = {}, spec = noSpec, status } = pod;
  const controller = metadata.ownerReferences?.find((owner) => owner.controller === true);
  const resizing = status?.containerStatuses?.map((each) => [
    each.name,
    each.resources,
    each.allocatedResources,
  ]);
  return JSON.stringify([
    metadata.namespace,
    metadata.labels,
    metadata.deletionTimestamp != null,
    controller && [controller.apiVersion, controller.kind, controller.name],
    resizing && [resizing, status?.conditions, status?.initContainerStatuses],
    placed && spec.nodeName !== undefined ? { ...spec, nodeName: undefined } : spec,
    spec.volumes?.some((volume) => volume.ephemeral !== undefined) && metadata.name,
  ]);
}

export function compilePodClass(pod: Pod, placed: boolean, podLevelResources: boolean): PodClass {
  const { metadata = {}, spec = noSpec } = pod;
  const namespace = metadata.namespace ?? "default";
  const labels = metadata.labels ?? {};
  const required =
    spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  const preferred = spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  const terms = (affinity: PodAffinity | undefined) =>
    (affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).map((term) =>
      compileAffinityTerm(mergeLabelKeys(term, labels), namespace),
    );
  const weighted = (affinity: PodAffinity | undefined) =>
    (affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ weight, podAffinityTerm }) => ({
      weight,
      term: compileAffinityTerm(mergeLabelKeys(podAffinityTerm, labels), namespace),
    }));
  const controller = metadata.ownerReferences?.find((owner) => owner.controller === true);
  return {
    namespace,
    labels,
    schedulerName: spec.schedulerName || "default-scheduler",
    terminating: metadata.deletionTimestamp != null,
    controller: controller && {
      apiVersion: controller.apiVersion,
      kind: controller.kind,
      name: controller.name,
    },
    priority: spec.priority ?? 0,
    neverPreempts: spec.preemptionPolicy === "Never",
    gates: (spec.schedulingGates ?? []).map((gate) => gate.name),
    requests: requestsOf(pod, podLevelResources),
    hostPorts: hostPortsOf(spec),
    tolerations: spec.tolerations ?? [],
    tolerationsKey: JSON.stringify(spec.tolerations ?? []),
    nodeName: placed ? undefined : spec.nodeName || undefined,
    nodeSelector: spec.nodeSelector,
    requiredNodeTerms: required?.map(nodeTermMatcher),
    nodeRule: spec.nodeSelector || required ? JSON.stringify([spec.nodeSelector, required]) : "",
    pinnedNodes: required && pinnedNodesOf(required),
    preferredNodeTerms: preferred
      .filter((each) => each.weight !== 0)
      .map(({ weight, preference }) => ({ weight, matches: nodeTermMatcher(preference) })),
    spreadConstraints: spec.topologySpreadConstraints ?? [],
    requiredAffinity: terms(spec.affinity?.podAffinity),
    requiredAntiAffinity: terms(spec.affinity?.podAntiAffinity),
    preferredAffinity: weighted(spec.affinity?.podAffinity),
    preferredAntiAffinity: weighted(spec.affinity?.podAntiAffinity),
    images: [...(spec.initContainers ?? []), ...spec.containers].map((container) => container.image ?? ""),
    volumeImages: (spec.volumes ?? []).flatMap((volume) => volume.image?.reference ?? []),
    claims: claimsOf(metadata.name ?? "", spec),
    tallies: [],
    placed: new Map(),
  };
}

function claimsOf(podName: string, { volumes = [] }: PodSpec): PodClass["claims"] {
  return volumes.flatMap((volume): PodClass["claims"][number][] => {
    if (volume.ephemeral !== undefined) return [{ name: `${podName}-${volume.name}`, ephemeral: true }];
    const name = volume.persistentVolumeClaim?.claimName;
    return name === undefined ? [] : [{ name, ephemeral: false }];
  });
}

/** The nodes that required affinity names, where every term names some; otherwise nothing. */
function pinnedNodesOf(terms: readonly NodeSelectorTerm[]): ReadonlySet<string> | undefined {
  if (terms.length === 0) return undefined;
  const names = new Set<string>();
  for (const term of terms) {
    const pins = (term.matchFields ?? []).filter(
      (each) => each.key === "metadata.name" && each.operator === "In",
    );
    const [first, ...rest] = pins;
    if (first === undefined) return undefined;
    for (const name of first.values ?? [])
      if (rest.every((pin) => pin.values?.includes(name))) names.add(name);
  }
  return names;
}

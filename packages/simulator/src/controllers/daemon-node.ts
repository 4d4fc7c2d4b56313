import {
  matchesNodeSelector,
  matchesPairs,
  type Node,
  type Pod,
  type PodSpec,
  type Toleration,
} from "@berth/objects";
import { tolerates, withTolerations } from "../toleration.ts";

const EXISTS = { operator: "Exists" } as const;

/** What every daemon pod tolerates: `pkg/controller/daemon/util` AddOrUpdateDaemonPodTolerations. */
const TOLERATIONS: readonly Toleration[] = [
  { key: "node.kubernetes.io/not-ready", ...EXISTS, effect: "NoExecute" },
  { key: "node.kubernetes.io/unreachable", ...EXISTS, effect: "NoExecute" },
  { key: "node.kubernetes.io/disk-pressure", ...EXISTS, effect: "NoSchedule" },
  { key: "node.kubernetes.io/memory-pressure", ...EXISTS, effect: "NoSchedule" },
  { key: "node.kubernetes.io/pid-pressure", ...EXISTS, effect: "NoSchedule" },
  { key: "node.kubernetes.io/unschedulable", ...EXISTS, effect: "NoSchedule" },
];
const NETWORK_UNAVAILABLE: Toleration = {
  key: "node.kubernetes.io/network-unavailable",
  ...EXISTS,
  effect: "NoSchedule",
};

/** A template's spec as a daemon pod has it: with the tolerations, and pinned to a node where one is given. */
export function daemonPodSpec(template: PodSpec | undefined, node?: string): PodSpec {
  const own = template ?? { containers: [] };
  const spec = withTolerations(own, own.hostNetwork ? [...TOLERATIONS, NETWORK_UNAVAILABLE] : TOLERATIONS);
  if (node === undefined) return spec;
  const matchFields = [{ key: "metadata.name", operator: "In" as const, values: [node] }];
  const { affinity } = spec;
  return {
    ...spec,
    affinity: {
      ...affinity,
      nodeAffinity: {
        ...affinity?.nodeAffinity,
        requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields }] },
      },
    },
  };
}

/** The node a daemon pod is on, or waits for. */
export function targetNodeOf(pod: Pod): string | undefined {
  if (pod.spec?.nodeName) return pod.spec.nodeName;
  const required = pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  for (const term of required?.nodeSelectorTerms ?? []) {
    const field = term.matchFields?.find((each) => each.key === "metadata.name" && each.operator === "In");
    if (field?.values?.[0]) return field.values[0];
  }
  return undefined;
}

/** Whether a daemon pod of this spec is wanted on a node, and whether one that is there may stay. */
export function suitability(
  spec: PodSpec,
  node: Node,
): { readonly shouldRun: boolean; readonly mayStay: boolean } {
  const isOther = spec.nodeName !== undefined && spec.nodeName !== node.metadata?.name;
  if (isOther || !matchesPairs(spec.nodeSelector, node.metadata?.labels))
    return { shouldRun: false, mayStay: false };
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (required && !matchesNodeSelector(required, node)) return { shouldRun: false, mayStay: false };
  const untolerated = (node.spec?.taints ?? []).filter((taint) => !tolerates(spec.tolerations, taint));
  return {
    shouldRun: untolerated.every((taint) => taint.effect === "PreferNoSchedule"),
    mayStay: untolerated.every((taint) => taint.effect !== "NoExecute"),
  };
}

import type { PersistentVolumeClaim, Pod, StatefulSet, Volume } from "@berth/objects";
import { sameValue } from "../canonical.ts";
import type { Held } from "../held.ts";
import type { ControllerRevision } from "../kinds.ts";
import { isActive, isFinished, isReady, podFrom } from "../pod.ts";
import type { Action } from "./action.ts";
import { cleanHistory, currentRevision, type History, POD_REVISION, templateOf } from "./history.ts";

export interface StatefulSetView extends History {
  readonly set: Held<StatefulSet>;
  /** The pods that it controls. */
  readonly pods: readonly Held<Pod>[];
  hasClaim(name: string): boolean;
}

interface Plan {
  readonly view: StatefulSetView;
  readonly update: Held<ControllerRevision>;
  readonly current: Held<ControllerRevision>;
  /** One after another, each waiting until the one before is ready. */
  readonly isOrdered: boolean;
  readonly start: number;
  readonly replicas: number;
  readonly podsByOrdinal: ReadonlyMap<number, Held<Pod>>;
}

/** One reconciliation of a stateful set: `pkg/controller/statefulset/stateful_set_control.go`. */
export function reconcileStatefulSet(view: StatefulSetView): Action[] {
  const update = currentRevision(view);
  if ("do" in update) return [update];
  const { spec, status } = view.set.object;
  const plan: Plan = {
    view,
    update,
    current: view.revisions.find((each) => each.ref.name === status?.currentRevision) ?? update,
    isOrdered: spec?.podManagementPolicy !== "Parallel",
    start: spec?.ordinals?.start ?? 0,
    replicas: spec?.replicas ?? 1,
    podsByOrdinal: podsByOrdinal(view),
  };
  const steps = fill(plan) ?? shrink(plan) ?? roll(plan);
  return steps.length > 0 ? steps : rest(plan);
}

/** Creates what is missing, lowest ordinal first. Ordered sets stop at the first that is not ready. */
function fill(plan: Plan): Action[] | undefined {
  const actions: Action[] = [];
  for (let ordinal = plan.start; ordinal < plan.start + plan.replicas; ordinal++) {
    const pod = plan.podsByOrdinal.get(ordinal);
    if (pod && isFinished(pod.object)) return [{ do: "delete", ref: pod.ref, cause: "updated" }];
    if (!pod) actions.push(...create(plan, ordinal));
    if (plan.isOrdered && !(pod && isReady(pod.object))) return actions;
  }
  return actions.length > 0 ? actions : undefined;
}

/** Removes what is too much, highest ordinal first. Ordered sets wait until what stays is healthy. */
function shrink(plan: Plan): Action[] | undefined {
  const isWanted = (ordinal: number) => ordinal >= plan.start && ordinal < plan.start + plan.replicas;
  const condemned = [...plan.podsByOrdinal]
    .filter(([ordinal]) => !isWanted(ordinal))
    .toSorted(([a], [b]) => b - a);
  if (condemned.length === 0) return undefined;
  const removed = condemned.map(([, pod]): Action => ({ do: "delete", ref: pod.ref, cause: "scaled-down" }));
  if (!plan.isOrdered) return removed;
  const [highest] = condemned;
  const firstUnhealthy = condemned.findLast(([, pod]) => !isReady(pod.object));
  const mayGo = !highest || isReady(highest[1].object) || highest === firstUnhealthy;
  return mayGo ? removed.slice(0, 1) : [];
}

/** Replaces the highest pod of an older template, down to the partition, while all above it are healthy. */
function roll({ view, update, start, replicas, podsByOrdinal: pods }: Plan): Action[] {
  const { type, rollingUpdate } = view.set.object.spec?.updateStrategy ?? {};
  if (type === "OnDelete") return [];
  const lowest = start + (rollingUpdate?.partition ?? 0);
  for (let ordinal = start + replicas - 1; ordinal >= lowest; ordinal--) {
    const pod = pods.get(ordinal);
    if (!pod) return [];
    if (revisionNameOf(pod.object) !== update.ref.name)
      return [{ do: "delete", ref: pod.ref, cause: "updated" }];
    if (!isReady(pod.object)) return [];
  }
  return [];
}

function create(plan: Plan, ordinal: number): Action[] {
  const { view, update, current, start } = plan;
  const { set } = view;
  const { type, rollingUpdate } = set.object.spec?.updateStrategy ?? {};
  const isBelowPartition = type !== "OnDelete" && ordinal < start + (rollingUpdate?.partition ?? 0);
  const revision = isBelowPartition ? current : update;
  const name = `${set.ref.name}-${ordinal}`;
  const labels = {
    [POD_REVISION]: revision.ref.name,
    "statefulset.kubernetes.io/pod-name": name,
    "apps.kubernetes.io/pod-index": String(ordinal),
  };
  const pod = podFrom(set, templateOf(revision.object), { name, labels });
  const claims = claimsOf(set, name);
  const volumes = [
    ...claims.map(volumeOf),
    ...(pod.spec?.volumes ?? []).filter((each) => !claims.some((claim) => claim.volume === each.name)),
  ];
  const { serviceName } = set.object.spec ?? {};
  const spec = {
    ...(pod.spec ?? { containers: [] }),
    hostname: name,
    ...(serviceName ? { subdomain: serviceName } : {}),
    ...(volumes.length > 0 ? { volumes } : {}),
  };
  const missing = claims.filter(({ claim }) => !view.hasClaim(claim.metadata?.name ?? ""));
  return [
    ...missing.map(({ claim }): Action => ({ do: "create", object: claim })),
    { do: "create-pod", owner: set, pod: { ...pod, spec } },
  ];
}

interface PodClaim {
  /** Name of the volume, and of the claim template. */
  readonly volume: string;
  readonly claim: PersistentVolumeClaim;
}

function claimsOf(set: Held<StatefulSet>, pod: string): PodClaim[] {
  const labels = set.object.spec?.selector?.matchLabels;
  return (set.object.spec?.volumeClaimTemplates ?? []).map((template) => {
    const volume = template.metadata?.name ?? "";
    const metadata = {
      ...template.metadata,
      name: `${volume}-${pod}`,
      ...(set.ref.namespace === undefined ? {} : { namespace: set.ref.namespace }),
      ...(labels ? { labels: { ...template.metadata?.labels, ...labels } } : {}),
    };
    return { volume, claim: { ...template, apiVersion: "v1", kind: "PersistentVolumeClaim", metadata } };
  });
}

function volumeOf({ volume, claim }: PodClaim): Volume {
  return { name: volume, persistentVolumeClaim: { claimName: claim.metadata?.name ?? "" } };
}

function rest(plan: Plan): Action[] {
  const { view, update, current, replicas } = plan;
  const { set } = view;
  const pods = [...plan.podsByOrdinal.values()].filter((pod) => isActive(pod.object));
  const count = (test: (pod: Pod) => boolean) => pods.filter((pod) => test(pod.object)).length;
  const ready = count(isReady);
  const updated = count((pod) => revisionNameOf(pod) === update.ref.name);
  const isDone = updated === replicas && ready === replicas && pods.length === replicas;
  const isRolling = set.object.spec?.updateStrategy?.type !== "OnDelete";
  const now = isDone && isRolling ? update : current;
  const status = {
    ...(set.object.metadata?.generation === undefined
      ? {}
      : { observedGeneration: set.object.metadata.generation }),
    replicas: pods.length,
    readyReplicas: ready,
    availableReplicas: ready,
    currentReplicas: count((pod) => revisionNameOf(pod) === now.ref.name),
    updatedReplicas: updated,
    currentRevision: now.ref.name,
    updateRevision: update.ref.name,
    collisionCount: 0,
  };
  const used = new Set([
    now.ref.name,
    update.ref.name,
    ...pods.map((pod) => revisionNameOf(pod.object) ?? ""),
  ]);
  const cleaned = cleanHistory(view, used);
  if (sameValue(status, set.object.status)) return cleaned;
  const object: StatefulSet = { ...set.object, status };
  return [...cleaned, { do: "write", object }];
}

function podsByOrdinal({ set, pods }: StatefulSetView): ReadonlyMap<number, Held<Pod>> {
  const found = new Map<number, Held<Pod>>();
  for (const pod of pods) {
    const ordinal = /-(0|[1-9]\d*)$/.exec(pod.ref.name)?.[1];
    if (ordinal !== undefined && pod.ref.name === `${set.ref.name}-${ordinal}`)
      found.set(Number(ordinal), pod);
  }
  return found;
}

function revisionNameOf(pod: Pod): string | undefined {
  return pod.metadata?.labels?.[POD_REVISION];
}

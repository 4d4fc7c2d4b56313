import type { ObjectRef, Pod } from "@berth/objects";
import { POD_REVISION, REVISION_HASH } from "./controllers/history.ts";
import { templateText } from "./controllers/revision.ts";
import type { Held } from "./held.ts";
import { isHeldKind } from "./kinds.ts";
import { isActive, isReady, isUnbound } from "./pod.ts";
import type { StuckWorkload } from "./simulation.ts";
import type { ObjectTable } from "./table.ts";

interface Progress {
  readonly workload: ObjectRef;
  readonly desired: number;
  readonly pods: readonly Held<Pod>[];
  isUpdated(pod: Held<Pod>): boolean;
}

/** Workloads whose pods are not all of the newest template, ready, and as many as asked for; in order of creation. */
export function stuckWorkloads(table: ObjectTable): StuckWorkload[] {
  const stuck: StuckWorkload[] = [];
  for (const held of table.all()) {
    const progress = progressOf(held, table);
    if (!progress) continue;
    const pods = progress.pods.filter((pod) => isActive(pod.object));
    const updated = pods.filter((pod) => progress.isUpdated(pod)).length;
    const ready = pods.filter((pod) => isReady(pod.object)).length;
    if (updated === progress.desired && ready === progress.desired && pods.length === progress.desired)
      continue;
    stuck.push({
      workload: progress.workload,
      desired: progress.desired,
      updated,
      ready,
      unschedulable: pods.filter((pod) => isUnbound(pod.object)).map((pod) => pod.ref),
      notReady: pods.filter((pod) => !isUnbound(pod.object) && !isReady(pod.object)).map((pod) => pod.ref),
    });
  }
  return stuck;
}

function progressOf(held: Held, table: ObjectTable): Progress | undefined {
  const { object, ref: workload, uid } = held;
  if (isHeldKind(object, "apps/v1 Deployment")) {
    const wanted = templateText(object.spec?.template);
    const sets = table.dependents(uid, "apps/v1 ReplicaSet");
    const current = sets.find((each) => templateText(each.object.spec?.template) === wanted);
    const pods = sets.flatMap((set) => table.dependents(set.uid, "v1 Pod"));
    const isUpdated = (pod: Held<Pod>) =>
      pod.object.metadata?.ownerReferences?.some((each) => each.uid === current?.uid) ?? false;
    return { workload, desired: object.spec?.replicas ?? 1, pods, isUpdated };
  }
  if (isHeldKind(object, "apps/v1 ReplicaSet")) {
    if (object.metadata?.ownerReferences?.some((each) => each.controller)) return undefined;
    return {
      workload,
      desired: object.spec?.replicas ?? 1,
      pods: table.dependents(uid, "v1 Pod"),
      isUpdated: () => true,
    };
  }
  if (isHeldKind(object, "apps/v1 StatefulSet")) {
    const { type, rollingUpdate } = object.spec?.updateStrategy ?? {};
    const lowest = (object.spec?.ordinals?.start ?? 0) + (rollingUpdate?.partition ?? 0);
    const isLeftBehind = (pod: Held<Pod>) =>
      type === "OnDelete" || Number(pod.ref.name.slice(workload.name.length + 1)) < lowest;
    const isUpdated = (pod: Held<Pod>) =>
      isLeftBehind(pod) || pod.object.metadata?.labels?.[POD_REVISION] === object.status?.updateRevision;
    return {
      workload,
      desired: object.spec?.replicas ?? 1,
      pods: table.dependents(uid, "v1 Pod"),
      isUpdated,
    };
  }
  if (isHeldKind(object, "apps/v1 DaemonSet")) {
    const revisions = table.dependents(uid, "apps/v1 ControllerRevision");
    const newest = revisions.reduce((best, each) => Math.max(best, each.object.revision), 0);
    const hash = revisions.find((each) => each.object.revision === newest)?.object.metadata?.labels?.[
      REVISION_HASH
    ];
    const isUpdated = (pod: Held<Pod>) =>
      object.spec?.updateStrategy?.type === "OnDelete" ||
      pod.object.metadata?.labels?.[POD_REVISION] === hash;
    const desired = object.status?.desiredNumberScheduled ?? 0;
    return { workload, desired, pods: table.dependents(uid, "v1 Pod"), isUpdated };
  }
  return undefined;
}

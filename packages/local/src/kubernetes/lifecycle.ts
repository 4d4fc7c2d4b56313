import type { Json, KubernetesObject, Pod } from "@berth/objects";
import { admitPod, hasGeneration, sameValue } from "@berth/simulator";
import { qosClass } from "./qos-class.ts";

/** What the server fills into a new object besides the defaults: its first generation, admission, its first status. */
export function prepareCreate(
  object: KubernetesObject,
  priorityClasses: Parameters<typeof admitPod>[1],
): KubernetesObject {
  const { status, ...rest } = object as KubernetesObject & { readonly status?: Json };
  const { generation: _generation, deletionTimestamp: _deleted, ...metadata } = rest.metadata ?? {};
  const created: KubernetesObject = {
    ...rest,
    // Nodes say of themselves what they have: the kubelet registers them with their status.
    ...(object.kind === "Node" && status !== undefined ? { status } : {}),
    metadata: hasGeneration(object) ? { ...metadata, generation: 1 } : metadata,
  };
  return isPod(created) ? firstPodStatus(admitPod(created, priorityClasses)) : created;
}

/** What a write to the object itself cannot change: identity, status, generation (which grows with the spec). */
export function prepareUpdate(object: KubernetesObject, live: KubernetesObject): KubernetesObject {
  const { status: _status, ...rest } = object as KubernetesObject & { readonly status?: Json };
  const { uid, creationTimestamp, deletionTimestamp, deletionGracePeriodSeconds, generation, generateName } =
    live.metadata ?? {};
  const next =
    hasGeneration(live) && !sameValue(contentOf(rest), contentOf(live)) ? (generation ?? 0) + 1 : generation;
  const kept = {
    uid,
    creationTimestamp,
    deletionTimestamp,
    deletionGracePeriodSeconds,
    generateName,
    generation: next,
  };
  const metadata = withoutUndefined({ ...rest.metadata, ...kept });
  return { ...rest, metadata, ...("status" in live ? { status: live.status } : {}) };
}

/** A write to `…/status`: everything else stays. */
export function prepareStatus(object: KubernetesObject, live: KubernetesObject): KubernetesObject {
  return { ...live, ...("status" in object ? { status: object.status } : {}) };
}

/** What counts as the spec: everything but metadata and status. */
function contentOf(object: KubernetesObject): object {
  const { metadata: _metadata, ...rest } = object;
  return { ...rest, status: undefined };
}

function withoutUndefined<T extends object>(object: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as never;
}

function isPod(object: KubernetesObject): object is Pod {
  return object.apiVersion === "v1" && object.kind === "Pod";
}

function firstPodStatus(pod: Pod): Pod {
  return { ...pod, status: { phase: "Pending", qosClass: qosClass(pod) } };
}

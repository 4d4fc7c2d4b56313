import type { Pod, PodTemplateSpec } from "@berth/objects";
import type { Held } from "./held.ts";

/** Not finished, not being deleted: what controllers count. */
export function isActive(pod: Pod): boolean {
  return !isFinished(pod) && pod.metadata?.deletionTimestamp === undefined;
}

export function isFinished(pod: Pod): boolean {
  return pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed";
}

export function isReady(pod: Pod): boolean {
  return pod.status?.conditions?.some((each) => each.type === "Ready" && each.status === "True") ?? false;
}

/** Whether no node was chosen yet. */
export function isUnbound(pod: Pod): boolean {
  return !pod.spec?.nodeName;
}

/** A pod as a controller makes it from its template: owned, and with the labels that mark the revision. */
export function podFrom(
  owner: Held,
  template: PodTemplateSpec | undefined,
  marks: { readonly name?: string; readonly labels?: Readonly<Record<string, string>> } = {},
): Pod {
  const { name: _name, namespace: _namespace, labels, annotations, ...metadata } = template?.metadata ?? {};
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      ...metadata,
      ...(marks.name === undefined ? { generateName: `${owner.ref.name}-` } : { name: marks.name }),
      ...(owner.ref.namespace === undefined ? {} : { namespace: owner.ref.namespace }),
      ...(labels || marks.labels ? { labels: { ...labels, ...marks.labels } } : {}),
      ...(annotations ? { annotations } : {}),
      ownerReferences: [controllerReference(owner)],
    },
    spec: template?.spec ?? { containers: [] },
  };
}

/** The entry of `ownerReferences` by which an object belongs to its controller. */
export function controllerReference(owner: Held) {
  return {
    apiVersion: owner.ref.apiVersion,
    kind: owner.ref.kind,
    name: owner.ref.name,
    uid: owner.uid,
    controller: true,
    blockOwnerDeletion: true,
  };
}

import type { Deployment, KubernetesObject, PodTemplateSpec, ReplicaSet } from "@berth/objects";
import { scaledAmount } from "../amount.ts";
import { canonical } from "../canonical.ts";
import type { Held } from "../held.ts";
import { controllerReference } from "../pod.ts";
import type { Action } from "./action.ts";

const TEMPLATE_HASH = "pod-template-hash";
export const REVISION = "deployment.kubernetes.io/revision";
export const DESIRED_REPLICAS = "deployment.kubernetes.io/desired-replicas";
export const MAX_REPLICAS = "deployment.kubernetes.io/max-replicas";

const NOT_COPIED = new Set([
  "kubectl.kubernetes.io/last-applied-configuration",
  REVISION,
  "deployment.kubernetes.io/revision-history",
  DESIRED_REPLICAS,
  MAX_REPLICAS,
  "deprecated.deployment.rollback.to",
]);

/** What a rolling update must stay within, from the deployment's spec. */
export interface RollingBounds {
  readonly replicas: number;
  readonly isRolling: boolean;
  /** `spec.replicas` of all replica sets together never exceed it. */
  readonly maxTotal: number;
  /** Old pods are removed only while at least so many pods are available. */
  readonly minAvailable: number;
}

/** Surge is rounded up, unavailable down; where both come to 0, one pod may be unavailable. */
export function rollingBounds(deployment: Deployment): RollingBounds {
  const replicas = deployment.spec?.replicas ?? 1;
  const isRolling = deployment.spec?.strategy?.type !== "Recreate";
  if (!isRolling) return { replicas, isRolling, maxTotal: replicas, minAvailable: replicas };
  const { maxSurge = "25%", maxUnavailable = "25%" } = deployment.spec?.strategy?.rollingUpdate ?? {};
  const surge = scaledAmount(maxSurge, replicas, "up");
  const rounded = scaledAmount(maxUnavailable, replicas, "down");
  const unavailable = Math.min(replicas, surge === 0 && rounded === 0 ? 1 : rounded);
  return { replicas, isRolling, maxTotal: replicas + surge, minAvailable: replicas - unavailable };
}

const texts = new WeakMap<object, string>();

/** Equal for templates that mean the same, whichever replica set they were copied to. */
export function templateText(template: PodTemplateSpec | undefined): string {
  if (!template) return "";
  let text = texts.get(template);
  if (text === undefined) {
    const { [TEMPLATE_HASH]: _, ...labels } = template.metadata?.labels ?? {};
    text = canonical({ ...template, metadata: { ...template.metadata, labels } });
    texts.set(template, text);
  }
  return text;
}

/** The revision number of a replica set; 0 where it has none. */
export function revisionOf(replicaSet: ReplicaSet): number {
  const number = Number(replicaSet.metadata?.annotations?.[REVISION] ?? 0);
  return Number.isSafeInteger(number) ? number : 0;
}

/** Annotations that a deployment hands on to its newest replica set. */
export function copiedAnnotations(deployment: Deployment): Readonly<Record<string, string>> {
  const entries = Object.entries(deployment.metadata?.annotations ?? {});
  return Object.fromEntries(entries.filter(([name]) => !NOT_COPIED.has(name)));
}

/** The object with these annotations added; the very same object where it has them. */
export function withAnnotations<T extends KubernetesObject>(
  object: T,
  added: Readonly<Record<string, string>>,
): T {
  const annotations = object.metadata?.annotations ?? {};
  if (Object.entries(added).every(([name, value]) => annotations[name] === value)) return object;
  return { ...object, metadata: { ...object.metadata, annotations: { ...annotations, ...added } } };
}

/** A write that gives a replica set this size, and notes for which size of the deployment; none where all stands already. */
export function scaleTo(deployment: Deployment, replicaSet: Held<ReplicaSet>, replicas: number): Action[] {
  const marked = withAnnotations(replicaSet.object, sizeAnnotations(deployment));
  const { spec } = marked;
  if (marked === replicaSet.object && spec?.replicas === replicas) return [];
  const object: ReplicaSet = spec ? { ...marked, spec: { ...spec, replicas } } : marked;
  return [{ do: "write", object }];
}

/** A new replica set for the deployment's template of today. */
export function replicaSetFor(
  deployment: Held<Deployment>,
  hash: string,
  replicas: number,
  revision: number,
): ReplicaSet {
  const { object, ref } = deployment;
  const { selector, template, minReadySeconds } = object.spec ?? {};
  const labels = { ...template?.metadata?.labels, [TEMPLATE_HASH]: hash };
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name: `${ref.name}-${hash}`,
      ...(ref.namespace === undefined ? {} : { namespace: ref.namespace }),
      labels,
      annotations: { ...copiedAnnotations(object), ...sizeAnnotations(object), [REVISION]: String(revision) },
      ownerReferences: [controllerReference(deployment)],
    },
    spec: {
      replicas,
      ...(minReadySeconds === undefined ? {} : { minReadySeconds }),
      selector: { ...selector, matchLabels: { ...selector?.matchLabels, [TEMPLATE_HASH]: hash } },
      template: { ...template, metadata: { ...template?.metadata, labels } },
    },
  };
}

function sizeAnnotations(deployment: Deployment): Readonly<Record<string, string>> {
  const { replicas, maxTotal } = rollingBounds(deployment);
  return { [DESIRED_REPLICAS]: String(replicas), [MAX_REPLICAS]: String(maxTotal) };
}

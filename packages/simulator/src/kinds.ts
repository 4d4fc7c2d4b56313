import type {
  DaemonSet,
  Deployment,
  EndpointSlice,
  KubernetesObject,
  Namespace,
  Node,
  PersistentVolumeClaim,
  Pod,
  PodTemplateSpec,
  PriorityClass,
  ReplicaSet,
  Service,
  StatefulSet,
} from "@berth/objects";

/** A template as it was: what stateful sets and daemon sets roll back to. */
export interface ControllerRevision extends KubernetesObject {
  readonly apiVersion: "apps/v1";
  readonly kind: "ControllerRevision";
  readonly revision: number;
  readonly data: { readonly spec: { readonly template: PodTemplateSpec & { readonly $patch?: string } } };
}

/** The kinds that controllers know, by the name under which the table keeps them. */
export interface Kinds {
  readonly "apps/v1 ControllerRevision": ControllerRevision;
  readonly "apps/v1 DaemonSet": DaemonSet;
  readonly "apps/v1 Deployment": Deployment;
  readonly "apps/v1 ReplicaSet": ReplicaSet;
  readonly "apps/v1 StatefulSet": StatefulSet;
  readonly "discovery.k8s.io/v1 EndpointSlice": EndpointSlice;
  readonly "scheduling.k8s.io/v1 PriorityClass": PriorityClass;
  readonly "v1 Namespace": Namespace;
  readonly "v1 Node": Node;
  readonly "v1 PersistentVolumeClaim": PersistentVolumeClaim;
  readonly "v1 Pod": Pod;
  readonly "v1 Service": Service;
}

/** `apps/v1 Deployment` */
export type KindName = keyof Kinds;

/** The kind's name of an object or a reference. */
export function kindNameOf(value: { readonly apiVersion: string; readonly kind: string }): string {
  return `${value.apiVersion} ${value.kind}`;
}

export function isHeldKind<K extends KindName>(
  object: KubernetesObject,
  kind: K,
): object is Kinds[K] & KubernetesObject {
  return kindNameOf(object) === kind;
}

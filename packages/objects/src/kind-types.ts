import type { KubernetesObject } from "./object.ts";
import type {
  CSINode,
  ClusterRole,
  ClusterRoleBinding,
  ConfigMap,
  CronJob,
  DaemonSet,
  Deployment,
  EndpointSlice,
  Event,
  HorizontalPodAutoscaler,
  Ingress,
  IngressClass,
  Job,
  Lease,
  LimitRange,
  Namespace,
  NetworkPolicy,
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  PodDisruptionBudget,
  PriorityClass,
  ReplicaSet,
  ResourceQuota,
  Role,
  RoleBinding,
  RuntimeClass,
  Secret,
  Service,
  ServiceAccount,
  StatefulSet,
  StorageClass,
  VolumeAttachment,
} from "./types.ts";

/** The types of built-in kinds, by API version and kind. */
export interface KindTypes {
  "apps/v1 DaemonSet": DaemonSet;
  "apps/v1 Deployment": Deployment;
  "apps/v1 ReplicaSet": ReplicaSet;
  "apps/v1 StatefulSet": StatefulSet;
  "autoscaling/v2 HorizontalPodAutoscaler": HorizontalPodAutoscaler;
  "batch/v1 CronJob": CronJob;
  "batch/v1 Job": Job;
  "coordination.k8s.io/v1 Lease": Lease;
  "discovery.k8s.io/v1 EndpointSlice": EndpointSlice;
  "networking.k8s.io/v1 Ingress": Ingress;
  "networking.k8s.io/v1 IngressClass": IngressClass;
  "networking.k8s.io/v1 NetworkPolicy": NetworkPolicy;
  "node.k8s.io/v1 RuntimeClass": RuntimeClass;
  "policy/v1 PodDisruptionBudget": PodDisruptionBudget;
  "rbac.authorization.k8s.io/v1 ClusterRole": ClusterRole;
  "rbac.authorization.k8s.io/v1 ClusterRoleBinding": ClusterRoleBinding;
  "rbac.authorization.k8s.io/v1 Role": Role;
  "rbac.authorization.k8s.io/v1 RoleBinding": RoleBinding;
  "scheduling.k8s.io/v1 PriorityClass": PriorityClass;
  "storage.k8s.io/v1 CSINode": CSINode;
  "storage.k8s.io/v1 StorageClass": StorageClass;
  "storage.k8s.io/v1 VolumeAttachment": VolumeAttachment;
  "v1 ConfigMap": ConfigMap;
  "v1 Event": Event;
  "v1 LimitRange": LimitRange;
  "v1 Namespace": Namespace;
  "v1 Node": Node;
  "v1 PersistentVolume": PersistentVolume;
  "v1 PersistentVolumeClaim": PersistentVolumeClaim;
  "v1 Pod": Pod;
  "v1 ResourceQuota": ResourceQuota;
  "v1 Secret": Secret;
  "v1 Service": Service;
  "v1 ServiceAccount": ServiceAccount;
}

/**
 * Tells what an object is by what it says of itself, and narrows its type; its content is taken on trust
 * ({@link validateObject} checks it).
 *
 * @example if (isKind(object, "apps/v1 Deployment")) object.spec?.replicas;
 */
export function isKind<K extends keyof KindTypes>(object: KubernetesObject, kind: K): object is KindTypes[K] {
  return `${object.apiVersion} ${object.kind}` === kind;
}

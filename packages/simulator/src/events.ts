import type { ObjectRef } from "@berth/objects";
import type { Decision, Placed } from "@berth/scheduler";

/**
 * One thing that happened in the cluster. `time` is virtual: the number of what happened before,
 * across the whole simulation, so that events of several runs can be put in one order.
 */
export type SimulationEvent = { readonly time: number } & Occurrence;

/** What can happen. */
export type Occurrence =
  | PodCreated
  | PodBound
  | PodUnschedulable
  | PodReady
  | PodUnready
  | PodDeleted
  | WorkloadScaled
  | EndpointsChanged
  | ObjectCreated
  | ObjectDeleted;

export interface PodCreated {
  readonly kind: "pod-created";
  readonly pod: ObjectRef;
  /** The outermost owner; absent for a pod that nothing owns. */
  readonly workload?: ObjectRef;
}

export interface PodBound {
  readonly kind: "pod-bound";
  readonly pod: ObjectRef;
  readonly workload?: ObjectRef;
  readonly node: string;
  /** As the scheduler gave it: best set and scores are made when they are asked for. */
  readonly decision: Placed;
}

/** Told once per pod, and again when the scheduler's answer became another one. */
export interface PodUnschedulable {
  readonly kind: "pod-unschedulable";
  readonly pod: ObjectRef;
  readonly workload?: ObjectRef;
  readonly decision: Decision;
}

export interface PodReady {
  readonly kind: "pod-ready";
  readonly pod: ObjectRef;
  readonly workload?: ObjectRef;
  readonly node: string;
}

export interface PodUnready {
  readonly kind: "pod-unready";
  readonly pod: ObjectRef;
  readonly workload?: ObjectRef;
}

export interface PodDeleted {
  readonly kind: "pod-deleted";
  readonly pod: ObjectRef;
  readonly workload?: ObjectRef;
  /** Where it ran; absent where it never was bound. */
  readonly node?: string;
  readonly cause: PodDeletionCause;
}

/** Why a pod went away. */
export type PodDeletionCause =
  /** Its controller wants fewer pods. */
  | "scaled-down"
  /** Its controller replaces it by one of a newer template. */
  | "updated"
  /** Its node is gone, or no longer suits it. */
  | "node-removed"
  | "node-unsuitable"
  /** What owned it, or its namespace, was deleted. */
  | "owner-deleted"
  | "namespace-deleted"
  /** The scheduler evicted it for a pod of higher priority. */
  | "preempted"
  /** It was removed by request. */
  | "requested";

/** `spec.replicas` of a replica set was changed by its deployment. */
export interface WorkloadScaled {
  readonly kind: "replica-set-scaled";
  readonly replicaSet: ObjectRef;
  readonly workload?: ObjectRef;
  readonly from: number;
  readonly to: number;
}

/** The set of endpoints of a service is another one, or their readiness is. */
export interface EndpointsChanged {
  readonly kind: "endpoints-changed";
  readonly service: ObjectRef;
  /** Names of the pods that are ready endpoints now, sorted. */
  readonly ready: readonly string[];
  /** Names of the pods that match and are not ready, sorted. */
  readonly notReady: readonly string[];
}

/** A controller made an object other than a pod. */
export interface ObjectCreated {
  readonly kind: "object-created";
  readonly object: ObjectRef;
}

/** A controller, the garbage collector or a namespace's end removed an object other than a pod. */
export interface ObjectDeleted {
  readonly kind: "object-deleted";
  readonly object: ObjectRef;
}

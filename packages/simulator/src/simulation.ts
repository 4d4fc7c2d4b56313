import type { SimulationEvent } from "./events.ts";
import { Machine } from "./machine.ts";
import type { Naming } from "./naming.ts";
import type { KubernetesObject, ObjectRef } from "@berth/objects";
import type { Decision } from "@berth/scheduler";

/** What a simulation starts from. */
export interface SimulationOptions {
  /** Minor version, `"1.36"`: scheduler and controllers differ between them. */
  readonly kubernetes: string;
  /** Whose defaults apply. */
  readonly flavour: "upstream" | "aks";
  /**
   * All that is in the cluster, in order of creation (which decides ties). It is taken as it is:
   * nothing happens before {@link Simulation.settle}. What {@link Simulation.put} fills in is filled in here too.
   */
  readonly objects: Iterable<KubernetesObject>;
  readonly naming: Naming;
  /** Which pods become ready, and when; the oldest bound pod first, one at a time, where absent. */
  readonly readiness?: ReadinessPolicy;
}

/**
 * Chooses the next pod to become ready among those that are bound and are not ready, in order of
 * creation, then name. `undefined`: none of them does, and the cluster rests.
 */
export type ReadinessPolicy = (candidates: readonly KubernetesObject[]) => KubernetesObject | undefined;

/** What happens to the objects that an object owns when it is deleted. */
export type DeletionPropagation = "Background" | "Foreground" | "Orphan";

/**
 * A running cluster as a pure machine: controllers, scheduler, kubelets and endpoints over plain
 * objects, in virtual time. No clock, no randomness: the same calls give the same events and
 * objects, byte for byte.
 *
 * @example
 * const cluster = createSimulation({ kubernetes: "1.36", flavour: "aks", objects: nodes, naming });
 * cluster.put(deployment);
 * for (const event of cluster.settle()) {
 *   if (event.kind === "pod-bound") console.log(`${event.pod.name} → ${event.node}`);
 * }
 */
export interface Simulation {
  /**
   * Creates the object, or replaces the one that has its name, as an API server does: defaults are
   * filled in, on creation admission adds its own (uid, priority, tolerations), `metadata.generation`
   * grows when the spec changes, `status` stays the cluster's own. Nothing reacts before
   * {@link quiesce} or {@link settle}. Returns the object as it is held.
   */
  put(object: KubernetesObject): KubernetesObject;
  /** Deletes an object. What it owns goes with it unless orphaned. Deleting what is not there does nothing. */
  remove(reference: ObjectRef, propagation?: DeletionPropagation): void;
  /** Sets a bound pod's readiness by hand: a probe that fails, a recording that is played again. */
  setReady(pod: ObjectRef, ready: boolean): void;
  /** Lets controllers and scheduler work until they rest; no pod becomes ready in it. One frame of a rollout. */
  quiesce(): readonly SimulationEvent[];
  /** {@link quiesce}, then one pod becomes ready; nothing more. Empty when the cluster is at rest. */
  step(): readonly SimulationEvent[];
  /** Steps until the cluster rests. A rollout that can't go on rests too: see {@link stuck}. */
  settle(): readonly SimulationEvent[];
  get(reference: ObjectRef): KubernetesObject | undefined;
  /** Objects of a kind in order of creation, of one namespace or of all. */
  list(
    kind: { readonly apiVersion: string; readonly kind: string },
    namespace?: string,
  ): readonly KubernetesObject[];
  /** Pods that are bound to a node, in order of creation. */
  podsOn(node: string): readonly KubernetesObject[];
  /** Everything, in order of creation. */
  objects(): Iterable<KubernetesObject>;
  /** The outermost owner of an object: the deployment of a pod; absent where nothing owns it. */
  workloadOf(reference: ObjectRef): ObjectRef | undefined;
  /** Pods that wait for a node, with the scheduler's last answer, in the order in which it looks at them. */
  unschedulable(): readonly UnschedulablePod[];
  /** Workloads that have not reached what their spec asks for, although the cluster rests. */
  stuck(): readonly StuckWorkload[];
  /** What changed since the last call (or the start): the object as it is, `undefined` where it is gone. In order of first change. */
  takeChanges(): readonly ObjectChange[];
  /** Frees the memory that reading earlier decisions takes (their best sets, scores and reasons): they can be read no more. */
  forget(): void;
}

/** A pod that no node can take now. */
export interface UnschedulablePod {
  readonly pod: ObjectRef;
  readonly workload?: ObjectRef;
  readonly decision: Decision;
}

/** A workload at rest short of its spec, and the pods that it waits for. */
export interface StuckWorkload {
  readonly workload: ObjectRef;
  readonly desired: number;
  /** Pods of the newest template. */
  readonly updated: number;
  /** Ready pods of any template. */
  readonly ready: number;
  /** Pods that have no node. */
  readonly unschedulable: readonly ObjectRef[];
  /** Pods that have a node and are not ready. */
  readonly notReady: readonly ObjectRef[];
}

/** An object that was created, changed or removed. */
export interface ObjectChange {
  readonly reference: ObjectRef;
  readonly object: KubernetesObject | undefined;
}

/**
 * Starts a simulation.
 *
 * Errors: BERTH2202 for an object without apiVersion, kind or name; those of the scheduler (BERTH21xx)
 * for nodes and pods that it cannot read. Calls may throw BERTH2201 if the cluster never comes to rest.
 */
export function createSimulation(options: SimulationOptions): Simulation {
  return new Machine(options);
}

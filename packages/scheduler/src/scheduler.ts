import { BerthError, nearest, problem } from "@berth/diagnostics";
import { podKeyOf } from "./cluster/cluster.ts";
import { schedulerCodes } from "./codes.ts";
import { decisionOf } from "./decided.ts";
import type { Decision } from "./decision.ts";
import { explainNodes, type NodeExplanation } from "./explanation.ts";
import type { KubeSchedulerConfiguration } from "./configuration.ts";
import type { Flavour } from "./framework/profile-of.ts";
import { Profiles } from "./framework/profiles.ts";
import { parseVersion } from "./framework/version.ts";
import { History } from "./history.ts";
import { initialChanges } from "./initial.ts";
import type { KubernetesObject, Node, Pod, Taint } from "@berth/objects";
import { markOrderSensitive, otherOrders } from "./orders.ts";
import { byPriority } from "./queue.ts";
import { checkNode, checkName } from "./validation.ts";

/** A cluster and the rules by which it is scheduled. */
export interface SchedulerOptions {
  /** In the order in which ties are decided: the order of creation. */
  readonly nodes: readonly Node[];
  /**
   * Services, ReplicaSets, StatefulSets and ReplicationControllers (they give pods their default
   * spread), Namespaces (for their labels), PodDisruptionBudgets; PersistentVolumeClaims,
   * PersistentVolumes, StorageClasses, CSINodes and VolumeAttachments. Other kinds are passed over.
   */
  readonly objects?: readonly KubernetesObject[];
  /**
   * Pods that exist. Those with a node and not ended take room; those without one that are
   * nominated to a node keep room there; others do not matter.
   */
  readonly pods?: readonly Pod[];
  /** `1.33` … `1.36`, with or without a patch. */
  readonly kubernetes: string;
  readonly flavour: Flavour;
  /**
   * What to do about claims and storage classes that are not among the objects. `assumed` (the
   * default): nothing is held against the pod, since a preview rarely has them all; `refused`: the
   * pod is unschedulable, as in a cluster that has no such object.
   */
  readonly missingVolumes?: "assumed" | "refused";
  /** Weights, plugins and arguments other than the default; without it the default profile schedules all pods. */
  readonly configuration?: KubeSchedulerConfiguration;
}

/** A pod by name, or the pod itself. */
export type PodReference = { readonly metadata?: { readonly namespace?: string; readonly name?: string } };

/**
 * kube-scheduler for one cluster. Decisions change nothing: what is decided must be told with
 * {@link Scheduler.assume}, as must every other change of the cluster. Objects are taken as they
 * are and must not be changed afterwards.
 */
export interface Scheduler {
  /** Where a pod would go now, or why nowhere. */
  decide(pod: Pod): Decision;
  /**
   * Decides pods in the order of kube-scheduler's queue (priority, then as given), each in the
   * cluster that those before it left: placed pods stay placed, victims of preemption are removed.
   */
  schedule(pods: readonly Pod[], options?: ScheduleOptions): readonly ScheduledPod[];
  /** Every node with the verdict that decided and, where feasible, its scores. */
  explain(pod: Pod): readonly NodeExplanation[];
  /** Takes a pod as running on a node. Errors: BERTH2103 unknown node, BERTH2104 it runs already. */
  assume(pod: Pod, node: string): void;
  /** Takes a pod away. Says whether it was there. */
  remove(pod: PodReference): boolean;
  /** Keeps room on a node for a pod whose victims have not left yet. */
  nominate(pod: Pod, node: string): void;
  /** The node a pod runs on. */
  nodeOf(pod: PodReference): string | undefined;
  hasNode(name: string): boolean;
  /** The taints of a node; none where there is no such node. */
  taintsOf(name: string): readonly Taint[];
  /** Errors: BERTH2105 a node of that name exists. */
  addNode(node: Node): void;
  /** Errors: BERTH2103 there is no such node. */
  updateNode(node: Node): void;
  /** Takes a node away; its pods stay known and count again if it comes back. Says whether it was there. */
  removeNode(name: string): boolean;
  /** Adds or replaces an object of {@link SchedulerOptions.objects}' kinds. */
  putObject(object: KubernetesObject): void;
  removeObject(object: KubernetesObject): void;
  /** Frees the memory that explaining earlier decisions takes: they can be read no more. */
  forget(): void;
}

export interface ScheduleOptions {
  /**
   * How many other orders of the same pods to try. Placements that differ then (a pod of the same kind
   * goes to a node that was not among the best, or to none) are `order-sensitive`. Each costs a run.
   */
  readonly orders?: number;
}

/** A pod with what was decided for it. */
export interface ScheduledPod {
  readonly pod: Pod;
  readonly decision: Decision;
}

/**
 * Makes a scheduler: kube-scheduler's default profile of a version, as upstream or as AKS runs it.
 *
 * Errors: BERTH2101, 2102, 2105, 2106 for quantities, versions, nodes and pods that cannot be read,
 * BERTH2107 and 2108 for a configuration that kube-scheduler would refuse.
 *
 * @example
 * const scheduler = createScheduler({ nodes, kubernetes: "1.36", flavour: "aks" });
 * const decision = scheduler.decide(pod);
 * if (decision.kind === "placed") scheduler.assume(pod, decision.node);
 */
export function createScheduler(options: SchedulerOptions): Scheduler {
  return new ClusterScheduler(options);
}

class ClusterScheduler implements Scheduler {
  readonly #history: History;

  constructor(options: SchedulerOptions) {
    this.#history = new History(
      new Profiles(
        parseVersion(options.kubernetes),
        options.flavour,
        options.missingVolumes === "refused",
        options.configuration,
      ),
    );
    for (const change of initialChanges(options)) {
      if (change.kind === "put-node") this.addNode(change.node);
      else if (change.kind === "place") this.#place(change.pod, change.node);
      else this.#history.apply(change);
    }
  }

  decide(pod: Pod): Decision {
    checkName(pod);
    return decisionOf(this.#history.live.decide(pod), pod, this.#history);
  }

  schedule(pods: readonly Pod[], { orders = 0 }: ScheduleOptions = {}): readonly ScheduledPod[] {
    const before = this.#history.now;
    const scheduled = byPriority(pods).map((pod) => {
      const decision = this.decide(pod);
      if (decision.kind === "preempts") for (const victim of decision.victims) this.remove(victim);
      if (decision.kind === "placed" || decision.kind === "preempts") this.assume(pod, decision.node);
      return { pod, decision };
    });
    for (const other of otherOrders(pods, orders))
      markOrderSensitive(scheduled, this.#history.fork(before), other);
    return scheduled;
  }

  explain(pod: Pod): readonly NodeExplanation[] {
    checkName(pod);
    return explainNodes(this.#history.live, pod);
  }

  assume(pod: Pod, node: string): void {
    this.#mustExist(node);
    this.#place(pod, node);
  }

  #place(pod: Pod, node: string): void {
    checkName(pod);
    const key = podKeyOf(pod);
    const placed = this.#history.live.cluster.placed(key);
    if (placed !== undefined) {
      throw new BerthError([
        problem(schedulerCodes.BERTH2104, { message: `pod ${key} runs on node ${placed.nodeName}` }),
      ]);
    }
    this.#history.apply({ kind: "place", pod, node });
  }

  remove(pod: PodReference): boolean {
    const key = podKeyOf(pod);
    this.#history.apply({ kind: "end-nomination", pod: key });
    if (this.#history.live.cluster.placed(key) === undefined) return false;
    this.#history.apply({ kind: "remove", pod: key });
    return true;
  }

  nominate(pod: Pod, node: string): void {
    checkName(pod);
    this.#mustExist(node);
    this.#history.apply({ kind: "nominate", pod, node });
  }

  nodeOf(pod: PodReference): string | undefined {
    return this.#history.live.cluster.placed(podKeyOf(pod))?.nodeName;
  }

  hasNode(name: string): boolean {
    return this.#history.live.cluster.hasNode(name);
  }

  taintsOf(name: string): readonly Taint[] {
    return this.#history.live.cluster.node(name)?.taints ?? [];
  }

  addNode(node: Node): void {
    checkNode(node);
    const name = node.metadata?.name ?? "";
    if (this.#history.live.cluster.hasNode(name)) {
      throw new BerthError([problem(schedulerCodes.BERTH2105, { message: `node ${name} exists already` })]);
    }
    this.#history.apply({ kind: "put-node", node });
  }

  updateNode(node: Node): void {
    checkNode(node);
    this.#mustExist(node.metadata?.name ?? "");
    this.#history.apply({ kind: "put-node", node });
  }

  removeNode(name: string): boolean {
    if (!this.#history.live.cluster.hasNode(name)) return false;
    this.#history.apply({ kind: "remove-node", name });
    return true;
  }

  putObject(object: KubernetesObject): void {
    this.#history.apply({ kind: "put-object", object });
  }

  removeObject(object: KubernetesObject): void {
    this.#history.apply({ kind: "remove-object", object });
  }

  forget(): void {
    this.#history.forget();
  }

  #mustExist(node: string): void {
    const { cluster } = this.#history.live;
    if (cluster.hasNode(node)) return;
    const near = nearest(node, cluster.nodeNames());
    throw new BerthError([
      problem(schedulerCodes.BERTH2103, {
        message: `there is no node ${JSON.stringify(node)}`,
        ...(near && { hint: `did you mean ${near}?` }),
      }),
    ]);
  }
}

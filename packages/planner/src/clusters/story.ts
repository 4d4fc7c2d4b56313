import { type KubernetesObject, type ObjectRef, refKey, refOf } from "@berth/objects";
import type { Decision, NodeRefusal } from "@berth/scheduler";
import type {
  PodCreated,
  PodDeleted,
  PodDeletionCause,
  PodUnschedulable,
  Simulation,
  SimulationEvent,
} from "@berth/simulator";
import { ofKindIn } from "./kinds.ts";
import { type Verdict, verdictOf } from "./verdict.ts";

/** A pod that finds no node. */
export interface Refusal {
  readonly pod: ObjectRef;
  /** The scheduler's message, to the letter. */
  readonly message: string;
  /** Node by node, the verdicts that made the message; shared by pods of a workload with one message. */
  readonly nodes: readonly NodeRefusal[];
}

/** What became of pods while a cluster was played. Pods are told by their {@link refKey}. */
export class Story {
  /** Why a pod was placed. */
  readonly verdicts = new Map<string, Verdict>();
  /** The same as the scheduler gave it. */
  readonly decisions = new Map<string, Decision>();
  /** Why a pod went. */
  readonly departures = new Map<string, PodDeletionCause>();
  /** For a new pod: the node from which the pod went for which it stands in. */
  readonly movedFrom = new Map<string, string>();
  /** Outermost owners. */
  readonly workloads = new Map<string, ObjectRef>();
  readonly #refusals = new Map<string, Refusal>();
  readonly #reasons = new Map<string, readonly NodeRefusal[]>();
  /** Pods that had a node when the story began and still have it. */
  readonly #standing = new Set<string>();
  /** By workload: nodes from which pods went whose replacements are still to come; `undefined` for pods that were new themselves. */
  readonly #evictedFrom = new Map<string, (string | undefined)[]>();

  /** Begins with the cluster as it stands: how it came to be is not part of the story. */
  begin(objects: readonly KubernetesObject[], simulation: Simulation | undefined): void {
    this.verdicts.clear();
    this.decisions.clear();
    this.departures.clear();
    this.movedFrom.clear();
    this.#evictedFrom.clear();
    for (const pod of ofKindIn(objects, "v1 Pod")) {
      const ref = refOf(pod);
      const workload = simulation?.workloadOf(ref);
      if (workload) this.workloads.set(refKey(ref), workload);
      if (pod.spec?.nodeName) this.#standing.add(refKey(ref));
    }
  }

  /** @param nodes how many nodes the cluster had */
  note(event: SimulationEvent, nodes: number): void {
    if (event.kind === "pod-created") this.#created(event);
    else if (event.kind === "pod-deleted") this.#deleted(event);
    else if (event.kind === "pod-unschedulable") this.#refused(event);
    else if (event.kind === "pod-bound") {
      this.#refusals.delete(refKey(event.pod));
      this.verdicts.set(refKey(event.pod), verdictOf(event.decision, event.workload, nodes));
      this.decisions.set(refKey(event.pod), event.decision);
    }
  }

  refusalOf(pod: ObjectRef): Refusal | undefined {
    return this.#refusals.get(refKey(pod));
  }

  #created({ pod, workload }: PodCreated): void {
    if (!workload) return;
    this.workloads.set(refKey(pod), workload);
    const from = this.#evictedFrom.get(refKey(workload))?.shift();
    if (from !== undefined) this.movedFrom.set(refKey(pod), from);
  }

  /** Reasons are made when they are asked for, node by node: once for all pods of a workload with one message. */
  #refused({ pod, workload, decision }: PodUnschedulable): void {
    if (decision.kind === "placed") return;
    const { message } = decision;
    const key = `${refKey(workload ?? pod)} ${message}`;
    const nodes = this.#reasons.get(key) ?? (decision.kind === "gated" ? [] : decision.reasons);
    this.#reasons.set(key, nodes);
    this.#refusals.set(refKey(pod), { pod, message, nodes });
  }

  #deleted({ pod, workload, node, cause }: PodDeleted): void {
    const key = refKey(pod);
    const from = this.movedFrom.get(key) ?? (this.#standing.has(key) ? node : undefined);
    this.#standing.delete(key);
    this.departures.set(key, cause);
    this.decisions.delete(key);
    this.movedFrom.delete(key);
    this.#refusals.delete(key);
    const evicted = cause === "node-removed" || cause === "node-unsuitable" || cause === "preempted";
    // A daemon set's pod goes with its node and is not made again elsewhere.
    if (!evicted || !workload || workload.kind === "DaemonSet") return;
    const waiting = this.#evictedFrom.get(refKey(workload));
    if (waiting) waiting.push(from);
    else this.#evictedFrom.set(refKey(workload), [from]);
  }
}

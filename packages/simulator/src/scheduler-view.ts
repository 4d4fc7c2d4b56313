import type { KubernetesObject, Node, Pod } from "@berth/objects";
import { createScheduler, type Decision, type Scheduler } from "@berth/scheduler";
import { sameValue } from "./canonical.ts";
import { isHeldKind } from "./kinds.ts";
import { isFinished } from "./pod.ts";
import type { SimulationOptions } from "./simulation.ts";

/** What a change means for pods that the scheduler refused. */
export type Prospect =
  /** They may fit now: there is more room, or there are other nodes. */
  | "room"
  /** Only pods that are drawn or spread by others may fit now: a pod came. */
  | "company"
  | "none";

/** Keeps the scheduler's picture of the cluster: told of every change, it hands on those that scheduling reads. */
export class SchedulerView {
  readonly #scheduler: Scheduler;
  readonly #nodes = new Set<string>();
  /** Bound pods on nodes that are not there yet. */
  readonly #homeless = new Map<string, Map<string, Pod>>();

  constructor({ kubernetes, flavour }: Pick<SimulationOptions, "kubernetes" | "flavour">) {
    this.#scheduler = createScheduler({ nodes: [], kubernetes, flavour });
  }

  decide(pod: Pod): Decision {
    return this.#scheduler.decide(pod);
  }

  forget(): void {
    this.#scheduler.forget();
  }

  follow(before: KubernetesObject | undefined, after: KubernetesObject | undefined): Prospect {
    const object = after ?? before;
    if (!object) return "none";
    if (isHeldKind(object, "v1 Pod")) return this.#followPod(podOf(before), podOf(after));
    if (isHeldKind(object, "v1 Node")) return this.#followNode(nodeOf(before), nodeOf(after));
    if (!after) this.#scheduler.removeObject(object);
    else if (!before || !isSameForScheduling(before, after)) this.#scheduler.putObject(after);
    return "none";
  }

  #followPod(before: Pod | undefined, after: Pod | undefined): Prospect {
    const from = before && placeOf(before);
    const to = after && placeOf(after);
    if (before && after && from === to && isSameForScheduling(before, after)) return "none";
    if (before && from) this.#take(before, from);
    if (after && to) this.#place(after, to);
    return from && !to ? "room" : to && !from ? "company" : from ? "room" : "none";
  }

  #place(pod: Pod, node: string): void {
    if (this.#nodes.has(node)) return this.#scheduler.assume(pod, node);
    const waiting = this.#homeless.get(node) ?? new Map<string, Pod>();
    this.#homeless.set(node, waiting.set(keyOf(pod), pod));
  }

  #take(pod: Pod, node: string): void {
    this.#homeless.get(node)?.delete(keyOf(pod));
    this.#scheduler.remove(pod);
  }

  #followNode(before: Node | undefined, after: Node | undefined): Prospect {
    const name = (after ?? before)?.metadata?.name ?? "";
    if (!after) {
      this.#nodes.delete(name);
      this.#scheduler.removeNode(name);
      return "none";
    }
    if (before && isSameNode(before, after)) return "none";
    if (before) this.#scheduler.updateNode(after);
    else this.#scheduler.addNode(after);
    this.#nodes.add(name);
    for (const pod of this.#homeless.get(name)?.values() ?? []) this.#scheduler.assume(pod, name);
    this.#homeless.delete(name);
    return "room";
  }
}

/** The node on which a pod takes room. */
function placeOf(pod: Pod): string | undefined {
  return isFinished(pod) ? undefined : pod.spec?.nodeName;
}

function isSameNode(before: Node, after: Node): boolean {
  return (
    isSameForScheduling(before, after) && sameValue(before.status?.allocatable, after.status?.allocatable)
  );
}

/** Status and bookkeeping do not matter to the scheduler, but for budgets, whose status preemption reads. */
function isSameForScheduling(before: KubernetesObject, after: KubernetesObject): boolean {
  if (before.kind === "PodDisruptionBudget") return before === after;
  return (
    sameValue(before.metadata?.labels, after.metadata?.labels) &&
    before.metadata?.deletionTimestamp === after.metadata?.deletionTimestamp &&
    sameValue(scheduledPartOf(before), scheduledPartOf(after))
  );
}

/** A replica set's size changes often, and only its selector is read. */
function scheduledPartOf(object: KubernetesObject): unknown {
  if (!("spec" in object)) return undefined;
  const { spec } = object;
  return typeof spec === "object" && spec !== null && "replicas" in spec && "selector" in spec
    ? spec.selector
    : spec;
}

function podOf(object: KubernetesObject | undefined): Pod | undefined {
  return object && isHeldKind(object, "v1 Pod") ? object : undefined;
}

function nodeOf(object: KubernetesObject | undefined): Node | undefined {
  return object && isHeldKind(object, "v1 Node") ? object : undefined;
}

function keyOf(pod: Pod): string {
  return `${pod.metadata?.namespace ?? ""}/${pod.metadata?.name ?? ""}`;
}

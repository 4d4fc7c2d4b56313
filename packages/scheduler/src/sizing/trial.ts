import { BerthError, problem } from "@berth/diagnostics";
import type { Pod } from "@berth/objects";
import { podKeyOf } from "../cluster/cluster.ts";
import { schedulerCodes } from "../codes.ts";
import type { ClassView } from "../framework/class-view.ts";
import type { SchedulerCore } from "../framework/core.ts";
import { byPriority } from "../queue.ts";
import { checkName, checkNode } from "../validation.ts";
import { daemonsOf, type NodeShape, type SizingProblem } from "./problem.ts";
import { coreOf } from "./start.ts";

/** A cluster to which nodes and pods are added to see what comes of it, and taken away again. */
export class Trial {
  readonly core: SchedulerCore;
  /** By shape, the number of the node that comes next. */
  #next = new Map<NodeShape, number>();
  #added: string[] = [];
  #placed: string[] = [];

  constructor(cluster: Omit<SizingProblem, "pending">) {
    this.core = coreOf(cluster);
  }

  /** Adds the next node of a shape that the cluster does not have, with its daemon pods. Gives its name. */
  grow(shape: NodeShape): string {
    let index = this.#next.get(shape) ?? 0;
    let node = shape.node(index);
    while (this.core.cluster.hasNode(node.metadata?.name ?? "")) node = shape.node(++index);
    this.#next.set(shape, index + 1);
    checkNode(node);
    const name = node.metadata?.name ?? "";
    this.core.apply({ kind: "put-node", node });
    this.#added.push(name);
    for (const pod of daemonsOf(shape, node)) this.#place(pod, name);
    return name;
  }

  /** A pod as its class sees the cluster now; nothing for one that waits for its gates. */
  view(pod: Pod): ClassView | undefined {
    const view = this.core.view(pod);
    return view.pods.gates.length > 0 && view.profile.heedsGates ? undefined : view;
  }

  /** Names of the nodes that a pod could go to. */
  feasible(pod: Pod): readonly string[] {
    const view = this.view(pod);
    const { cycle, cluster } = this.core;
    if (view === undefined || cluster.nodes.length === 0 || view.filters.refusal !== undefined) return [];
    cycle.filter(view, podKeyOf(pod));
    return [...cycle.feasible.subarray(0, cycle.feasibleCount)].map((node) => cluster.nodes[node]!.name);
  }

  /** Places pods as the scheduler would, in the order of its queue, none at the cost of others; says how many found a node. */
  schedule(pods: readonly Pod[]): number {
    return byPriority(pods).filter((pod) => this.#schedule(pod)).length;
  }

  #schedule(pod: Pod): boolean {
    const view = this.view(pod);
    const { cycle, cluster } = this.core;
    if (view === undefined || cluster.nodes.length === 0 || view.filters.refusal !== undefined) return false;
    const result = cycle.run(view, podKeyOf(pod));
    if (result.kind !== "fits") return false;
    this.#place(pod, cluster.nodes[result.node]!.name);
    return true;
  }

  #place(pod: Pod, node: string): void {
    this.core.apply({ kind: "place", pod, node });
    this.#placed.push(podKeyOf(pod));
  }

  /** Takes away what was added. */
  reset(): void {
    for (const pod of this.#placed) this.core.apply({ kind: "remove", pod });
    for (const name of this.#added) this.core.apply({ kind: "remove-node", name });
    this.#placed = [];
    this.#added = [];
    this.#next = new Map();
    this.core.cluster.refresh();
  }

  /** Throws if pods that are to be placed cannot be: they run already, or two have one name. Errors: BERTH2104. */
  check(pods: readonly Pod[]): void {
    const seen = new Set<string>();
    for (const pod of pods) {
      checkName(pod);
      const key = podKeyOf(pod);
      const running = this.core.cluster.placed(key);
      if (running === undefined && !seen.has(key)) {
        seen.add(key);
        continue;
      }
      const message = running ? `pod ${key} runs on node ${running.nodeName}` : `pod ${key} is given twice`;
      throw new BerthError([problem(schedulerCodes.BERTH2104, { message })]);
    }
  }
}

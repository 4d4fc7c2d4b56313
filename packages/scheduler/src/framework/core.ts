import { Cluster, podKeyOf } from "../cluster/cluster.ts";
import type { NodeRefusal, NodeScores } from "../decision.ts";
import type { KubernetesObject, Node, Pod } from "@berth/objects";
import { ClassView } from "./class-view.ts";
import { Cycle, type CycleResult } from "./cycle.ts";
import { countReasons, fitMessage, noNodes, type ReasonCounts } from "./message.ts";
import type { Candidate, PreemptionResult } from "./preemption.ts";
import type { Profiles } from "./profiles.ts";
import type { Refusal, Status } from "./status.ts";

/** One change of the cluster. The state at any time is what the changes up to it come to. */
export type Change =
  | { readonly kind: "put-node"; readonly node: Node }
  | { readonly kind: "remove-node"; readonly name: string }
  | { readonly kind: "put-object"; readonly object: KubernetesObject }
  | { readonly kind: "remove-object"; readonly object: KubernetesObject }
  | { readonly kind: "place"; readonly pod: Pod; readonly node: string }
  | { readonly kind: "remove"; readonly pod: string }
  | { readonly kind: "nominate"; readonly pod: Pod; readonly node: string }
  | { readonly kind: "end-nomination"; readonly pod: string };

/** What came of one pod. Node indexes are of the present structure of the cluster. */
export type Outcome =
  | { readonly kind: "gated"; readonly gates: readonly string[] }
  | Extract<CycleResult, { kind: "fits" }>
  | { readonly kind: "unschedulable"; readonly message: string }
  | Extract<PreemptionResult, { kind: "preempts" }>;

/** The refusal of a node in full. `status` of a node that was not looked at has no plugin. */
export interface NodeVerdict {
  readonly node: number;
  readonly status: Status & { readonly plugin?: Refusal["plugin"] };
  readonly judgement: number;
}

/** Memory for kept judgements: so many classes times nodes. */
const keptCells = 20_000_000;

/** A cluster with the profile that schedules it: pure, deterministic, without history. */
export class SchedulerCore {
  readonly cluster: Cluster;
  readonly cycle: Cycle;
  readonly #profiles: Profiles;
  readonly #views = new Map<ClassView["pods"], ClassView>();
  #structure = -1;

  constructor(profiles: Profiles) {
    this.#profiles = profiles;
    this.cluster = new Cluster(profiles.podLevelResources);
    this.cycle = new Cycle(this.cluster);
  }

  apply(change: Change): void {
    switch (change.kind) {
      case "place":
        this.cluster.place(change.pod, change.node);
        return;
      case "remove":
        this.cluster.remove(change.pod);
        return;
      case "put-node":
        return this.cluster.putNode(change.node);
      case "remove-node":
        return this.cluster.removeNode(change.name);
      case "put-object":
        return this.cluster.putObject(change.object);
      case "remove-object":
        return this.cluster.removeObject(change.object);
      case "nominate":
        return this.cluster.nominate(change.pod, change.node);
      case "end-nomination":
        return this.cluster.endNomination(change.pod);
    }
  }

  decide(pod: Pod): Outcome {
    const view = this.view(pod);
    const { gates } = view.pods;
    if (gates.length > 0 && view.profile.heedsGates) return { kind: "gated", gates };
    const { cluster } = this;
    if (cluster.nodes.length === 0) return { kind: "unschedulable", message: noNodes };
    const key = podKeyOf(pod);
    if (view.filters.refusal === undefined) {
      const result = this.cycle.run(view, key);
      if (result.kind === "fits") return result;
    }
    return this.#postFilter(view, key);
  }

  /** The view of a pod's class, up to date with the structure of the cluster. */
  view(pod: Pod): ClassView {
    this.cluster.refresh();
    if (this.#structure !== this.cluster.structure) {
      this.#structure = this.cluster.structure;
      this.#views.clear();
    }
    const pods = this.cluster.classOf(pod, false);
    const version = this.cluster.objects.versionFor(pods.namespace, pods.controller);
    let view = this.#views.get(pods);
    if (view?.version !== version) {
      view = new ClassView(pods, this.cluster, this.#profiles.of(pods.schedulerName), version);
      this.#views.set(pods, view);
      const limit = Math.max(64, keptCells / (this.cluster.nodes.length + 1));
      if (this.#views.size > limit) this.#views.delete(this.#views.keys().next().value!);
    }
    return view;
  }

  /** The refusal of every node, in the order of nodes; after a cycle that found none feasible. */
  verdicts(view: ClassView): NodeVerdict[] {
    const { refusal, nodes, elsewhere } = view.filters;
    const everywhere = refusal ?? elsewhere;
    const verdicts: NodeVerdict[] = this.cluster.nodes.map((_, node) => ({
      node,
      status: everywhere,
      judgement: 0,
    }));
    if (refusal !== undefined) return verdicts;
    nodes.forEach((node, at) => {
      const judgement = this.cycle.judgements[at]!;
      if (judgement !== 0) verdicts[node] = { node, status: view.filters.refusalOf(judgement), judgement };
    });
    return verdicts;
  }

  /** Names of the nodes that share the highest total. */
  best(pod: Pod): readonly string[] {
    const view = this.view(pod);
    this.cycle.filter(view, podKeyOf(pod));
    return this.cycle.best(view).map((node) => this.cluster.nodes[node]!.name);
  }

  scores(pod: Pod): ReadonlyMap<string, NodeScores> {
    const view = this.view(pod);
    this.cycle.filter(view, podKeyOf(pod));
    const columns = this.cycle.scores(view);
    const { feasible, feasibleCount } = this.cycle;
    return new Map(
      [...feasible.subarray(0, feasibleCount)].map((node, i) => {
        const plugins = Object.fromEntries(columns.map(({ plugin, scores }) => [plugin, scores[i]!]));
        return [
          this.cluster.nodes[node]!.name,
          { plugins, total: columns.reduce((sum, { scores }) => sum + scores[i]!, 0) },
        ];
      }),
    );
  }

  /** Whether other nodes would be best if no node had any images. */
  isImageSensitive(pod: Pod): boolean {
    const view = this.view(pod);
    if (!view.scores.readsImages) return false;
    const table = [...this.scores(pod).values()];
    const bestBy = (total: (scores: NodeScores) => number) => {
      const most = Math.max(...table.map(total));
      return table.map((scores) => total(scores) === most).join();
    };
    return (
      bestBy(({ total }) => total) !== bestBy(({ total, plugins }) => total - (plugins.ImageLocality ?? 0))
    );
  }

  /** Node by node, what refused a pod that found none. */
  refusals(pod: Pod): readonly NodeRefusal[] {
    const view = this.view(pod);
    if (view.filters.refusal === undefined) this.cycle.filter(view, podKeyOf(pod));
    return this.verdicts(view).map(({ node, status: { code, reasons, plugin }, judgement }) => ({
      node: this.cluster.nodes[node]!.name,
      ...(plugin && { plugin }),
      code,
      reasons,
      shortages:
        judgement === 0
          ? []
          : (view.filters.filterOf(judgement).amounts?.(node) ?? []).filter(({ shortBy }) => shortBy > 0),
    }));
  }

  /** Nodes that kube-scheduler's criteria for preemption leave equal, with their victims. */
  candidates(pod: Pod): readonly Candidate[] {
    const view = this.view(pod);
    this.cycle.filter(view, podKeyOf(pod));
    return view.preemption.candidates(podKeyOf(pod), this.cycle.judgements);
  }

  /** What kube-scheduler says of a pod that found no node, before it makes room. */
  firstMessage(pod: Pod): string {
    const view = this.view(pod);
    this.cycle.filter(view, podKeyOf(pod));
    return this.#message(view);
  }

  #postFilter(view: ClassView, key: string): Outcome {
    const said: string[] = [];
    for (const plugin of view.profile.postFilters) {
      if (plugin === "DynamicResources") said.push("no new claims to deallocate");
      if (plugin !== "DefaultPreemption") continue;
      const result = view.preemption.run(key, this.cycle.judgements);
      if (result.kind === "preempts") return result;
      said.push(`preemption: ${result.message}`);
    }
    return { kind: "unschedulable", message: this.#message(view, said.join(", ")) };
  }

  #message(view: ClassView, postFilter?: string): string {
    const { refusal } = view.filters;
    const parts =
      refusal === undefined
        ? { reasons: this.#countReasons(view) }
        : { preFilter: refusal.reasons.join(", ") };
    return fitMessage(this.cluster.nodes.length, { ...parts, ...(postFilter && { postFilter }) });
  }

  /** How many nodes give each reason; those that were not looked at give that. */
  #countReasons(view: ClassView): ReasonCounts {
    const { nodes } = view.filters;
    const { judgements } = this.cycle;
    const runs = new Map<number, number>();
    for (let from = 0, to = 0; from < nodes.length; from = to) {
      const judgement = judgements[from]!;
      while (to < nodes.length && judgements[to] === judgement) to++;
      runs.set(judgement, (runs.get(judgement) ?? 0) + to - from);
    }
    const reasons: ReasonCounts = new Map();
    for (const [judgement, count] of runs)
      countReasons(reasons, view.filters.refusalOf(judgement).reasons, count);
    countReasons(reasons, view.filters.elsewhere.reasons, this.cluster.nodes.length - nodes.length);
    return reasons;
  }
}

import type { KubernetesObject, Node, Pod } from "@berth/objects";
import type { AffinityTerm } from "./affinity-term.ts";
import { NodeColumns } from "./columns.ts";
import { compileNode, type NodeRecord } from "./node-record.ts";
import { ClusterObjects } from "./objects.ts";
import { classKeyOf, compilePodClass, type PodClass } from "./pod-class.ts";
import { checkPod } from "../validation.ts";
import { PodTally, type Weigher } from "./tally.ts";
import { type Topology, topologyOf } from "./topology.ts";

/** A pod on a node. */
export interface PlacedPod {
  readonly key: string;
  readonly pod: Pod;
  readonly class: PodClass;
  readonly nodeName: string;
  /** Milliseconds; Infinity for a pod that has not started: Kubernetes takes the present time. */
  readonly startTime: number;
}

/** How pods on nodes hold terms that speak of the pods yet to come. */
export type TermKind =
  | "requiredAffinity"
  | "requiredAntiAffinity"
  | "preferredAffinity"
  | "preferredAntiAffinity";

/** A term that pods on nodes hold, with the count (for preferred terms: summed weight) of its holders. */
export interface HeldTerm {
  readonly kind: TermKind;
  readonly term: AffinityTerm;
  readonly tally: PodTally;
}

/**
 * The nodes, the pods on them, and running counts of what filters and scores ask for. Placing a
 * pod updates the numbers of one node and the tallies that count the pod; a change of nodes or of
 * what classes are made from rebuilds them all, when they are next read.
 */
export class Cluster {
  readonly objects = new ClusterObjects();
  /** In the order that decides ties: as they were added. */
  nodes: readonly NodeRecord[] = [];
  /** 0, 1, 2, … for each of the nodes. */
  everyNode = new Int32Array(0);
  columns = new NodeColumns([]);
  /** Grows with each rebuild: whatever was derived from an earlier structure is void. */
  structure = 0;
  /** Node index of each change since the last rebuild, so that caches can follow. */
  changes: number[] = [];
  readonly #podLevelResources: boolean;
  readonly #nodes = new Map<string, NodeRecord>();
  readonly #pods = new Map<string, PlacedPod>();
  readonly #nominated = new Map<string, PlacedPod>();
  readonly #podsByNode = new Map<string, PlacedPod[]>();
  readonly #indexes = new Map<string, number>();
  readonly #topologies = new Map<string, Topology>();
  readonly #shared = new Map<string, unknown>();
  #classes = new Map<string, PodClass>();
  #tallies = new Map<string, PodTally>();
  #heldTerms: HeldTerm[] = [];
  /** Whether a term selects namespaces by label: only then their labels bear on any count. */
  #selectsNamespaces = false;
  #namespacesVersion = 0;
  #stale = true;

  /** `podLevelResources`: whether this version honours requests of whole pods. */
  constructor(podLevelResources: boolean) {
    this.#podLevelResources = podLevelResources;
  }

  hasNode(name: string): boolean {
    return this.#nodes.has(name);
  }

  node(name: string): NodeRecord | undefined {
    return this.#nodes.get(name);
  }

  nodeNames(): Iterable<string> {
    return this.#nodes.keys();
  }

  indexOf(name: string): number | undefined {
    return this.#indexes.get(name);
  }

  /** Adds a node at the end, or replaces the one of that name in its place. */
  putNode(node: Node): void {
    const record = compileNode(node);
    this.#nodes.set(record.name, record);
    this.#stale = true;
  }

  /** Pods that run there stay known, and count again when a node of that name comes back. */
  removeNode(name: string): void {
    this.#stale = this.#nodes.delete(name) || this.#stale;
  }

  putObject(object: KubernetesObject): void {
    this.objects.put(object);
  }

  removeObject(object: KubernetesObject): void {
    this.objects.remove(object);
  }

  placed(key: string): PlacedPod | undefined {
    return this.#pods.get(key);
  }

  podsOn(node: number): readonly PlacedPod[] {
    return this.#podsByNode.get(this.nodes[node]!.name) ?? [];
  }

  /**
   * The class of a pod; `placed` where it is asked for a pod that runs. Errors: BERTH2101, BERTH2106
   * for a pod that cannot be read.
   */
  classOf(pod: Pod, placed: boolean): PodClass {
    const key = classKeyOf(pod, placed);
    let found = this.#classes.get(key);
    if (found === undefined) {
      checkPod(pod);
      found = compilePodClass(pod, placed, this.#podLevelResources);
      this.#classes.set(key, found);
      this.#join(found);
    }
    return found;
  }

  place(pod: Pod, nodeName: string): PlacedPod {
    const placed = this.#asPlaced(pod, nodeName);
    this.#pods.set(placed.key, placed);
    this.#nominated.delete(placed.key);
    this.attach(placed);
    return placed;
  }

  #asPlaced(pod: Pod, nodeName: string): PlacedPod {
    const started = Date.parse(pod.status?.startTime ?? "");
    return {
      key: podKeyOf(pod),
      pod,
      class: this.classOf(pod, true),
      nodeName,
      startTime: Number.isNaN(started) ? Number.POSITIVE_INFINITY : started,
    };
  }

  remove(key: string): PlacedPod | undefined {
    const placed = this.#pods.get(key);
    if (placed === undefined) return undefined;
    this.#pods.delete(key);
    this.detach(placed);
    return placed;
  }

  /** Expects a pod on a node where room is being made for it. */
  nominate(pod: Pod, nodeName: string): void {
    this.#nominated.set(podKeyOf(pod), this.#asPlaced(pod, nodeName));
  }

  endNomination(key: string): void {
    this.#nominated.delete(key);
  }

  get hasNominations(): boolean {
    return this.#nominated.size > 0;
  }

  /** Index of the node where a pod is expected. */
  nominationOf(key: string): number | undefined {
    const nominated = this.#nominated.get(key);
    return nominated && this.indexOf(nominated.nodeName);
  }

  /** What `judge` says while the pods are there that are nominated to a node and no less important; 0 if there are none. */
  besideNominated(node: number, priority: number, except: string, judge: () => number): number {
    const name = this.nodes[node]!.name;
    const nominees = [...this.#nominated.values()].filter(
      (each) => each.nodeName === name && each.key !== except && each.class.priority >= priority,
    );
    if (nominees.length === 0) return 0;
    return this.trial(node, () => {
      for (const each of nominees) this.attach(each);
      return judge();
    });
  }

  /** Runs something that attaches and detaches pods of one node, then makes all as it was. */
  trial<T>(node: number, run: () => T): T {
    const { name } = this.nodes[node]!;
    const before = [...this.podsOn(node)];
    const changes = this.changes.length;
    const result = run();
    const now = this.podsOn(node);
    for (const each of now.filter((pod) => !before.includes(pod))) this.detach(each);
    for (const each of before.filter((pod) => !now.includes(pod))) this.attach(each);
    this.#podsByNode.set(name, before);
    this.changes.length = changes;
    return result;
  }

  /** Counts a pod on its node without making it known by name: within {@link trial}. */
  attach(placed: PlacedPod): void {
    let pods = this.#podsByNode.get(placed.nodeName);
    if (pods === undefined) this.#podsByNode.set(placed.nodeName, (pods = []));
    pods.push(placed);
    const node = this.#stale ? undefined : this.#indexes.get(placed.nodeName);
    if (node === undefined) return;
    this.#count(node, placed, 1);
    this.columns.lowestPriority[node] = Math.min(this.columns.lowestPriority[node]!, placed.class.priority);
    this.changes.push(node);
  }

  detach(placed: PlacedPod): void {
    const pods = this.#podsByNode.get(placed.nodeName) ?? [];
    pods.splice(pods.indexOf(placed), 1);
    const node = this.#stale ? undefined : this.#indexes.get(placed.nodeName);
    if (node === undefined) return;
    this.#count(node, placed, -1);
    if (placed.class.priority === this.columns.lowestPriority[node])
      this.columns.lowestPriority[node] = lowest(pods);
    this.changes.push(node);
  }

  /** Brings everything derived up to date. To be called before anything is read. */
  refresh(): void {
    const isMoved = this.#selectsNamespaces && this.#namespacesVersion !== this.objects.namespacesVersion;
    if (!this.#stale && !isMoved) return;
    this.#stale = false;
    this.#namespacesVersion = this.objects.namespacesVersion;
    this.structure++;
    this.changes = [];
    this.nodes = [...this.#nodes.values()];
    this.everyNode = Int32Array.from(this.nodes.keys());
    this.columns = new NodeColumns(this.nodes);
    this.#indexes.clear();
    this.nodes.forEach((node, index) => this.#indexes.set(node.name, index));
    this.#topologies.clear();
    this.#shared.clear();
    this.#tallies = new Map();
    this.#heldTerms = [];
    this.#selectsNamespaces = false;
    this.#forgetIdleClasses();
    this.nodes.forEach((record, node) => {
      const pods = this.#podsByNode.get(record.name) ?? [];
      for (const placed of pods) this.#count(node, placed, 1);
      this.columns.lowestPriority[node] = lowest(pods);
    });
  }

  topology(key: string): Topology {
    let topology = this.#topologies.get(key);
    if (topology === undefined) this.#topologies.set(key, (topology = topologyOf(key, this.nodes)));
    return topology;
  }

  /**
   * Something worked out of the nodes alone, whatever runs on them, for all classes that ask the same:
   * `key` must name all that it depends on. Kept until the nodes change.
   */
  shared<T>(key: string, make: () => T): T {
    if (!this.#shared.has(key)) this.#shared.set(key, make());
    return this.#shared.get(key) as T;
  }

  /** The count that `key` names; made from the pods that run when it is first asked for. */
  tally(key: string, weigh: Weigher): PodTally {
    let tally = this.#tallies.get(key);
    if (tally !== undefined) return tally;
    tally = new PodTally(weigh, this.nodes.length);
    this.#tallies.set(key, tally);
    for (const each of this.#classes.values()) {
      const weight = weigh(each);
      if (weight === 0) continue;
      each.tallies.push({ tally, weight });
      for (const [node, pods] of each.placed) tally.add(node, pods * weight);
    }
    return tally;
  }

  /** Terms that pods hold, in order of appearance; only grows until the next rebuild. */
  heldTerms(): readonly HeldTerm[] {
    return this.#heldTerms;
  }

  /** Classes without pods are compiled again when they are next met, so that no class is kept for ever. */
  #forgetIdleClasses(): void {
    const running = new Set<PodClass>();
    for (const placed of [...this.#pods.values(), ...this.#nominated.values()]) running.add(placed.class);
    const known = this.#classes;
    this.#classes = new Map();
    for (const [key, each] of known) {
      if (!running.has(each)) continue;
      each.placed.clear();
      each.tallies.length = 0;
      this.#classes.set(key, each);
      this.#join(each);
    }
  }

  /** Makes a class count for the tallies that there are, and its terms known. */
  #join(pods: PodClass): void {
    for (const tally of this.#tallies.values()) {
      const weight = tally.weigh(pods);
      if (weight !== 0) pods.tallies.push({ tally, weight });
    }
    for (const term of pods.requiredAffinity) this.#hold("requiredAffinity", term);
    for (const term of pods.requiredAntiAffinity) this.#hold("requiredAntiAffinity", term);
    for (const { term } of pods.preferredAffinity) this.#hold("preferredAffinity", term);
    for (const { term } of pods.preferredAntiAffinity) this.#hold("preferredAntiAffinity", term);
  }

  #hold(kind: TermKind, term: AffinityTerm): void {
    this.#selectsNamespaces ||= term.namespaceSelector !== undefined;
    const key = `holds ${kind} ${term.text}`;
    if (this.#tallies.has(key)) return;
    this.#heldTerms.push({ kind, term, tally: this.tally(key, (pods) => weightOf(pods, kind, term.text)) });
  }

  #count(node: number, placed: PlacedPod, sign: 1 | -1): void {
    const pods = placed.class;
    this.columns.count(node, pods, sign);
    const there = (pods.placed.get(node) ?? 0) + sign;
    if (there === 0) pods.placed.delete(node);
    else pods.placed.set(node, there);
    for (const { tally, weight } of pods.tallies) tally.add(node, sign * weight);
  }
}

/** How often a class holds a term, or how much it weighs it. */
function weightOf(pods: PodClass, kind: TermKind, text: string): number {
  if (kind === "requiredAffinity" || kind === "requiredAntiAffinity") {
    return pods[kind].filter((term) => term.text === text).length;
  }
  return pods[kind].reduce((sum, { term, weight }) => (term.text === text ? sum + weight : sum), 0);
}

function lowest(pods: readonly PlacedPod[]): number {
  return pods.reduce((least, each) => Math.min(least, each.class.priority), Number.POSITIVE_INFINITY);
}

export function podKeyOf(pod: {
  readonly metadata?: { readonly namespace?: string; readonly name?: string };
}): string {
  return `${pod.metadata?.namespace ?? "default"}/${pod.metadata?.name ?? ""}`;
}

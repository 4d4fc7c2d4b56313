import { formatProducer, type JsonObject, type KubernetesObjectFacet, type NodeSupplyFacet, Unknown } from "@berth/core";
import { applyDefaults, isNamespaced, type KubernetesObject, type ObjectRef, refKey, refOf } from "@berth/objects";
import type { NodeRefusal } from "@berth/scheduler";
import {
  createSimulation,
  type PodCreated,
  type PodDeleted,
  type PodUnschedulable,
  type Simulation,
  type SimulationEvent,
  type StuckWorkload,
} from "@berth/simulator";
import type { Step } from "../plan.ts";
import { reapplied } from "./applied.ts";
import { kubernetesObject, ofKindIn } from "./kinds.ts";
import { nextNode, nodesOfPool, nodeTemplates, nodeToRemove, relabelled, templateOf } from "./node-pool.ts";
import type { Actor, Part, Scene } from "./scene.ts";
import { SymbolicNames } from "./symbolic-names.ts";
import { type Verdict, verdictOf } from "./verdict.ts";

/** A cluster before and after the plan, and what happened in between. */
export interface Played {
  /** All objects as they were observed, or follow from the record; in order of creation. */
  readonly before: readonly KubernetesObject[];
  /** The same once the cluster had come to rest by itself, before the first step. */
  readonly rest: readonly KubernetesObject[];
  readonly after: readonly KubernetesObject[];
  /** By {@link refKey} of the pod: why it was placed. */
  readonly verdicts: ReadonlyMap<string, Verdict>;
  /** By {@link refKey} of a new pod: the node from which the pod went for which it stands in. */
  readonly movedFrom: ReadonlyMap<string, string>;
  /** By {@link refKey} of a pod: its outermost owner. */
  readonly workloads: ReadonlyMap<string, ObjectRef>;
  readonly refusals: readonly Refusal[];
  readonly stuck: readonly StuckWorkload[];
  /** What could not be played because it is not known. */
  readonly unknown: readonly string[];
  /** The version whose rules were played. */
  readonly kubernetes: string;
}

/** A pod that finds no node. */
export interface Refusal {
  readonly pod: ObjectRef;
  /** The scheduler's message, to the letter. */
  readonly message: string;
  /** Node by node, the verdicts that made the message; shared by pods of a workload with one message. */
  readonly nodes: readonly NodeRefusal[];
}

/** Played where a cluster's version is not known. */
export const newestVersion = "1.36";

/** Plays a plan's steps in a cluster, in their order, each until the cluster rests: what `up` does to it. */
export function play(scene: Scene, steps: readonly Step[]): Played {
  const director = new Director(scene);
  director.start();
  for (const { urn, action } of steps) {
    const actor = scene.actors.get(urn);
    if (actor && action !== "read") director.act(actor, action);
  }
  return director.finish();
}

type Doing = Exclude<Step["action"], "read">;

const nothing: Part = { cluster: undefined, supplies: [], objects: [] };

class Director {
  readonly #scene: Scene;
  readonly #names = new SymbolicNames();
  readonly #unknown = new Set<string>();
  readonly #verdicts = new Map<string, Verdict>();
  readonly #movedFrom = new Map<string, string>();
  readonly #workloads = new Map<string, ObjectRef>();
  readonly #refusals = new Map<string, Refusal>();
  readonly #reasons = new Map<string, readonly NodeRefusal[]>();
  /** Pods that had a node before the plan and still are there. */
  readonly #standing = new Set<string>();
  /** By workload: nodes from which pods went whose replacements are still to come; `undefined` for pods that were new themselves. */
  readonly #evictedFrom = new Map<string, (string | undefined)[]>();
  #kubernetes = newestVersion;
  #simulation: Simulation | undefined;
  #before: readonly KubernetesObject[] = [];
  #rest: readonly KubernetesObject[] = [];

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  /** The cluster as it stands before the first step. */
  start(): void {
    const { observed, before, after } = this.#scene;
    if (observed) {
      const objects = observed.snapshot.objects.flatMap((each) => kubernetesObject(each) ?? []);
      this.#open(before ?? after, objects);
      this.#before = objects;
      this.#settle();
      this.#rest = [...this.#objects()];
    } else if (before) {
      this.#open(before, []);
      for (const actor of [...this.#scene.actors.values()].toSorted((a, b) => turnOf(a.before) - turnOf(b.before))) {
        this.#perform({ ...actor, before: nothing, after: actor.before, because: [] });
        this.#settle();
      }
      this.#before = [...this.#objects()];
      this.#rest = this.#before;
      this.#forgetStory();
    }
    for (const each of ofKindIn(this.#before, "v1 Pod")) if (each.spec?.nodeName) this.#standing.add(refKey(refOf(each)));
  }

  act(actor: Actor, action: Doing): void {
    if (action === "delete") {
      this.#perform({ ...actor, after: nothing });
      if (actor.before.cluster) this.#simulation = undefined;
    } else if (action === "create") {
      if (actor.after.cluster && !this.#simulation) this.#open(actor.after.cluster, []);
      this.#perform({ ...actor, before: nothing });
    } else {
      this.#perform(actor);
    }
    this.#settle();
  }

  finish(): Played {
    const simulation = this.#simulation;
    const after = [...this.#objects()];
    for (const each of [...ofKindIn(this.#before, "v1 Pod"), ...ofKindIn(after, "v1 Pod")]) {
      const workload = simulation?.workloadOf(refOf(each));
      if (workload) this.#workloads.set(refKey(refOf(each)), workload);
    }
    return {
      before: this.#before,
      rest: this.#rest,
      after,
      verdicts: this.#verdicts,
      movedFrom: this.#movedFrom,
      workloads: this.#workloads,
      refusals: (simulation?.unschedulable() ?? []).flatMap(({ pod }) => this.#refusals.get(refKey(pod)) ?? []),
      stuck: simulation?.stuck() ?? [],
      unknown: [...this.#unknown].toSorted(),
      kubernetes: this.#kubernetes,
    };
  }

  #open(facet: Part["cluster"], objects: readonly KubernetesObject[]): void {
    if (!facet) return;
    const { kubernetes, flavour } = facet;
    if (kubernetes instanceof Unknown) this.#doubt("the cluster's version", kubernetes);
    this.#kubernetes = kubernetes instanceof Unknown ? newestVersion : kubernetes;
    this.#simulation = createSimulation({ kubernetes: this.#kubernetes, flavour, objects, naming: this.#names });
    this.#learnWorkloads(objects);
  }

  /** What one resource means for the cluster, from one side to the other. Nothing reacts yet. */
  #perform({ name, before, after, because }: Actor): void {
    for (const each of after.cluster?.systemObjects ?? []) if (!before.cluster) this.#put(undefined, each);
    for (const supply of before.supplies) {
      if (!after.supplies.some((each) => each.pool === supply.pool)) this.#resize({ ...supply, count: 0 }, undefined);
    }
    for (const supply of after.supplies) this.#resize(supply, before.supplies.find((each) => each.pool === supply.pool));
    for (const facet of before.objects) {
      if (!after.objects.some((each) => sameObject(each, facet))) this.#remove(facet);
    }
    for (const facet of after.objects) {
      this.#doubtObject(facet);
      if (because.length > 0) this.#unknown.add(`whether ${name} changes: depends on ${because.join(", ")}`);
      this.#put(before.objects.find((each) => sameObject(each, facet))?.object, facet.object);
    }
  }

  #put(before: JsonObject | undefined, object: JsonObject): void {
    const wanted = kubernetesObject(object);
    if (!wanted || !this.#simulation) return;
    const ref = referenceOf(wanted);
    const live = this.#simulation.get(ref);
    const json = live ? reapplied(live, before, object) : object;
    const stored = kubernetesObject({ ...json, metadata: { ...metadataOf(json), ...(ref.namespace === undefined ? {} : { namespace: ref.namespace }) } });
    if (stored) this.#simulation.put(applyDefaults(stored));
  }

  #remove({ object }: KubernetesObjectFacet): void {
    const wanted = kubernetesObject(object);
    if (wanted) this.#simulation?.remove(referenceOf(wanted));
  }

  #resize(supply: NodeSupplyFacet, before: NodeSupplyFacet | undefined): void {
    const simulation = this.#simulation;
    if (!simulation) return;
    const { count, templates, pool } = supply;
    if (count instanceof Unknown) this.#doubt(`the number of nodes of pool ${pool}`, count);
    if (templates instanceof Unknown) this.#doubt(`what nodes of pool ${pool} are like`, templates);
    if (count instanceof Unknown || templates instanceof Unknown) return;
    const shapes = nodeTemplates(templates);
    const had = before && !(before.templates instanceof Unknown) ? nodeTemplates(before.templates) : [];
    const nodes = [...nodesOfPool(ofKindIn(simulation.list({ apiVersion: "v1", kind: "Node" }), "v1 Node"), supply)];
    for (const [index, node] of nodes.entries()) {
      const now = relabelled(node, templateOf(node, had, supply), templateOf(node, shapes, supply));
      if (now !== node) nodes[index] = ofKindIn([simulation.put(now)], "v1 Node")[0] ?? now;
    }
    while (nodes.length > count) {
      const leaves = nodeToRemove(supply, nodes);
      if (!leaves) break;
      simulation.remove(refOf(leaves));
      nodes.splice(nodes.indexOf(leaves), 1);
    }
    for (let number = nodes.length + 1; nodes.length < count; number++) {
      const joins = nextNode(supply, shapes, nodes, number);
      if (!joins) break;
      if (simulation.get(refOf(joins))) continue;
      simulation.put(joins);
      nodes.push(joins);
    }
  }

  /** Lets the cluster come to rest, and notes why pods went where they went. */
  #settle(): void {
    const simulation = this.#simulation;
    if (!simulation) return;
    const nodes = simulation.list({ apiVersion: "v1", kind: "Node" }).length;
    for (const event of simulation.settle()) this.#note(event, nodes);
  }

  #note(event: SimulationEvent, nodes: number): void {
    switch (event.kind) {
      case "pod-created":
        return this.#noteCreated(event);
      case "pod-bound":
        this.#refusals.delete(refKey(event.pod));
        this.#verdicts.set(refKey(event.pod), verdictOf(event.decision, nodes));
        return;
      case "pod-unschedulable":
        return this.#noteRefused(event);
      case "pod-deleted":
        return this.#noteDeleted(event);
    }
  }

  #noteCreated({ pod, workload }: PodCreated): void {
    if (!workload) return;
    this.#workloads.set(refKey(pod), workload);
    const from = this.#evictedFrom.get(refKey(workload))?.shift();
    if (from !== undefined) this.#movedFrom.set(refKey(pod), from);
  }

  /** Reasons are made when they are asked for, node by node: once for all pods of a workload with one message. */
  #noteRefused({ pod, workload, decision }: PodUnschedulable): void {
    if (decision.kind === "placed") return;
    const { message } = decision;
    const key = `${refKey(workload ?? pod)} ${message}`;
    const nodes = this.#reasons.get(key) ?? (decision.kind === "gated" ? [] : decision.reasons);
    this.#reasons.set(key, nodes);
    this.#refusals.set(refKey(pod), { pod, message, nodes });
  }

  #noteDeleted({ pod, workload, node, cause }: PodDeleted): void {
    const key = refKey(pod);
    const from = this.#movedFrom.get(key) ?? (this.#standing.has(key) ? node : undefined);
    this.#standing.delete(key);
    this.#verdicts.delete(key);
    this.#movedFrom.delete(key);
    this.#refusals.delete(key);
    const evicted = cause === "node-removed" || cause === "node-unsuitable" || cause === "preempted";
    if (!evicted || !workload || workload.kind === "DaemonSet") return;
    const waiting = this.#evictedFrom.get(refKey(workload));
    if (waiting) waiting.push(from);
    else this.#evictedFrom.set(refKey(workload), [from]);
  }

  /** What happened so far is how the cluster came to be, not what the plan does. */
  #forgetStory(): void {
    this.#verdicts.clear();
    this.#movedFrom.clear();
    this.#evictedFrom.clear();
  }

  #learnWorkloads(objects: readonly KubernetesObject[]): void {
    for (const each of ofKindIn(objects, "v1 Pod")) {
      const workload = this.#simulation?.workloadOf(refOf(each));
      if (workload) this.#workloads.set(refKey(refOf(each)), workload);
    }
  }

  #objects(): Iterable<KubernetesObject> {
    return this.#simulation?.objects() ?? [];
  }

  #doubtObject({ object, unknownPaths }: KubernetesObjectFacet): void {
    const wanted = kubernetesObject(object);
    const name = wanted ? `${wanted.kind} ${wanted.metadata?.name ?? ""}` : "an object";
    for (const path of unknownPaths) if (decidesPlacement.test(path)) this.#unknown.add(`${path} of ${name}`);
  }

  #doubt(what: string, value: Unknown): void {
    const producers = value.producers.map(formatProducer).join(", ");
    this.#unknown.add(producers === "" ? what : `${what}: depends on ${producers}`);
  }
}

/** The order in which a cluster comes to be: itself, its nodes, its objects. */
function turnOf({ cluster, supplies }: Part): number {
  return cluster ? 0 : supplies.length > 0 ? 1 : 2;
}

/** Paths in an object on which it depends where pods run and what services reach; other values may stay open. */
const decidesPlacement =
  /^(metadata|metadata\.name(space)?|spec|spec\.template(\.metadata|\.spec(\.containers(\[\d+\])?)?)?)$|^spec\.(replicas|selector|ports|type|clusterIP)\b|(nodeSelector|affinity|tolerations|topologySpreadConstraints|resources|priorityClassName|nodeName|labels)\b/;

function sameObject(a: KubernetesObjectFacet, b: KubernetesObjectFacet): boolean {
  const [left, right] = [kubernetesObject(a.object), kubernetesObject(b.object)];
  return left !== undefined && right !== undefined && refKey(referenceOf(left)) === refKey(referenceOf(right));
}

/** What names an object in its cluster: what lives in a namespace and names none is in `default`. */
export function referenceOf(object: KubernetesObject): ObjectRef {
  return refOf(object, isNamespaced(object) ? "default" : undefined);
}

function metadataOf(object: JsonObject): JsonObject {
  const metadata = object["metadata"];
  return typeof metadata === "object" && metadata !== null && !Array.isArray(metadata) ? (metadata as JsonObject) : {};
}

import { type JsonObject, type KubernetesObjectFacet, Unknown, type Urn } from "@berth/core";
import { BerthError } from "@berth/diagnostics";
import { applyDefaults, type KubernetesObject, refKey } from "@berth/objects";
import { createSimulation, type Simulation, type StuckWorkload } from "@berth/simulator";
import type { Step } from "../plan.ts";
import { reapplied } from "./applied.ts";
import { Doubts } from "./doubts.ts";
import { kubernetesObject } from "./kinds.ts";
import { inNamespace, isSameObject, referenceOf } from "./reference.ts";
import { removePool, resizePool } from "./resize.ts";
import type { Actor, Part, Scene } from "./scene.ts";
import { type Refusal, Story } from "./story.ts";
import { SymbolicNames } from "./symbolic-names.ts";

/** A cluster before and after the plan, and what happened in between. */
export interface Played extends Pick<
  Story,
  "verdicts" | "decisions" | "departures" | "movedFrom" | "workloads"
> {
  /** All objects as they were observed, or follow from the record; in order of creation. */
  readonly before: readonly KubernetesObject[];
  /** The same once the cluster had come to rest by itself, before the first step. */
  readonly rest: readonly KubernetesObject[];
  readonly after: readonly KubernetesObject[];
  readonly refusals: readonly Refusal[];
  readonly stuck: readonly StuckWorkload[];
  /** What could not be played because it is not known. */
  readonly unknown: readonly string[];
  /** The version whose rules were played. */
  readonly kubernetes: string;
}

/** Played where a cluster's version is not known. */
const newestVersion = "1.36";

/**
 * Plays a plan's steps in a cluster, in their order, each until the cluster rests: what `up` does to it.
 *
 * @throws BerthError where scheduler or simulator cannot read an object, naming the resource
 */
export function play(scene: Scene, steps: readonly Step[]): Played {
  const director = new Director();
  director.start(scene);
  for (const { urn, action, superseded } of steps) {
    const actor = scene.actors.get(urn);
    if (!actor || action === "read") continue;
    named(actor, () => (superseded ? director.clear(actor) : director.act(actor, action)));
  }
  return director.finish();
}

const nothing: Part = { cluster: undefined, supplies: [], objects: [] };

class Director {
  readonly #names = new SymbolicNames();
  readonly #doubts = new Doubts();
  readonly #story = new Story();
  #kubernetes = newestVersion;
  #simulation: Simulation | undefined;
  /** Whether the cluster was superseded by another one. */
  #isAnother = false;
  /** By URN: what was superseded, and is still there. */
  readonly #superseded = new Map<Urn, readonly Part[]>();
  #before: readonly KubernetesObject[] = [];
  #rest: readonly KubernetesObject[] = [];

  /** The cluster as it stands before the first step. */
  start({ observed, before, after, actors }: Scene): void {
    for (const { urn, superseded } of actors.values())
      if (superseded.length > 0) this.#superseded.set(urn, superseded);
    if (observed) {
      this.#before = observed.snapshot.objects.flatMap((each) => kubernetesObject(each) ?? []);
      this.#open(before ?? after, this.#before);
      this.#story.begin(this.#before, this.#simulation);
      this.#settle();
      this.#rest = this.#objects();
    } else if (before) {
      this.#open(before, []);
      for (const actor of [...actors.values()].toSorted((a, b) => turnOf(a.before) - turnOf(b.before))) {
        for (const part of [...actor.superseded, actor.before]) {
          const made = { ...actor, before: nothing, after: part, because: [] };
          // What of a cluster was superseded is not part of the one that stands.
          if (!part.cluster || part === actor.before) named(actor, () => this.act(made, "create"));
        }
      }
      this.#before = this.#objects();
      this.#rest = this.#before;
      this.#story.begin(this.#before, this.#simulation);
    }
  }

  act(actor: Actor, action: Exclude<Step["action"], "read">): void {
    if (action === "delete") {
      if (this.#isAnother) return;
      this.#perform({ ...actor, after: nothing });
      if (actor.before.cluster) this.#simulation = undefined;
    } else if (action === "forget") {
      return;
    } else if (action === "create") {
      this.#supersede(actor);
      if (!this.#simulation) this.#open(actor.after.cluster, []);
      this.#perform({ ...actor, before: nothing });
    } else {
      this.#perform(actor);
    }
    this.#settle();
  }

  /** What was superseded under a URN goes. */
  clear(actor: Actor): void {
    for (const part of this.#superseded.get(actor.urn) ?? [])
      this.#perform({ ...actor, before: part, after: nothing });
    this.#superseded.delete(actor.urn);
    this.#settle();
  }

  /** What stands stays beside its replacement; a cluster with all that is on it is no longer the one that is looked at. */
  #supersede({ urn, before, standing }: Actor): void {
    if (standing?.replacement !== "create-first") return;
    if (before.cluster) {
      this.#simulation = undefined;
      this.#superseded.clear();
      this.#isAnother = true;
    } else if (!this.#isAnother) {
      this.#superseded.set(urn, [...(this.#superseded.get(urn) ?? []), before]);
    }
  }

  finish(): Played {
    const simulation = this.#simulation;
    const { verdicts, decisions, departures, movedFrom, workloads } = this.#story;
    const refused = simulation?.unschedulable() ?? [];
    for (const { pod, decision } of refused) decisions.set(refKey(pod), decision);
    return {
      before: this.#before,
      rest: this.#rest,
      after: this.#objects(),
      verdicts,
      decisions,
      departures,
      movedFrom,
      workloads,
      refusals: refused.flatMap(({ pod }) => this.#story.refusalOf(pod) ?? []),
      stuck: simulation?.stuck() ?? [],
      unknown: this.#doubts.texts,
      kubernetes: this.#kubernetes,
    };
  }

  #open(facet: Part["cluster"], objects: readonly KubernetesObject[]): void {
    if (!facet) return;
    const { kubernetes, flavour } = facet;
    if (kubernetes instanceof Unknown) this.#doubts.about("the cluster's version", kubernetes);
    this.#kubernetes = kubernetes instanceof Unknown ? newestVersion : kubernetes;
    const options = { kubernetes: this.#kubernetes, flavour, objects, naming: this.#names };
    this.#simulation = createSimulation(options);
  }

  /** What one resource means for the cluster, from one side to the other. Nothing reacts yet. */
  #perform({ name, before, after, because }: Actor): void {
    const simulation = this.#simulation;
    if (!simulation) return;
    if (!before.cluster) for (const each of after.cluster?.systemObjects ?? []) this.#put(undefined, each);
    for (const supply of before.supplies) {
      const stays = after.supplies.some((each) => each.pool === supply.pool);
      if (!stays) removePool(simulation, supply);
    }
    for (const supply of after.supplies) {
      const had = before.supplies.find((each) => each.pool === supply.pool);
      resizePool(simulation, supply, had, this.#doubts);
    }
    for (const facet of before.objects) {
      if (!after.objects.some((each) => isSameObject(each, facet))) this.#remove(facet);
    }
    for (const facet of after.objects) {
      this.#doubts.aboutObject(facet);
      this.#doubts.aboutChange(name, because);
      this.#put(before.objects.find((each) => isSameObject(each, facet))?.object, facet.object);
    }
  }

  #put(before: JsonObject | undefined, object: JsonObject): void {
    const wanted = kubernetesObject(object);
    if (!wanted || !this.#simulation) return;
    const ref = referenceOf(wanted);
    const live = this.#simulation.get(ref);
    const stored = inNamespace(live ? reapplied(live, before, object) : object, ref);
    if (stored) this.#simulation.put(applyDefaults(stored));
  }

  #remove({ object }: KubernetesObjectFacet): void {
    const wanted = kubernetesObject(object);
    if (wanted) this.#simulation?.remove(referenceOf(wanted));
  }

  /** Lets the cluster come to rest, and notes why pods went where they went. */
  #settle(): void {
    const simulation = this.#simulation;
    if (!simulation) return;
    const nodes = simulation.list({ apiVersion: "v1", kind: "Node" }).length;
    for (const event of simulation.settle()) this.#story.note(event, nodes);
  }

  #objects(): readonly KubernetesObject[] {
    return [...(this.#simulation?.objects() ?? [])];
  }
}

/** The order in which a cluster comes to be: itself, its nodes, its objects. */
function turnOf({ cluster, supplies }: Part): number {
  return cluster ? 0 : supplies.length > 0 ? 1 : 2;
}

/** Problems of what scheduler and simulator cannot read are the resource's that brought it. */
function named({ urn, standing }: Actor, act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!BerthError.is(error)) throw error;
    const problems = error.problems.map(({ resource, message, ...rest }) => ({
      ...rest,
      resource: urn,
      message: resource === undefined ? message : `${resource}: ${message}`,
      ...(standing ? { site: standing.resource.site } : {}),
    }));
    throw new BerthError(problems, { cause: error });
  }
}

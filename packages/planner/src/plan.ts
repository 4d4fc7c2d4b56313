import type { Json, JsonObject, Urn } from "@berth/core";
import type { Problem, SourceSite } from "@berth/diagnostics";

/**
 * The Plan: the contract in the middle of the house. Plain JSON, deterministic bytes, no time,
 * no UID, no resource version, no secret. Everything that a person reads is rendered from it.
 * Its JSON Schema is `docs/plan.schema.json`.
 *
 * Unknown values are `{ "$berth": "unknown", "producers": ["store.id"], "type": "string" }`, secrets
 * `{ "$berth": "secret" }`.
 */
export interface Plan {
  readonly format: "berth.plan";
  readonly version: 1;
  readonly project: string;
  readonly stack: string;
  readonly operation: "up" | "destroy" | "refresh";
  /** What it was made against; a plan is applied only to the state that it was made from. */
  readonly base: PlanBase;
  /** Which part of the stack was planned; absent: all of it. */
  readonly scope?: ScopePlan;
  /** What was changed outside of berth since the last operation, where resources were read: observed against recorded. */
  readonly drift?: readonly Drift[];
  readonly summary: Summary;
  /** What changes, in step order. Resources without a change are only counted. */
  readonly changes: readonly Change[];
  /** What will be done, in order; each step names those that must be done before it. */
  readonly steps: readonly Step[];
  readonly clusters: readonly ClusterPlan[];
  readonly cost: CostPlan;
  readonly outputs: readonly OutputChange[];
  /** Errors and warnings, errors first, then by resource. A plan with an error is not applied. */
  readonly problems: readonly Problem[];
  /** The project's policies; absent where it has none. What they found is in {@link problems}. */
  readonly policies?: PoliciesPlan;
}

/** Which policies looked at the plan, and what they changed before it was made. */
export interface PoliciesPlan {
  /** In the order in which they were asked. */
  readonly ran: readonly PolicyRan[];
  readonly remediations: readonly Remediation[];
}

export interface PolicyRan {
  readonly name: string;
  readonly kind: "resource" | "graph" | "plan";
  readonly level: "advisory" | "mandatory" | "remediating";
}

/** A property that a policy gave another value than the program did. */
export interface Remediation {
  readonly policy: string;
  readonly urn: Urn;
  readonly path: string;
  /** What the program says, with defaults; absent: nothing. */
  readonly before?: Json;
  readonly after?: Json;
}

/** State and program that a plan was made from. */
export interface PlanBase {
  /** `StackState.serial` */
  readonly serial: number;
  /** SHA-256 of the recorded resources and outputs, hexadecimal. */
  readonly stateDigest: string;
  /** SHA-256 of what the program declares, with values as far as they are known; secrets by their keyed digest. */
  readonly graphDigest: string;
}

/** The slice that was planned, as it was asked for, and how much it leaves out. */
export interface ScopePlan {
  readonly targets: readonly string[];
  readonly excludes: readonly string[];
  readonly replaces: readonly string[];
  /** Resources, declared or recorded, that are not looked at and stay as they are. */
  readonly outside: number;
}

/** A resource that is not as it was recorded. */
export interface Drift {
  readonly urn: Urn;
  readonly type: string;
  readonly name: string;
  /** `gone`: it does not exist any more. */
  readonly kind: "changed" | "gone";
  /** From recorded to observed; empty where it is gone. */
  readonly properties: readonly PlannedPropertyChange[];
}

/**
 * `import` takes what exists into the stack, `forget` lets it go without deleting it, `move` gives what is recorded
 * another URN and does nothing else.
 */
export type Action =
  | "create"
  | "update"
  | "replace"
  | "delete"
  | "read"
  | "import"
  | "forget"
  | "move"
  | "no-op";

export interface Summary {
  readonly create: number;
  readonly update: number;
  readonly replace: number;
  readonly delete: number;
  readonly unchanged: number;
  /** Absent: 0, as are those that follow. */
  readonly import?: number;
  readonly move?: number;
  readonly forget?: number;
  /** Pods as a result of this plan, the clusters' own left out. */
  readonly pods: PodCounts;
  /** The clusters' own pods: daemon sets and deployments that come with a cluster. */
  readonly systemPods: PodCounts;
  /**
   * What this plan is known to leave undone of its own resources: pods that find no node, rollouts
   * that get stuck. Each has a problem (BERTH32xx) that says more. Not 0: exit code 3.
   */
  readonly predictedFailures: number;
}

export interface PodCounts {
  readonly new: number;
  readonly moved: number;
  readonly gone: number;
  readonly staying: number;
  readonly unplaced: number;
}

/** Why a change is made, as the rule that decided says it. */
export type ActionReason =
  | { readonly kind: "not-recorded" }
  | { readonly kind: "not-declared" }
  | { readonly kind: "inputs-changed" }
  /** These properties changed, or may, and cannot be updated in place. */
  | { readonly kind: "cannot-update"; readonly paths: readonly string[]; readonly rule: string }
  /** These properties take values from resources that are replaced, and cannot be updated in place. */
  | {
      readonly kind: "upstream-replaced";
      readonly upstream: readonly Urn[];
      readonly paths: readonly string[];
    }
  /** The cluster that it lives on is replaced, or it moves to another one. */
  | { readonly kind: "cluster-replaced"; readonly cluster: Urn }
  /** Its provider resource names another account now, or it moves to a provider of another account. */
  | { readonly kind: "provider-replaced"; readonly provider: Urn; readonly rule: string }
  | { readonly kind: "interrupted"; readonly text: string }
  /** The option `replaceOnChanges` names these properties. */
  | { readonly kind: "replace-on-changes"; readonly paths: readonly string[] }
  /** The value of the option `replacementTrigger` is another one. */
  | { readonly kind: "replacement-trigger" }
  /** `--replace` says so. */
  | { readonly kind: "requested" }
  /** It is recorded, and does not exist any more. */
  | { readonly kind: "gone" }
  /** The program only reads what has this physical id; absent while that is not known. */
  | { readonly kind: "reads"; readonly id?: string }
  /** The option `import` names this physical id. */
  | { readonly kind: "imported"; readonly id: string }
  /** It was recorded under another URN: an alias or a `moved` says so, or it is the same thing at another place. */
  | { readonly kind: "moved"; readonly from: Urn; readonly by: "alias" | "content" }
  /** What took its place exists, and it is still there: an earlier operation did not come to delete it. */
  | { readonly kind: "superseded"; readonly id: string }
  | { readonly kind: "destroy" };

/** One link of a chain of causes: a change that brings another one about. */
export interface Cause {
  readonly urn: Urn;
  readonly type: string;
  readonly name: string;
  readonly action: Action;
  readonly certainty: "will" | "may";
  /** The property that decided, of several the first. */
  readonly path?: string;
  /** The rule that makes it a replacement, in words. */
  readonly rule?: string;
  /** Where the resource is declared. */
  readonly site?: SourceSite;
  /** So many links before this one, the end of the chain, are left out. */
  readonly skipped?: number;
}

export interface Change {
  readonly urn: Urn;
  readonly type: string;
  readonly name: string;
  readonly parent?: Urn;
  readonly cluster?: Urn;
  readonly action: Action;
  /** `may`: depends on something that is not known yet, see `because`. */
  readonly certainty: "will" | "may";
  readonly because?: readonly string[];
  readonly reason: ActionReason;
  /**
   * What brings it about, link by link: the change next to it first, last the one that the program itself asks for.
   * Absent for that one.
   */
  readonly causes?: readonly Cause[];
  /** Of a replacement: which comes first, the deletion of the old or the creation of the new. */
  readonly replacement?: "delete-first" | "create-first";
  /** How often it was replaced, this time included: `{generation}` in its physical name is one more. Absent: never. */
  readonly generation?: number;
  /** Of a creation: what exists already under its identity is taken over, and changed to what the program says (`adopt`). */
  readonly adopts?: true;
  /** What stood, or was superseded, is not deleted: it is forgotten, and stays where it is (`retainOnDelete`). */
  readonly retained?: true;
  /** What stood goes with that resource, which this plan deletes: nobody is asked to delete it. */
  readonly deletedWith?: Urn;
  /** The URN under which it was recorded until now, whatever else is done to it. */
  readonly movedFrom?: Urn;
  /** Differences by meaning; empty for a create and a delete, which have nothing to differ from. */
  readonly properties: readonly PlannedPropertyChange[];
  /** The recorded inputs of what is deleted. */
  readonly before?: JsonObject;
  /** The inputs of what is created, also in a replacement. */
  readonly after?: JsonObject;
  /** Values that the planner chose, by property path (static cluster IPs). */
  readonly assigned: Readonly<Record<string, Json>>;
  /** Where it is declared; absent for what the program no longer declares. */
  readonly site?: SourceSite;
}

export interface PlannedPropertyChange {
  readonly path: string;
  readonly kind: "add" | "remove" | "change";
  readonly before?: Json;
  readonly after?: Json;
  readonly certainty: "will" | "may";
  readonly forcesReplacement?: string;
  /** Resources with a change of their own from which this value is taken: the next links of the chain of causes. */
  readonly upstream?: readonly Urn[];
}

/**
 * One side effect. A replacement is two steps, the delete first. Where the change is only a `may`,
 * the inputs decide when they are known: the steps then do what is needed of them (nothing, an
 * update instead of a replacement), never more.
 */
export interface Step {
  /** `1`, `2`, … in plan order. */
  readonly id: number;
  readonly urn: Urn;
  readonly action: "create" | "update" | "delete" | "read" | "import" | "forget";
  /** Of a delete: it is about what was superseded under this URN, not about what stands there. */
  readonly superseded?: true;
  /** Ids of the steps that come before it. They must have succeeded, unless {@link needs} says which of them must. */
  readonly after: readonly number[];
  /**
   * Ids of the steps without whose success it cannot be done. Absent: all of {@link after}. What else is in
   * `after` is order alone (one change at a time in a cluster), and may fail where one goes on after errors.
   */
  readonly needs?: readonly number[];
}

/** What happens in one cluster. */
export interface ClusterPlan {
  readonly cluster: Urn;
  readonly name: string;
  /** Minor version; absent where it is not known, and the newest known one was played. */
  readonly kubernetes?: string;
  readonly flavour: "upstream" | "aks";
  /** Where the picture of the cluster comes from. */
  readonly observed: "live" | "saved" | "synthesised";
  /** `gone`: the plan deletes the cluster; what follows is what stood on it. */
  readonly change: "stays" | "new" | "replaced" | "gone";
  /** What could not be played because it is not known: `the number of nodes of pool user`. */
  readonly unknown: readonly string[];
  readonly nodes: readonly NodeUse[];
  readonly placement: readonly PlacementGroup[];
  readonly unplaced: readonly UnplacedGroup[];
  readonly stuck: readonly StuckRollout[];
  readonly services: readonly ServiceWiring[];
}

/** A node as it will stand: what is requested of it against what it can give. */
export interface NodeUse {
  /** Real name, or `user#1` for a node that does not exist yet. */
  readonly name: string;
  readonly pool: string;
  readonly shape: string;
  readonly zone?: string;
  readonly change: "stays" | "new" | "gone";
  readonly resources: readonly ResourceUse[];
  /** The resource of which the largest share is requested. */
  readonly limiting: string;
  readonly pods: { readonly before: number; readonly after: number };
}

export interface ResourceUse {
  /** `cpu`, `memory`, `pods`, `ephemeral-storage`, … */
  readonly resource: string;
  /** cpu in millicores, memory and storage in bytes, others in units. */
  readonly requestedBefore: number;
  readonly requested: number;
  readonly allocatable: number;
}

/** Pods of one workload that share node, fate and reason. */
export interface PlacementGroup {
  /** `default/Deployment/store-front`; the system's own are marked. */
  readonly workload: string;
  readonly system: boolean;
  /** URN of the resource that declares the workload, where it is one of the stack's. */
  readonly resource?: Urn;
  readonly node: string;
  readonly zone?: string;
  readonly change: "stays" | "new" | "moved" | "gone";
  /** Node of a moved pod before. */
  readonly from?: string;
  /** Real names of pods that run, symbolic ones (`store-front#1`) of those to come. */
  readonly pods: readonly string[];
  /** Why this node, in words made from the verdict that decided: `best of 3 nodes: 663 against 586`. Absent for pods that stay or go. */
  readonly why?: string;
  readonly certainty?: "forced" | "unique" | "tied" | "order-sensitive" | "image-sensitive";
  /** How many nodes were as good, where the choice was a tie. */
  readonly tied?: number;
  /** Those nodes, the chosen one among them, unless they are many. */
  readonly best?: readonly string[];
}

/** Pods that find no node. */
export interface UnplacedGroup {
  readonly workload: string;
  readonly system: boolean;
  readonly resource?: Urn;
  readonly pods: readonly string[];
  /** kube-scheduler's message, to the letter. */
  readonly message: string;
  /** Node by node, what refused: the verdicts that made the message. */
  readonly nodes: readonly NodeRefusal[];
  /** The smallest change that places these pods while nothing else changes. Absent where it was not looked for: the cluster goes, or its pools are not known. */
  readonly remedy?: Remedy;
}

/** What gives pods a node, found by scheduling them. */
export type Remedy =
  /** More nodes of a pool; `monthly` is their price in USD, `pods` how many of the pods fit then. */
  | {
      readonly kind: "more-nodes";
      readonly pool: string;
      readonly nodes: number;
      readonly pods: number;
      readonly monthly?: number;
    }
  /** Smaller requests, and where the pod then goes; with a `pool`, to one more node of it. In the units of {@link ResourceUse}. */
  | {
      readonly kind: "smaller-request";
      readonly node: string;
      readonly pool?: string;
      readonly monthly?: number;
      readonly less: readonly { readonly resource: string; readonly amount: number }[];
      readonly pods: number;
    }
  /** Neither helps: what refuses, on nodes that are there and on new ones of each pool. */
  | { readonly kind: "refused"; readonly reasons: readonly string[] };

/** Why one node does not take a pod. */
export interface NodeRefusal {
  readonly node: string;
  /** The scheduler's plugin that refused; absent where another had narrowed the nodes before. */
  readonly plugin?: string;
  readonly reasons: readonly string[];
  /** Resources of which the node has too little, in the units of {@link ResourceUse}. */
  readonly shortages: readonly ResourceShortage[];
}

export interface ResourceShortage {
  readonly resource: string;
  readonly requested: number;
  readonly used: number;
  readonly capacity: number;
  readonly shortBy: number;
}

/** A workload that does not get where its spec wants it, although nothing more happens. */
export interface StuckRollout {
  readonly workload: string;
  readonly system: boolean;
  readonly resource?: Urn;
  /** Pods wanted. */
  readonly desired: number;
  /** Pods of the newest template. */
  readonly updated: number;
  /** Ready pods of any template. */
  readonly ready: number;
  /** Pods that wait for a node. */
  readonly unplaced: readonly string[];
}

/** A service and where its traffic goes. */
export interface ServiceWiring {
  /** `default/store-front` */
  readonly service: string;
  readonly resource?: Urn;
  readonly change: "stays" | "new" | "changed" | "gone";
  readonly type: string;
  /** Absent for headless services and while not known. */
  readonly clusterIP?: string;
  readonly selector?: string;
  /** External address where one is known; `pending` for a load balancer to be made. */
  readonly external?: string;
  readonly ports: readonly ServicePortWiring[];
  readonly endpoints: readonly EndpointWiring[];
  readonly endpointsBefore: number;
}

export interface ServicePortWiring {
  readonly name?: string;
  readonly protocol: string;
  readonly port: number;
  /** As written: a number or a container port's name. */
  readonly targetPort: number | string;
  /** The number it comes to in the selected pods; several when revisions differ. */
  readonly resolved: readonly number[];
  readonly nodePort?: number | "allocated";
}

export interface EndpointWiring {
  /** Pod by name; its address only when it runs. */
  readonly pod: string;
  readonly node: string;
  readonly zone?: string;
  readonly address?: string;
  readonly change: "stays" | "new" | "gone";
}

export interface CostPlan {
  /** USD a month (730 h). Absent where a price is not known; then `unpriced` says which. */
  readonly before?: number;
  readonly after?: number;
  readonly items: readonly CostItem[];
  readonly unpriced: readonly string[];
  /** Sources of the prices, with their dates. */
  readonly sources: readonly string[];
}

export interface CostItem {
  readonly urn: Urn;
  readonly what: string;
  readonly before?: number;
  readonly after?: number;
}

export interface OutputChange {
  readonly name: string;
  readonly action: "create" | "update" | "delete" | "no-op";
  readonly before?: Json;
  readonly after?: Json;
}

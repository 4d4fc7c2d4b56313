import type { Json, JsonObject, Urn } from "@berth/core";
import type { Problem, SourceSite } from "@berth/diagnostics";

/**
 * The Plan: the contract in the middle of the house. Plain JSON, deterministic bytes, no time,
 * no UID, no resource version, no secret. Everything that a person reads is rendered from it.
 * Its JSON Schema is `docs/plan.schema.json`.
 *
 * Unknown values are `{ "$berth": "unknown", "producers": ["store.id"] }`, secrets
 * `{ "$berth": "secret" }`.
 */
export interface Plan {
  readonly format: "berth.plan";
  readonly version: 1;
  readonly project: string;
  readonly stack: string;
  readonly operation: "up" | "destroy";
  /** What it was made against; a plan is applied only to the state that it was made from. */
  readonly base: { readonly serial: number; readonly stateDigest: string; readonly graphDigest: string };
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
}

export type Action = "create" | "update" | "replace" | "delete" | "read" | "no-op";

export interface Summary {
  readonly create: number;
  readonly update: number;
  readonly replace: number;
  readonly delete: number;
  readonly unchanged: number;
  /** Pods as a result of this plan. */
  readonly pods: { readonly new: number; readonly moved: number; readonly gone: number; readonly staying: number; readonly unplaced: number };
}

/** Why a change is made, as the rule that decided says it. */
export type ActionReason =
  | { readonly kind: "not-recorded" }
  | { readonly kind: "not-declared" }
  | { readonly kind: "inputs-changed" }
  | { readonly kind: "cannot-update"; readonly paths: readonly string[]; readonly rule: string }
  | { readonly kind: "interrupted"; readonly text: string }
  | { readonly kind: "destroy" };

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
  /** Differences by meaning; for a create the inputs are in `after` and this is empty. */
  readonly properties: readonly PlannedPropertyChange[];
  readonly before?: JsonObject;
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
}

/** One side effect. A replacement is two steps. */
export interface Step {
  /** `1`, `2`, … in plan order. */
  readonly id: number;
  readonly urn: Urn;
  readonly action: "create" | "update" | "delete" | "read";
  /** Ids of the steps that must have succeeded. */
  readonly after: readonly number[];
}

/** What happens in one cluster. */
export interface ClusterPlan {
  readonly cluster: Urn;
  readonly name: string;
  readonly kubernetes: string;
  readonly flavour: "upstream" | "aks";
  /** Where the picture of the cluster comes from. */
  readonly observed: "live" | "saved" | "synthesised";
  readonly nodes: readonly NodeUse[];
  readonly placement: readonly PlacementGroup[];
  readonly unplaced: readonly UnplacedGroup[];
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
  /** The nodes that were as good, the chosen one among them, where the choice was a tie. */
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
  readonly nodes: readonly { readonly node: string; readonly plugin: string; readonly reasons: readonly string[] }[];
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

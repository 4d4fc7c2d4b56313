import type { JsonObject, Unknown, Urn } from "./json.ts";

/**
 * Facets tell the planner what a resource means for clusters without telling it which cloud it
 * comes from. A facet is made by a pure function of type, inputs and outputs
 * ({@link ResourceDefinition.facets}), so that a recorded resource which the program no longer
 * declares has it too. They hold plain JSON. A new cloud is a new package with new facet
 * functions, and not one line in the planner.
 */
export type Facet =
  | ClusterFacet
  | NodeSupplyFacet
  | KubernetesObjectFacet
  | CostFacet
  | LimitFacet
  | FrontendFacet;

/** Any part of a facet may depend on something that is not known yet. */
export type MaybeUnknown<T> = T | Unknown;

/** This resource is a Kubernetes cluster. Its identity is the resource's URN. */
export interface ClusterFacet {
  readonly kind: "Cluster";
  readonly cluster: Urn;
  /** Minor version, `"1.36"`. */
  readonly kubernetes: MaybeUnknown<string>;
  /** Whose scheduler defaults apply. */
  readonly flavour: "upstream" | "aks";
  /** CIDR of pod addresses, where the network has one. */
  readonly podRange?: MaybeUnknown<string>;
  /** Service addresses; absent where the cluster's are not known offline (then none are assigned). */
  readonly services?: MaybeUnknown<ServiceAddresses>;
  /** What the cluster runs by itself (system daemon sets and deployments), as Kubernetes objects. */
  readonly systemObjects: readonly JsonObject[];
}

/** IPv4 addresses for services, and the part of them in which static addresses are safe. */
export interface ServiceAddresses {
  /** `10.0.0.0/16` */
  readonly range: string;
  /** First and last address of the static band, which dynamic allocation uses last. */
  readonly firstStatic: string;
  readonly lastStatic: string;
  /** Taken from the start: the API server's own service, DNS. */
  readonly reserved: readonly string[];
}

/** This resource supplies equal nodes to a cluster. */
export interface NodeSupplyFacet {
  readonly kind: "NodeSupply";
  readonly cluster: Urn;
  /** The pool's physical name: nodes carry it in {@link poolLabel}. */
  readonly pool: string;
  /** Label by which existing nodes of this pool are recognised: `[key, value]`. */
  readonly poolLabel: readonly [string, string];
  /** Number of nodes wanted. */
  readonly count: MaybeUnknown<number>;
  /** What people call the shape: `Standard_D4s_v5`. */
  readonly shape: string;
  /**
   * A Node object per zone (one where the pool is not zonal), without a name, as such a node
   * joins: labels, taints, capacity, allocatable. The next node goes to the first of the
   * templates with the fewest nodes.
   */
  readonly templates: MaybeUnknown<readonly JsonObject[]>;
  /** Label whose value tells which template a node was made from; absent where there is one template. */
  readonly zoneLabel?: string;
}

/** This resource is an object of the Kubernetes API. */
export interface KubernetesObjectFacet {
  readonly kind: "KubernetesObject";
  readonly cluster: Urn;
  /** The object as it will be applied. What is not known yet is left out, each secret is its {@link standInFor}. */
  readonly object: JsonObject;
  /** Paths of what is left out because it is not known yet: `spec.replicas`. */
  readonly unknownPaths: readonly string[];
}

/** What this resource costs. */
export interface CostFacet {
  readonly kind: "Cost";
  /** `3 × Standard_D4s_v5` */
  readonly what: string;
  /** USD a month of 730 hours; absent with a {@link reason} where no price is known. */
  readonly monthly?: MaybeUnknown<number>;
  readonly reason?: string;
  /** Where the price comes from, with its date. */
  readonly source: string;
}

/** A named amount that runs out (quota, addresses, ports), or a draw on one. */
export interface LimitFacet {
  readonly kind: "Limit";
  /** `westeurope/standardDSv5Family`, `subnet/…/addresses`. */
  readonly name: string;
  readonly unit: string;
  readonly capacity?: MaybeUnknown<number>;
  readonly draw?: MaybeUnknown<number>;
}

/** An address through which a service is reached from outside. */
export interface FrontendFacet {
  readonly kind: "Frontend";
  readonly cluster: Urn;
  readonly address: MaybeUnknown<string>;
  /** `namespace/name` of the service. */
  readonly service: string;
}

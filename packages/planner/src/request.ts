import type { ClusterSnapshot, Graph, ResourceDefinition, ResourceRecord, StackState, Urn, Value } from "@berth/core";
import type { Plan } from "./plan.ts";

/** Everything that a plan is made from. The planner reads nothing else: no clock, no network, no file. */
export interface PlanRequest {
  /** `destroy` plans the deletion of all that is recorded; the graph then only says where things are declared. */
  readonly operation: "up" | "destroy";
  readonly graph: Graph;
  readonly recorded: StackState;
  /** What each cluster holds, by the URN of the cluster. A cluster that is missing here is synthesised from its facets. */
  readonly observed: ReadonlyMap<Urn, ObservedCluster>;
  /** Definition of a type, also of types that only the state mentions. */
  readonly definition: (type: string) => ResourceDefinition | undefined;
  /**
   * Keyed digest of a secret's plaintext, the one that {@link EncryptedValue.digest} holds. Without
   * it (no key at hand) a secret compares as `may change (secret not readable)`.
   */
  readonly secretDigest?: (plaintext: Value) => string;
  /** Absolute folder of the project: sites in the Plan are relative to it, so that plans made elsewhere are the same bytes. */
  readonly projectFolder?: string;
}

/** A cluster as it was observed, and how. */
export interface ObservedCluster {
  readonly snapshot: ClusterSnapshot;
  /** `saved`: from beside the state, since the provider could not be reached or was not to be. */
  readonly how: "live" | "saved";
}

/** A plan, and what the engine writes that is not a step. */
export interface PlanResult {
  readonly plan: Plan;
  /**
   * Records whose bookkeeping alone is another one (dependencies, references, parent, protect, which
   * inputs are secret): written with the plan, without a side effect and without being a change.
   */
  readonly bookkeeping: readonly ResourceRecord[];
}

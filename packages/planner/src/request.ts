import type {
  ClusterSnapshot,
  EncryptedValue,
  Graph,
  JsonObject,
  RecordedOptions,
  ResourceDefinition,
  StackState,
  Urn,
  Value,
  ValueObject,
} from "@berth/core";
import type { Plan } from "./plan.ts";

/** Everything that a plan is made from. The planner reads nothing else: no clock, no network, no file. */
export interface PlanRequest {
  /**
   * `destroy` plans the deletion of all that is recorded, `refresh` that what is {@link live} becomes what is recorded;
   * the graph then only says where things are declared.
   */
  readonly operation: "up" | "destroy" | "refresh";
  readonly graph: Graph;
  readonly recorded: StackState;
  /** What each cluster holds, by the URN of the cluster. A cluster that is missing here is synthesised from its facets. */
  readonly observed: ReadonlyMap<Urn, ObservedCluster>;
  /**
   * What providers read just now, by URN: of recorded resources in a refresh, of what is imported, of what the program
   * only reads. A resource that is missing here was not looked at.
   */
  readonly live?: ReadonlyMap<Urn, LiveResource>;
  /** Which part of the stack is planned; absent: all of it. */
  readonly scope?: PlanScope;
  /** Definition of a type, also of types that only the state mentions. */
  readonly definition: (type: string) => ResourceDefinition | undefined;
  /** Absent where the key is not at hand: a secret then compares as `may change (secret not readable)`. */
  readonly secrets?: SecretReader;
  /** Absolute folder of the project: sites in the Plan are relative to it, so that plans made elsewhere are the same bytes. */
  readonly projectFolder?: string;
}

/** Reads what the state keeps of secrets. */
export interface SecretReader {
  /** Keyed digest of a plaintext, the one that {@link EncryptedValue.digest} holds. */
  digest(plaintext: Value): string;
  decrypt(value: EncryptedValue): Value;
}

/** A resource as its provider read it just now. */
export type LiveResource =
  | {
      readonly kind: "found";
      readonly id: string;
      /** Everything the API tells; what only it knows (defaults, status) is told apart by comparing with what is recorded. */
      readonly inputs: JsonObject;
      readonly outputs: ValueObject;
      /** The id that it was asked for by, where the program says it: of what it only reads. */
      readonly asked?: string;
      /** Project and stack in the mark that it carries, `shop/prod`. */
      readonly markedFor?: string;
    }
  | {
      readonly kind: "gone";
      readonly asked?: string;
      /** It is recorded: it was there, and is to be made again, also where the program says that it is imported. */
      readonly wasRecorded?: true;
    };

/**
 * A slice of the stack. Patterns are URNs, logical paths (`front/service`) or types with path (`kubernetes:Service::front/*`),
 * with `*` for any part of one name and `**` for any part of the whole. A component stands for all that is in it.
 */
export interface PlanScope {
  /** Only these, and what they need. Empty: everything. */
  readonly targets: readonly string[];
  /** Not these, nor what needs them. */
  readonly excludes: readonly string[];
  /** These are replaced, whether anything about them changed or not; where there are targets, they are targets too. */
  readonly replaces: readonly string[];
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
  /** What the records of unchanged resources must say anew: written with the plan, without a side effect and without being a change. */
  readonly bookkeeping: readonly Bookkeeping[];
  /** What records must say of what was observed: written before the first step, without a side effect. */
  readonly refreshed: readonly Refreshed[];
  /** Resources outside of the scope that stand as they are recorded; absent where all of the stack was planned. */
  readonly kept?: ReadonlySet<Urn>;
}

/** What was observed of a recorded resource and differs from its record. */
export type Refreshed =
  | {
      readonly kind: "changed";
      readonly urn: Urn;
      readonly id: string;
      /** Secrets that are recorded already stand encrypted in them, others as `Secret`. */
      readonly inputs: ValueObject;
      readonly outputs: ValueObject;
    }
  | {
      readonly kind: "gone";
      readonly urn: Urn;
      /** Operation key of the superseded record that it is about. */
      readonly superseded?: string;
    };

/** The parts of a record that have no effect on what it is about. */
export interface Bookkeeping {
  readonly urn: Urn;
  readonly dependencies: readonly Urn[];
  readonly references: Readonly<Record<string, readonly Urn[]>>;
  readonly parent?: Urn;
  /** The provider resource that the program names for it, of the same account as before. */
  readonly providerResource?: Urn;
  readonly protect: boolean;
  /** What the record keeps of the resource's options. Absent: nothing. */
  readonly options?: RecordedOptions;
  /** What the option `replacementTrigger` comes to is to be recorded with {@link options}, for the first time. */
  readonly hasNewTrigger?: true;
  /** The same inputs, in which other parts are secret than were; absent where that did not change. */
  readonly inputs?: ValueObject;
}

import type { Problem } from "@berth/diagnostics";
import type { Facet } from "./facets.ts";
import type { Json, JsonObject, Urn, Value, ValueObject } from "./json.ts";

/**
 * A JSON Schema (draft 2020-12 as ajv reads it) with berth's own annotations. It is the truth about a property:
 * what is valid, what forces replacement, and how two values are compared.
 */
export type Schema = JsonObject & {
  /**
   * Changing this property replaces the resource; the text says by which rule (shown to people). On an output: it
   * cannot change without a replacement, so it stays known in previews of an update.
   */
  readonly immutable?: string;
  /** How two values of this property are compared; structural equality otherwise. */
  readonly compare?: "case-insensitive" | "location" | "set" | "quantity" | "json" | "yaml";
  /** For arrays of objects: the properties that identify an element. */
  readonly keys?: readonly string[];
  /** Of these, what stands for one that is left out. */
  readonly keyDefaults?: Readonly<Record<string, string>>;
  /** The value is secret wherever it appears. */
  readonly secret?: boolean;
  /**
   * The property is (a part of) the physical name: a `{generation}` in it stands for a number that grows with each
   * replacement, so that old and new can stand side by side.
   */
  readonly generation?: boolean;
  /** Of a component's input: the value is a resource or component, not JSON. */
  readonly resource?: boolean;
};

/** One difference between two sets of inputs, by meaning. */
export interface PropertyChange {
  /** `spec.template.spec.containers[name=web].image` */
  readonly path: string;
  readonly kind: "add" | "remove" | "change";
  readonly before?: Value;
  readonly after?: Value;
  /** The rule that makes this difference a replacement, in words; absent where an update will do. */
  readonly forcesReplacement?: string;
}

/** In what {@link ResourceDefinition.written} answers: a value that another resource has. */
export type WrittenReference = {
  readonly $berth: "reference";
  /** Which resource: its type, and inputs that say which one ({@link ResourceDefinition.identity}). */
  readonly type: string;
  readonly inputs: JsonObject;
  /** The property that has the value; absent: the resource itself is what is wanted. */
  readonly property?: string;
  /** What to write where that resource is not declared beside it: the value itself, or the physical id to read it by. */
  readonly otherwise: Json;
};

/** A resource as facet functions and predictions see it: desired or recorded, they can't tell. */
export interface ResourceView {
  readonly urn: Urn;
  readonly type: string;
  readonly inputs: ValueObject;
  /** Recorded outputs, or those predicted; empty for a resource that does not exist yet. */
  readonly outputs: ValueObject;
  /** Which resources each top-level input takes values from. */
  readonly references: Readonly<Record<string, readonly Urn[]>>;
  /** The Kubernetes cluster that the resource lives on. */
  readonly cluster?: Urn;
}

/**
 * Everything that berth knows of a resource type, all of it pure. It is registered per type, so
 * that it is there for recorded resources which no program declares any more.
 */
export interface ResourceDefinition {
  /** `azure:NodePool`: package, then kind. */
  readonly type: string;
  /** Name of the provider that makes it: `azure`. */
  readonly provider: string;
  /** Closed object schema of the inputs. */
  readonly inputs: Schema;
  /** Outputs that the provider returns, by name. */
  readonly outputs: Readonly<Record<string, Schema>>;
  /** Whether the resource lives on a Kubernetes cluster (`{ cluster }`). */
  readonly onCluster: boolean;
  /** Whether the resource is a Kubernetes cluster on which others can live. */
  readonly isCluster?: boolean;
  /**
   * Whether the resource configures the provider named in {@link provider}, instead of being made by it: it is only
   * recorded, and no provider is asked to make it. An `immutable` input of it says which account it is: with another
   * value of it, what was made with this provider is replaced.
   */
  readonly isProvider?: boolean;
  /**
   * What inputs are made of, where `inputs` leaves that open since other tables check it: a schema that is asked
   * for names, `keys` and `keyDefaults`, never to check anything. Asked once, with `inputs`.
   */
  shape?(inputs: Schema): Schema;
  /**
   * Resources of this type are only read, as by `X.get`: by this id, made of what the program gives. Nobody makes them.
   */
  reads?(given: unknown): string;
  /** Checks beyond the schema. Parts that are not known yet are absent from `inputs`. */
  validate?(inputs: JsonObject): readonly Problem[];
  /** Fills defaults and canonical forms before inputs are compared, shown or sent. */
  normalise?(inputs: ValueObject): ValueObject;
  /**
   * Differences by meaning; where absent, the planner compares by the schema's annotations. Both sides are plain JSON:
   * what is not known and what is secret stands as an opaque object, the same one where two secrets are equal. How
   * certain a difference is, the planner tells.
   */
  compare?(before: JsonObject, after: JsonObject): readonly PropertyChange[];
  /**
   * The part of what the API tells of the resource that the recorded inputs speak about, in their form; where absent,
   * the planner takes it by the schema. What the API adds by itself, and what others added beside it, is left out;
   * what is no longer there is absent. Where `recorded` has an opaque object (a secret), `opaque` says what stands there.
   */
  project?(recorded: JsonObject, live: JsonObject, opaque: (recorded: Json, live: Json) => Json): JsonObject;
  /**
   * Updates that the API would refuse, as it is known beforehand: a version that goes back. Both sides are plain JSON as in
   * {@link compare}. It is not asked about a replacement, which makes another one.
   */
  forbid?(before: JsonObject, after: JsonObject): readonly Problem[];
  /**
   * What a program would say to declare what is there: the constructor's second argument, without what the API, the
   * schema or the constructor fills in. What is better taken from another resource is a {@link WrittenReference}.
   * Absent: the type cannot be written.
   *
   * @param live - as a read answers it, secrets in plaintext
   * @param id - its physical id
   */
  written?(live: JsonObject, id: string): JsonObject;
  /** Outputs that follow from the inputs alone, known before the resource exists. */
  predict?(view: ResourceView): ValueObject;
  /** What it means for clusters. */
  facets?(view: ResourceView): readonly Facet[];
  /**
   * Physical identity as people know it (`rg/store`, `apps/v1 Deployment default/web`), from normalised
   * inputs; `undefined` while a part of it is not known. Two resources of a stack with one identity (and one
   * provider and cluster) are an error, and so is a create of one that exists already.
   */
  identity?(inputs: ValueObject): string | undefined;
}

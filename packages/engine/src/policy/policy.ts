import type { Json, JsonObject, Urn } from "@berth/core";
import type { SourceSite } from "@berth/diagnostics";
import type { Plan } from "@berth/planner";

/**
 * A rule about what is declared, or about what a plan comes to. Policies are plain objects that a module exports as
 * `policies`; berth.yaml names the module. They are meant to be pure: the same subject, the same findings, no files, no
 * network. Nothing enforces that, but a saved plan whose policies find something else the second time is refused.
 *
 * @example
 * import type { PlanPolicy, Policy } from "@berth/engine";
 *
 * const fewEvictions: PlanPolicy<{ most: number }> = {
 *   kind: "plan",
 *   name: "few-evictions",
 *   description: "No plan moves more than so many pods.",
 *   level: "mandatory",
 *   configuration: { most: 1 },
 *   check: ({ plan }, { most }) =>
 *     plan.summary.pods.moved > most ? `the plan moves ${plan.summary.pods.moved} pods, and ${most} may be moved` : [],
 * };
 * export const policies: readonly Policy[] = [fewEvictions];
 */
export type Policy = ResourcePolicy | GraphPolicy | PlanPolicy;

/** What policies of every kind say of themselves. `C` is the shape of their configuration. */
interface Rule<C extends JsonObject> {
  /** Small letters, digits and `-`: `few-evictions`. One of its name in a project. */
  readonly name: string;
  /** The rule in one sentence. */
  readonly description: string;
  /** The values that may be set in berth.yaml, with what they are where nothing is said. Absent: none. */
  readonly configuration?: C;
}

/** What a finding of a policy means: `advisory` warns, `mandatory` denies the plan. */
export type CheckLevel = "advisory" | "mandatory";

/**
 * `remediating`: the policy mends what it finds, before planning; what it leaves unmended denies the plan.
 */
export type PolicyLevel = CheckLevel | "remediating";

/** A rule about single resources. */
export interface ResourcePolicy<C extends JsonObject = JsonObject> extends Rule<C> {
  readonly kind: "resource";
  readonly level: PolicyLevel;
  /** Only resources of these types; `kubernetes:*` means all of a package. Absent: all. */
  readonly types?: readonly string[];
  check?(resource: PolicyResource, configuration: C): Findings;
  /** Of a remediating one: the inputs that it is to have, or nothing where they are right. */
  remediate?(resource: PolicyResource, configuration: C): JsonObject | undefined;
}

/** A rule about all resources together. */
export interface GraphPolicy<C extends JsonObject = JsonObject> extends Rule<C> {
  readonly kind: "graph";
  readonly level: CheckLevel;
  check(graph: PolicyGraph, configuration: C): Findings;
}

/** A rule about what a plan does and comes to: changes, placement, wiring, cost. */
export interface PlanPolicy<C extends JsonObject = JsonObject> extends Rule<C> {
  readonly kind: "plan";
  readonly level: CheckLevel;
  check(subject: PolicyPlan, configuration: C): Findings;
}

/** What a check found: nothing, a sentence, or findings with more to them. */
export type Findings = string | Finding | readonly (string | Finding)[] | undefined;

export interface Finding {
  readonly message: string;
  /** The way out. */
  readonly hint?: string;
  /** The resource that it is about, where that is not the one that was checked. */
  readonly resource?: Urn;
  /** Property path in that resource's inputs. */
  readonly path?: string;
}

/**
 * A resource as policies see it. In its values, what is not known yet is `{ $berth: "unknown", producers }`, and a
 * secret is `{ $berth: "secret" }`: policies never see one.
 */
export interface PolicyResource {
  readonly urn: Urn;
  readonly type: string;
  /** Logical name. */
  readonly name: string;
  readonly provider: string;
  /** Normalised: with defaults filled in. */
  readonly inputs: JsonObject;
  /** As they are recorded, or predicted. */
  readonly outputs: JsonObject;
  readonly parent?: Urn;
  readonly cluster?: Urn;
  readonly dependencies: readonly Urn[];
  readonly protect: boolean;
  /** Where it is declared; absent for what is only recorded. */
  readonly site?: SourceSite;
}

export interface PolicyGraph {
  readonly project: string;
  readonly stack: string;
  /** Each after what it depends on. */
  readonly resources: readonly PolicyResource[];
}

export interface PolicyPlan extends PolicyGraph {
  readonly plan: Plan;
}

/** Configuration of policies by name, as berth.yaml has it; `level` sets another level. */
export type PolicySettings = Readonly<Record<string, Readonly<Record<string, Json>>>>;

/** A policy with the configuration that holds for it. */
export interface ConfiguredPolicy {
  readonly policy: Policy;
  readonly level: PolicyLevel;
  readonly configuration: JsonObject;
}

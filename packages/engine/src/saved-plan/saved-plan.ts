import type { Json, Urn } from "@berth/core";
import type { Plan, PlanScope } from "@berth/planner";

/**
 * A plan as it is kept in a file, with all that it rests on. The file says what was approved and never supplies a
 * value: applying it runs the program and plans again, and refuses whatever is not the same.
 *
 * No secret is in it, and no digest of one that is not keyed.
 */
export interface SavedPlan {
  readonly format: "berth.saved-plan";
  readonly version: 1;
  readonly plan: Plan;
  readonly bindings: Bindings;
  readonly options: SavedOptions;
}

/** What was asked for when the plan was made, and is when it is applied. */
export interface SavedOptions {
  readonly operation: "up" | "destroy";
  readonly scope?: PlanScope;
  /** Recorded resources were read, and what differed was planned against. */
  readonly refresh?: true;
}

/** What a plan rests on: where one of these is another one, it is stale. */
export interface Bindings {
  /** Version of berth. */
  readonly berth: string;
  readonly graph: GraphBinding;
  readonly configuration: ConfigurationBinding;
  readonly state: { readonly serial: number; readonly digest: string };
  /** Each cluster as it was observed, by its URN. */
  readonly observed: Readonly<Record<Urn, ObservedBinding>>;
  /** Tables that decide what a plan says, by name: their date and digest. */
  readonly catalogue: Readonly<Record<string, string>>;
  /** Fingerprints of the policies that looked at it, by name: their functions' text, level and configuration. */
  readonly policies: Readonly<Record<string, string>>;
}

/** What the program declares, as fingerprints: shortened by resource, whole over all. */
export interface GraphBinding {
  readonly digest: string;
  readonly resources: Readonly<Record<Urn, string>>;
  readonly outputs: string;
}

export interface ConfigurationBinding {
  /** Where people find it: `berth.dev.yaml`. */
  readonly source: string;
  /** Values by key, as the program reads them. */
  readonly values: Readonly<Record<string, ConfigurationValue>>;
}

/** A value, or, of a secret and of what the program makes one, its keyed digest. Absent where no key was at hand. */
export type ConfigurationValue =
  | { readonly value: Json }
  | { readonly secret: true; readonly digest?: string };

export interface ObservedBinding {
  readonly how: "live" | "saved";
  /** Fingerprints of what it holds, by `v1 Node default/user-1`; times, versions and UIDs left out. */
  readonly objects: Readonly<Record<string, string>>;
}

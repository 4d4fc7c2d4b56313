import type { JsonObject, MutableJsonObject } from "../json.ts";
import type { ContentCheck } from "./content.ts";
import type { FieldError } from "./field-error.ts";

/** What admission needs to know of the cluster; all of it may be left out. */
export interface Admission {
  /**
   * The priority class of that name, or the cluster's default one where no name is given; nothing where there is
   * none. Where this is absent, named classes are taken to be worth 0.
   */
  readonly priorityClass?: (name: string | undefined) => Priority | undefined;
}

/** What a priority class gives its pods. */
export interface Priority {
  readonly name: string;
  readonly value: number;
  readonly preemptionPolicy?: string;
}

/**
 * What an API server does with the objects of one kind beyond decoding and defaulting: it prepares them for being
 * stored, then checks them. Everything is optional; see `rules-of.ts` for what holds for every kind.
 */
export interface KindRules {
  /** What names may look like. */
  readonly checkName?: ContentCheck;
  /** Whether `metadata.generation` counts changes of the spec. */
  readonly hasGeneration?: boolean;
  /** Whether changed annotations count for the generation too. */
  readonly countsAnnotations?: boolean;
  /** Fills what only the server sets on a new object; its status has been reset already. */
  readonly prepareCreate?: (object: MutableJsonObject, admission: Admission) => void;
  /** Carries over what a request may leave out; the status is the stored one already. */
  readonly prepareUpdate?: (object: MutableJsonObject, live: JsonObject, admission: Admission) => void;
  /** Why admission forbids a new object, whatever its fields; nothing where it does not. */
  readonly forbidCreate?: (object: JsonObject, admission: Admission) => string | undefined;
  readonly checkCreate?: (object: JsonObject) => readonly FieldError[];
  readonly checkUpdate?: (object: JsonObject, live: JsonObject) => readonly FieldError[];
}

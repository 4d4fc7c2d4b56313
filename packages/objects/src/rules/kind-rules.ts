import type { JsonObject, MutableJsonObject } from "../json.ts";
import type { ContentCheck } from "./content.ts";
import type { FieldError } from "./field-error.ts";

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
  readonly prepareCreate?: (object: MutableJsonObject) => void;
  /** Carries over what a request may leave out; the status is the stored one already. */
  readonly prepareUpdate?: (object: MutableJsonObject, live: JsonObject) => void;
  readonly checkCreate?: (object: JsonObject) => readonly FieldError[];
  readonly checkUpdate?: (object: JsonObject, live: JsonObject) => readonly FieldError[];
}

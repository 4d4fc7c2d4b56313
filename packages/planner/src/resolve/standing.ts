import type { GraphResource, Json, ResourceRecord, ResourceView, ValueObject } from "@berth/core";
import type { Difference } from "../compare/difference.ts";
import type { ActionReason, Change } from "../plan.ts";

/** A declared resource as it will stand, and what has to be done for it. */
export interface Standing {
  readonly resource: GraphResource;
  readonly recorded: ResourceRecord | undefined;
  /** Evaluated and normalised, with {@link assigned} in it. */
  readonly inputs: ValueObject;
  /** Values that the planner chose, by property path. */
  readonly assigned: Readonly<Record<string, Json>>;
  readonly action: "create" | "update" | "replace" | "import" | "read" | "no-op";
  /** `may`: depends on what {@link because} names. */
  readonly certainty: "will" | "may";
  readonly because: readonly string[];
  /** Absent for a no-op. */
  readonly reason: ActionReason | undefined;
  readonly differences: readonly Difference[];
  /** Of a replacement: what comes first. */
  readonly replacement?: Change["replacement"] & string;
  /** What stands for `{generation}` in {@link inputs}, less one: how often it was replaced. */
  readonly generation: number;
  /** Whether inputs are, structurally and in what is secret, those that are recorded. */
  readonly asRecorded: boolean;
  /** As others see it: outputs as far as they are known. */
  readonly view: ResourceView;
}

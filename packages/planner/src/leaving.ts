import type { GraphResource, ResourceRecord } from "@berth/core";
import type { ActionReason } from "./plan.ts";

/** A recorded resource that goes and is not made again. */
export interface Leaving {
  readonly record: ResourceRecord;
  readonly reason: ActionReason;
  /** Where it is declared still: in a destroy. */
  readonly declared: GraphResource | undefined;
}

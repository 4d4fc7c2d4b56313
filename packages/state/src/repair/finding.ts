import type { Urn } from "@berth/core";

/** One thing that a repair found, and what it does about it. */
export interface RepairFinding {
  /**
   * `lost`: it was recorded and cannot be read any more. `dropped`: it can be read and cannot stand.
   * `changed`: something about a record is left out or put in order. `kept`: damage that cost nothing.
   */
  readonly what: "lost" | "dropped" | "changed" | "kept";
  /** The resource that it is about, where that can be told. */
  readonly urn?: Urn;
  /** For people; names what is left to do. No secrets. */
  readonly message: string;
}

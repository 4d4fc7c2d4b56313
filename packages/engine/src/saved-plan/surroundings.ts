import type { Value } from "@berth/core";

/** What a plan rests on besides program, state and world: what only the composition root knows. */
export interface Surroundings {
  /** Version of berth. */
  readonly berth: string;
  readonly configuration: {
    /** Where people find it: `berth.dev.yaml`. */
    readonly source: string;
    /** Values by key, as the program reads them. */
    readonly values: Readonly<Record<string, Value>>;
  };
  /** Tables that decide what a plan says (sizes of machines, prices), by name: their date and digest. */
  readonly catalogue: Readonly<Record<string, string>>;
}

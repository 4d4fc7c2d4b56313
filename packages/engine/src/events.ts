import type { PendingOperation, Urn } from "@berth/core";
import type { Plan, Step } from "@berth/planner";
import type { Problem } from "@berth/diagnostics";

/** What an operation tells while it runs. Data only, no secrets; texts are made elsewhere. */
export type EngineEvent =
  | { readonly kind: "planning"; readonly operation: OperationName }
  | { readonly kind: "planned"; readonly plan: Plan }
  | SettledEvent
  | { readonly kind: "applying"; readonly steps: number }
  | StepEvent
  | FinishedEvent;

export type OperationName = "preview" | "up" | "destroy" | "refresh";

/** What became of an operation that an earlier run began and never ended. */
export interface SettledEvent {
  readonly kind: "settled";
  readonly urn: Urn;
  readonly action: PendingOperation["action"];
  /** `adopted`: it was created, and is recorded now. `gone`: it was deleted. `never-happened`: nothing came of it. */
  readonly outcome: "adopted" | "gone" | "never-happened";
}

export interface StepSubject {
  readonly step: number;
  readonly urn: Urn;
  readonly type: string;
  /** Logical name. */
  readonly name: string;
  readonly action: Step["action"];
}

export type StepEvent =
  | (StepSubject & { readonly kind: "step-started" })
  | (StepSubject & { readonly kind: "step-progress"; readonly message: string })
  | (StepSubject & {
      readonly kind: "step-succeeded";
      /** `unchanged`: the change was only a `may`, and there was nothing to do. */
      readonly outcome: "done" | "unchanged";
    })
  | (StepSubject & { readonly kind: "step-failed"; readonly problems: readonly Problem[] });

export interface FinishedEvent {
  readonly kind: "finished";
  readonly operation: OperationName;
  readonly status: OperationStatus;
  readonly counts: StepCounts;
}

/** `refused`: whoever was asked said no; nothing was applied. */
export type OperationStatus = "succeeded" | "failed" | "cancelled" | "refused";

/** How many steps came to what. */
export interface StepCounts {
  readonly done: number;
  readonly unchanged: number;
  readonly failed: number;
  readonly notStarted: number;
}

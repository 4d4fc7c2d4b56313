import type { Graph, JsonObject, ResourceDefinition, SecretsKey } from "@berth/core";
import type { Problem } from "@berth/diagnostics";
import type { Plan, PlanRequest, PlanResult, PlanScope, Step } from "@berth/planner";
import type { Secrets, StateBackend } from "@berth/state";
import type { EngineEvent, OperationStatus } from "./events.ts";
import type { ConfiguredPolicy } from "./policy/policy.ts";
import type { ProviderSource } from "./providers.ts";
import type { SavedPlan } from "./saved-plan/saved-plan.ts";
import type { Surroundings } from "./saved-plan/surroundings.ts";

/** What every operation needs. */
export interface Operation {
  /** What the program declared. For a destroy it only says where things are declared. */
  readonly graph: Graph;
  /** Definition of a resource type, also of types that only the state mentions. */
  readonly definition: (type: string) => ResourceDefinition | undefined;
  readonly providers: ProviderSource;
  readonly backend: StateBackend;
  /** The stack's secrets, given which key the state says they are encrypted with. */
  readonly secrets: (recorded: SecretsKey | undefined) => Secrets;
  /** The planner. */
  readonly plan: (request: PlanRequest) => PlanResult;
  /** Absolute folder of the project; sites in plans are relative to it. */
  readonly projectFolder?: string;
  /** Which part of the stack it is about; absent: all of it. */
  readonly scope?: PlanScope;
  /** What plans rest on besides; asked for only where one is saved, checked, or applied from a file. */
  readonly surroundings?: () => Promise<Surroundings>;
  /** Rules that what is declared and every plan are held to. */
  readonly policies?: readonly ConfiguredPolicy[];
  readonly onEvent?: (event: EngineEvent) => void;
  /** Aborted on Ctrl-C: running steps finish, no other starts. */
  readonly signal?: AbortSignal;
}

/** A preview's choices. */
export interface PreviewOperation extends Operation {
  /** What to plan; `up` where it is not said. */
  readonly operation?: "up" | "destroy";
  /** Plan from saved snapshots of clusters, without asking a provider anything. */
  readonly offline?: boolean;
  /** Read what is recorded, and plan against what it is now. What cannot be read is a warning. */
  readonly drift?: boolean;
  /** The same, as `up` with this option does: what cannot be read is an error. */
  readonly refresh?: boolean;
  /** Bind the plan to all that it rests on, so that it can be written to a file: {@link PreviewResult.saved}. */
  readonly save?: boolean;
}

/** How an operation that changes things is approved and carried out. */
export interface ApplyOperation extends Operation {
  /** The plan that was shown and approved already, if one was. */
  readonly approved?: Plan;
  /**
   * The plan of a file. What it was asked for (scope, refresh) is asked for again; where the program, the
   * configuration, the state, the world, or the plan that they give now is another one, it is refused before the first change.
   */
  readonly saved?: SavedPlan;
  /**
   * Asks whether the plan may be applied: because none was approved yet, or because the world moved and
   * it is no longer the approved one. It is planned once more after the answer. Where it is absent,
   * whatever is planned is applied.
   */
  readonly approve?: (plan: Plan, because: "first" | "moved") => Promise<boolean>;
  /** Read what is recorded before it is planned, and write what was observed into the state before the first step. */
  readonly refresh?: boolean;
  /** What it is for, in the words of whoever runs it: kept in the state until the next operation that goes to work. */
  readonly message?: string;
  /** How many steps may run at the same time. Default 10. */
  readonly parallel?: number;
  /** Whether, after a step failed, everything that does not need it is still done. Otherwise nothing more is started. */
  readonly continueOnError?: boolean;
}

export interface PreviewResult {
  readonly plan: Plan;
  /** With what it rests on; where {@link PreviewOperation.save} asked for it. */
  readonly saved?: SavedPlan;
}

/** What became of a step. */
export interface StepResult {
  readonly step: Step;
  readonly outcome: "done" | "unchanged" | "failed" | "not-started";
  /** Why it failed. */
  readonly problems: readonly Problem[];
  /** Of one that was not started: the failed steps without which it cannot be done. Absent: it was not its turn. */
  readonly blockedBy?: readonly number[];
}

export interface ApplyResult {
  readonly status: OperationStatus;
  /** The plan that was applied, or refused. */
  readonly plan: Plan;
  /** One for each step, in plan order. */
  readonly steps: readonly StepResult[];
  /** The stack's outputs as recorded; secrets encrypted. */
  readonly outputs: JsonObject;
  /** Everything that went wrong, and warnings: of steps, in plan order, then of what comes after them. */
  readonly problems: readonly Problem[];
}

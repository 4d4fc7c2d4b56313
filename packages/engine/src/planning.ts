import type { StackState } from "@berth/core";
import { BerthError } from "@berth/diagnostics";
import type { Plan, PlanRequest, PlanResult } from "@berth/planner";
import { plainJson, type Secrets } from "@berth/state";
import type { Observation } from "./observe.ts";
import type { Operation } from "./operation.ts";

/** Plans from what is recorded and observed. Warnings of the observation go into the plan, so that whoever reads it reads them. */
export function makePlan(
  operation: Operation,
  kind: "up" | "destroy",
  recorded: StackState,
  secrets: Secrets,
  { clusters, warnings }: Observation,
): PlanResult {
  const result = operation.plan(planRequest(operation, kind, recorded, secrets, clusters));
  if (warnings.length === 0) return result;
  return { ...result, plan: { ...result.plan, problems: [...result.plan.problems, ...warnings] } };
}

/** Everything that a plan is made from. */
export function planRequest(
  operation: Operation,
  kind: "up" | "destroy",
  recorded: StackState,
  secrets: Secrets,
  observed: Observation["clusters"],
): PlanRequest {
  const reader = secretReader(secrets);
  return {
    operation: kind,
    graph: operation.graph,
    recorded,
    observed,
    definition: operation.definition,
    ...(reader && { secrets: reader }),
    ...(operation.projectFolder !== undefined && { projectFolder: operation.projectFolder }),
  };
}

/**
 * Whether two plans show the same: all but what they were made from. The serial moves when an
 * interrupted operation is settled, which may change nothing that the plan shows.
 */
export function showsTheSame(a: Plan, b: Plan): boolean {
  return contentOf(a) === contentOf(b);
}

/** The errors in a plan, which is then not applied. */
export function refuseErrors(plan: Plan): void {
  const errors = plan.problems.filter((each) => each.severity === "error");
  if (errors.length > 0) throw new BerthError(errors);
}

function contentOf({ base: _, ...shown }: Plan): string {
  return JSON.stringify(shown, sortedKeys);
}

function sortedKeys(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function secretReader(secrets: Secrets): PlanRequest["secrets"] {
  // Asked once: without a key nothing can be told of any secret.
  if (secrets.digest("") === undefined) return undefined;
  return {
    digest: (plaintext) => secrets.digest(plainJson(plaintext)) ?? "",
    decrypt: (value) => secrets.decrypt(value) ?? null,
  };
}

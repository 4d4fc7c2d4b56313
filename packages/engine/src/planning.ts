import type { Graph, Json, StackState, Urn } from "@berth/core";
import { BerthError, type Problem } from "@berth/diagnostics";
import type { LiveResource, ObservedCluster, Plan, PlanRequest, PlanResult } from "@berth/planner";
import { plainJson, type Secrets } from "@berth/state";
import { missingHooks } from "./delete-hooks.ts";
import type { Operation } from "./operation.ts";
import { judge, mend } from "./policy/police.ts";
import type { Redactor } from "./redactor.ts";

/** What a plan is made from besides what is recorded: the world as it was seen. */
export interface ObservedWorld {
  readonly clusters: ReadonlyMap<Urn, ObservedCluster>;
  /** What recorded resources are now; absent where none was looked at. */
  readonly live?: ReadonlyMap<Urn, LiveResource>;
  /** What stood in the way of seeing it. */
  readonly warnings: readonly Problem[];
}

/** A plan, and the graph that it is of. */
export interface MadePlan extends PlanResult {
  /** What the program declared, as policies mended it. */
  readonly graph: Graph;
}

/**
 * Plans from what is recorded and observed, with the project's policies: they mend what is declared before, and look at
 * the plan after. Warnings of the observation go into the plan, so that whoever reads it reads them.
 */
export function makePlan(
  operation: Operation,
  kind: PlanRequest["operation"],
  recorded: StackState,
  secrets: Secrets,
  world: ObservedWorld,
  redactor: Redactor,
): MadePlan {
  const policed = { operation, kind, recorded, secrets };
  const mended = mend(policed);
  const { graph } = mended;
  const result = operation.plan(planRequest({ ...operation, graph }, kind, recorded, secrets, world));
  const plan = world.live ? withoutFoundSecrets(result.plan, redactor) : result.plan;
  const added = [...missingHooks(plan, recorded, graph), ...world.warnings];
  const whole = added.length === 0 ? plan : { ...plan, problems: [...plan.problems, ...added] };
  return { ...result, graph, plan: judge(whole, mended, policed) };
}

/** A secret of the stack may have been written by others where none is declared: what was found is shown without it. */
function withoutFoundSecrets(plan: Plan, redactor: Redactor): Plan {
  const masked = <T extends { readonly before?: Json; readonly after?: Json }>(each: T): T => ({
    ...each,
    ...(each.before !== undefined && { before: redactor.json(each.before) }),
  });
  const found = <T extends { readonly before?: Json; readonly after?: Json }>(each: T): T => ({
    ...masked(each),
    ...(each.after !== undefined && { after: redactor.json(each.after) }),
  });
  return {
    ...plan,
    ...(plan.drift && {
      drift: plan.drift.map((each) => ({ ...each, properties: each.properties.map(found) })),
    }),
    changes: plan.changes.map((each) => ({ ...each, properties: each.properties.map(masked) })),
    problems: plan.problems.map((each) => redactor.problem(each)),
  };
}

/** Everything that a plan is made from. */
export function planRequest(
  operation: Operation,
  kind: PlanRequest["operation"],
  recorded: StackState,
  secrets: Secrets,
  { clusters, live }: ObservedWorld,
): PlanRequest {
  const reader = secretReader(secrets);
  return {
    operation: kind,
    graph: operation.graph,
    recorded,
    observed: clusters,
    ...(live && { live }),
    definition: operation.definition,
    ...(operation.scope && { scope: operation.scope }),
    ...(reader && { secrets: reader }),
    ...(operation.projectFolder !== undefined && { projectFolder: operation.projectFolder }),
  };
}

/**
 * Whether two plans show the same: all but what they were made from. The serial moves when an
 * interrupted operation is settled, which may change nothing that the plan shows.
 */
export function showsTheSame({ base: _, ...a }: Plan, { base: __, ...b }: Plan): boolean {
  return isSamePlan(a, b);
}

/** Whether two plans, or parts of plans, are the same JSON: the order of properties does not count. */
export function isSamePlan(a: unknown, b: unknown): boolean {
  return JSON.stringify(a, sortedKeys) === JSON.stringify(b, sortedKeys);
}

/** The errors in a plan, which is then not applied. */
export function refuseErrors(plan: Plan): void {
  const errors = plan.problems.filter((each) => each.severity === "error");
  if (errors.length > 0) throw new BerthError(errors);
}

function sortedKeys(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function secretReader(secrets: Secrets): PlanRequest["secrets"] {
  // Asked once: without a key nothing can be told of any secret.
  secrets.refuseWrongKey();
  if (secrets.digest("") === undefined) return undefined;
  return {
    digest: (plaintext) => secrets.digest(plainJson(plaintext)) ?? "",
    decrypt: (value) => secrets.decrypt(value) ?? null,
  };
}

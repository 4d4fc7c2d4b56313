import type { Plan } from "@berth/planner";
import type { Looked } from "../look.ts";
import type { Operation, PreviewOperation } from "../operation.ts";
import { bindingsOf, type Bound } from "./bindings.ts";
import type { SavedPlan } from "./saved-plan.ts";

/** A plan with all that it rests on. */
export async function savePlan(
  operation: PreviewOperation,
  plan: Plan,
  looked: Pick<Looked, "state" | "secrets" | "world">,
): Promise<SavedPlan> {
  const { operation: kind = "up", scope, refresh } = operation;
  return {
    format: "berth.saved-plan",
    version: 1,
    plan,
    bindings: bindingsOf(await boundTo(operation, looked)),
    options: { operation: kind, ...(scope && { scope }), ...(refresh && { refresh: true }) },
  };
}

/** What an operation's plan rests on, before it is fingerprinted. */
export async function boundTo(
  { graph, surroundings, policies = [] }: Operation,
  { state, secrets, world }: Pick<Looked, "state" | "secrets" | "world">,
): Promise<Bound> {
  if (!surroundings)
    throw new TypeError("plans can be saved only where the operation knows its surroundings");
  return { graph, state, secrets, clusters: world.clusters, surroundings: await surroundings(), policies };
}

import { look } from "./look.ts";
import type { PreviewOperation, PreviewResult } from "./operation.ts";
import { makePlan } from "./planning.ts";
import { savePlan } from "./saved-plan/save-plan.ts";

/**
 * Says what `up` (or `destroy`) would do. Takes no lock, writes nothing, and needs neither network nor
 * key: a cluster that does not answer is planned from its saved snapshot, with a warning in the plan.
 *
 * @throws BERTH40xx where the state cannot be read, and what the planner throws
 * @example const { plan } = await preview({ graph, definition, providers, backend, secrets, plan: planner });
 */
export async function preview(operation: PreviewOperation): Promise<PreviewResult> {
  operation.onEvent?.({ kind: "planning", operation: "preview" });
  const { state, secrets, redactor, world } = await look(operation);
  const { plan } = makePlan(operation, operation.operation ?? "up", state, secrets, world, redactor);
  operation.onEvent?.({ kind: "planned", plan });
  return {
    plan,
    ...(operation.save && { saved: await savePlan(operation, plan, { state, secrets, world }) }),
  };
}

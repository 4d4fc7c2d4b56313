import { untilCancelled } from "./cancellation.ts";
import { observeClusters } from "./observe.ts";
import type { PreviewOperation, PreviewResult } from "./operation.ts";
import { makePlan } from "./planning.ts";
import { Redactor } from "./redactor.ts";

/**
 * Says what `up` (or `destroy`) would do. Takes no lock, writes nothing, and needs neither network nor
 * key: a cluster that does not answer is planned from its saved snapshot, with a warning in the plan.
 *
 * @throws BERTH40xx where the state cannot be read, BERTH6001, and what the planner throws
 * @example const { plan } = await preview({ graph, definition, providers, backend, secrets, plan: planner });
 */
export async function preview(operation: PreviewOperation): Promise<PreviewResult> {
  operation.onEvent?.({ kind: "planning", operation: "preview" });
  const state = await operation.backend.read(operation.graph.stack);
  const records = new Map(state.resources.map((record) => [record.urn, record]));
  const secrets = operation.secrets(state.secretsKey);
  const providers = operation.providers((urn) => records.get(urn));
  const how = operation.offline ? "saved" : "live-or-saved";
  const observing = { operation, state, secrets, providers, redactor: new Redactor(), how } as const;
  const observation = await untilCancelled(operation, () => observeClusters(observing));
  const { plan } = makePlan(operation, operation.operation ?? "up", state, secrets, observation);
  operation.onEvent?.({ kind: "planned", plan });
  return { plan };
}

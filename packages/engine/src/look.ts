import type { StackState } from "@berth/core";
import type { Secrets } from "@berth/state";
import { untilCancelled } from "./cancellation.ts";
import { type Observation, observeClusters } from "./observe.ts";
import type { PreviewOperation } from "./operation.ts";
import { Redactor } from "./redactor.ts";

/** What is recorded and observed, as far as it can be seen without taking a lock or writing anything. */
export interface Looked {
  readonly state: StackState;
  readonly secrets: Secrets;
  readonly observation: Observation;
}

/** A cluster that does not answer is seen as it was saved, with a warning. */
export async function look(operation: PreviewOperation): Promise<Looked> {
  const state = await operation.backend.read(operation.graph.stack);
  const records = new Map(state.resources.map((record) => [record.urn, record]));
  const secrets = operation.secrets(state.secretsKey);
  const providers = operation.providers((urn) => records.get(urn));
  const how = operation.offline ? "saved" : "live-or-saved";
  const observing = { operation, state, secrets, providers, redactor: new Redactor(), how } as const;
  return { state, secrets, observation: await untilCancelled(operation, () => observeClusters(observing)) };
}

import type { ResourceRecord, StackState, Urn } from "@berth/core";
import type { Secrets } from "@berth/state";
import { untilCancelled } from "./cancellation.ts";
import { lookAround, type LookingAround } from "./live/look-around.ts";
import type { PreviewOperation } from "./operation.ts";
import type { ObservedWorld } from "./planning.ts";
import { Redactor } from "./redactor.ts";

/** What is recorded and observed, as far as it can be seen without taking a lock or writing anything. */
export interface Looked {
  readonly state: StackState;
  readonly secrets: Secrets;
  readonly world: ObservedWorld;
  readonly redactor: Redactor;
}

/** A cluster that does not answer is seen as it was saved, with a warning. */
export async function look(operation: PreviewOperation): Promise<Looked> {
  const state = await operation.backend.read(operation.graph.stack);
  const records = new Map(state.resources.map((record) => [record.urn, record]));
  const secrets = operation.secrets(state.secretsKey);
  const expected = new Map<Urn, ResourceRecord>();
  const providers = operation.providers((urn) => records.get(urn) ?? expected.get(urn));
  const how = operation.offline ? "saved" : "live-or-saved";
  const redactor = new Redactor();
  const reads = readsOf(operation);
  const kind = operation.operation ?? "up";
  const program = operation.offline !== true && kind === "up";
  const observing = { operation, kind, state, secrets, providers, redactor, how } as const;
  const looking = { ...observing, program, expected, ...(reads && { reads }) };
  return { state, secrets, redactor, world: await untilCancelled(operation, () => lookAround(looking)) };
}

function readsOf({ refresh, drift, offline }: PreviewOperation): LookingAround["reads"] {
  if (offline) return undefined;
  if (refresh) return "required";
  return drift ? "where-possible" : undefined;
}

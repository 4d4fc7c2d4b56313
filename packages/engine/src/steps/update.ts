import type {
  GraphResource,
  PendingOperation,
  ProviderResult,
  ResourceRecord,
  ValueObject,
} from "@berth/core";
import { BerthError } from "@berth/diagnostics";
import type { Step } from "@berth/planner";
import { randomUUID } from "node:crypto";
import { withinTime } from "../time-limit.ts";
import { intendedRecord, recordResult, sealed, takeBack } from "./recording.ts";
import { configurationOf, ownershipOf, requestOf } from "./requests.ts";
import type { Running } from "./running.ts";

/** Announces the update, asks the provider for it, records the answer. */
export async function update(
  running: Running,
  step: Step,
  resource: GraphResource,
  record: ResourceRecord,
  inputs: ValueObject,
): Promise<void> {
  const { urn, type } = resource;
  const intended = await intendedRecord(running, resource, record, record);
  const sent = await sealed(running, inputs, [record.inputs, record.outputs]);
  const operationKey = randomUUID();
  const pending: PendingOperation = { urn, type, action: "update", operationKey, inputs: sent, intended };
  const provider = running.provider(record.provider, urn);
  const configuration = configurationOf(running, intended);
  const interrupted = running.session.pending(urn);
  await running.session.begin(pending);
  let result: ProviderResult;
  try {
    result = await withinTime(resource.options.customTimeouts?.update, "its update", (limits) =>
      provider.update({
        ...requestOf(running, step, resource, inputs),
        ...configuration,
        ownership: ownershipOf(running, urn, record.operationKey),
        id: record.id,
        recorded: record,
        ...limits,
      }),
    );
  } catch (thrown) {
    // Unless it was refused, nobody knows how much of it was done: it stays pending, and the next plan repeats it.
    if (BerthError.is(thrown) && thrown.isRefusal) await takeBack(running, pending, interrupted, thrown);
    throw thrown;
  }
  await recordResult(running, pending, intended, sent, result);
}

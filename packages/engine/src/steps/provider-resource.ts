import type { GraphResource, PendingOperation, ResourceRecord, ValueObject } from "@berth/core";
import { randomUUID } from "node:crypto";
import { refuseDisagreement } from "./inputs.ts";
import { intendedRecord, recordResult, sealed } from "./recording.ts";
import type { Running, StepOutcome } from "./running.ts";

/** A provider resource is only recorded: nobody is asked to make it. */
export async function configure(
  running: Running,
  resource: GraphResource,
  record: ResourceRecord | undefined,
  inputs: ValueObject,
): Promise<StepOutcome> {
  const { session } = running;
  const { urn, type, definition, references } = resource;
  const differences = record ? running.differences(resource, record, inputs) : [];
  if (running.isUncertain(urn) && record && differences.length === 0) return "unchanged";
  const compared = running.change(urn).action === "replace" ? undefined : record;
  refuseDisagreement(running, resource, compared, inputs, differences);
  const operationKey = record?.operationKey ?? randomUUID();
  const outputs = definition.predict?.({ urn, type, inputs, outputs: {}, references }) ?? {};
  const intended = await intendedRecord(running, resource, { operationKey });
  const sent = await sealed(running, inputs, [record?.inputs ?? {}]);
  const action = record ? "update" : "create";
  const pending: PendingOperation = { urn, type, action, operationKey, inputs: sent, intended };
  await session.begin(pending);
  await recordResult(running, pending, intended, sent, { id: urn, outputs });
  return "done";
}

/** What turned out to be in the same account is from now on the other provider's. */
export async function changeProvider(
  { session }: Running,
  { options: { provider } }: GraphResource,
  record: ResourceRecord,
): Promise<void> {
  const { providerResource, ...others } = record;
  if (provider === providerResource) return;
  const dependencies = new Set(record.dependencies);
  if (provider !== undefined) dependencies.add(provider);
  await session.amend({
    ...others,
    dependencies: [...dependencies].toSorted(),
    ...(provider !== undefined && { providerResource: provider }),
  });
}

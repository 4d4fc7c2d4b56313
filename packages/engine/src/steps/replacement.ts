import { isKnown, type ResourceRecord, type Urn } from "@berth/core";
import { accountDifferences, triggerChange } from "@berth/planner";
import type { Running } from "./running.ts";

/** Whether a creation is one beside what is recorded, which then waits for its deletion. */
export function isSuperseded(running: Running, record: ResourceRecord): boolean {
  return running.change(record.urn).replacement === "create-first" && !isKept(running, record);
}

/** Whether a replacement was only a `may`, and there is, now that inputs are known, no reason for it. */
export function isKept(running: Running, record: ResourceRecord): boolean {
  const change = running.change(record.urn);
  if (change.action !== "replace" || change.certainty !== "may") return false;
  const resource = running.resource(record.urn);
  const inputs = running.desired.inputs(record.urn, {
    generation: record.generation ?? 0,
    updated: record,
  });
  if (!isKnown(inputs) || isElsewhere(running, resource.options.provider, record)) return false;
  const recordedTrigger = record.options?.replacementTrigger;
  if (triggerChange(recordedTrigger, running.desired.trigger(record.urn), running.digest())) return false;
  return running.differences(resource, record, inputs).every((each) => each.forcesReplacement === undefined);
}

/** Whether its provider resource, as the program has it now, names another account, as far as is known. */
function isElsewhere(
  running: Running,
  provider: Urn | undefined,
  { providerResource }: ResourceRecord,
): boolean {
  const { operation, session, desired } = running;
  const before = providerResource === undefined ? undefined : session.record(providerResource);
  const type = provider === undefined ? before?.type : running.resource(provider).type;
  const definition = type === undefined ? undefined : operation.definition(type);
  if (!definition) return false;
  const next = provider === undefined ? {} : desired.inputs(provider);
  return accountDifferences(definition, before?.inputs ?? {}, next, running.digest()).length > 0;
}

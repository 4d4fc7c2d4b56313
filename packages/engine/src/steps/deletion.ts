import { isKnown, type PendingOperation, type ResourceRecord, type Urn } from "@berth/core";
import { accountDifferences, type Step } from "@berth/planner";
import { randomUUID } from "node:crypto";
import { TimedOut, withinTime } from "../time-limit.ts";
import { aroundDelete, recordedSubject, withHooks } from "./hooks.ts";
import { failureText } from "./recording.ts";
import { configurationOf, ownershipOf } from "./requests.ts";
import type { Running, StepOutcome } from "./running.ts";

/** Deletes what is recorded, unless it is only half of a replacement for which there is no reason any more. */
export async function remove(running: Running, step: Step): Promise<StepOutcome> {
  const { session } = running;
  const record = session.record(step.urn);
  if (!record || isKept(running, step.urn, record)) return "unchanged";
  // Forgotten when the plan is done: until then what was made with it is to be found in its account.
  if (running.operation.definition(record.type)?.isProvider) return "done";
  await withHooks(
    running,
    aroundDelete(running, record),
    () => recordedSubject(running, record),
    () => ask(running, record),
  );
  return "done";
}

/** Announces the deletion, asks the provider for it, records that it is gone. */
async function ask(running: Running, record: ResourceRecord): Promise<void> {
  const { session } = running;
  const { urn, type, id, cluster } = record;
  const pending: PendingOperation = { urn, type, action: "delete", operationKey: randomUUID() };
  const provider = running.provider(record.provider, urn);
  const shared = {
    urn,
    type,
    id,
    ...configurationOf(running, record),
    ...(cluster !== undefined && { cluster }),
  };
  const interrupted = session.pending(urn);
  await session.begin(pending);
  try {
    await withinTime(timeLimitOf(running, record), "its deletion", (limits) =>
      provider.delete({ ...shared, recorded: record, ...limits }),
    );
  } catch (thrown) {
    const inputs = running.desired.recorded(record, record.inputs);
    const ownership = ownershipOf(running, urn, record.operationKey);
    const found = await provider.read({ ...shared, inputs, ownership }).catch(() => "unknown" as const);
    if (found === undefined) await session.succeed(pending, { kind: "removed" });
    else if (found !== "unknown" && !(thrown instanceof TimedOut))
      await undelete(running, pending, interrupted, thrown);
    if (found !== undefined) throw thrown;
    return;
  }
  await session.succeed(pending, { kind: "removed" });
}

/** The program's word counts where it still declares it. */
function timeLimitOf(
  { operation: { graph } }: Running,
  { urn, options }: ResourceRecord,
): number | undefined {
  const declared = graph.resources[graph.index.get(urn) ?? -1];
  return (declared ?? { options }).options?.customTimeouts?.delete;
}

/** It is still there: as it was before, interrupted or not. */
async function undelete(
  running: Running,
  pending: PendingOperation,
  interrupted: PendingOperation | undefined,
  thrown: unknown,
): Promise<void> {
  if (interrupted) await running.session.begin(interrupted);
  else await running.session.fail(pending, failureText(running, thrown));
}

/** The first half of a replacement that was only a `may`, and for which, now that inputs are known, there is no reason. */
function isKept(running: Running, urn: Urn, record: ResourceRecord): boolean {
  const change = running.change(urn);
  if (change.action !== "replace" || change.certainty !== "may") return false;
  const resource = running.resource(urn);
  const inputs = running.desired.inputs(urn);
  if (!isKnown(inputs) || isElsewhere(running, resource.options.provider, record)) return false;
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

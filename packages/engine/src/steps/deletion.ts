import type { PendingOperation, ResourceRecord } from "@berth/core";
import type { Step } from "@berth/planner";
import { randomUUID } from "node:crypto";
import { TimedOut, withinTime } from "../time-limit.ts";
import { announceCompanions } from "./companions.ts";
import { aroundDelete, recordedSubject, withHooks } from "./hooks.ts";
import { failureText, takeBack } from "./recording.ts";
import { isKept } from "./replacement.ts";
import { configurationOf, ownershipOf } from "./requests.ts";
import type { Running, StepOutcome } from "./running.ts";

/** Deletes what is recorded, unless it is only half of a replacement for which there is no reason any more. */
export async function remove(running: Running, step: Step): Promise<StepOutcome> {
  const { session } = running;
  const record = session.record(step.urn);
  if (!record || isKept(running, record)) return "unchanged";
  // Forgotten when the plan is done: until then what was made with it is to be found in its account.
  if (running.operation.definition(record.type)?.isProvider) return "done";
  const isLetGo = step.action === "forget" || running.change(step.urn).deletedWith !== undefined;
  if (isLetGo) await session.forget(record.urn);
  else await removeRecorded(running, record, {});
  return "done";
}

/**
 * Deletes what is recorded, with its hooks around it.
 *
 * @param which - its operation key where it was superseded
 */
export async function removeRecorded(
  running: Running,
  record: ResourceRecord,
  which: Pick<PendingOperation, "superseded">,
): Promise<void> {
  await withHooks(
    running,
    aroundDelete(running, record),
    () => recordedSubject(running, record),
    () => ask(running, record, which),
  );
}

/** Announces the deletion, asks the provider for it, records that it is gone. */
async function ask(
  running: Running,
  record: ResourceRecord,
  which: Pick<PendingOperation, "superseded">,
): Promise<void> {
  const { session } = running;
  const { urn, type, id, cluster } = record;
  const pending: PendingOperation = { urn, type, action: "delete", operationKey: randomUUID(), ...which };
  const provider = running.provider(record.provider, urn);
  const shared = {
    urn,
    type,
    id,
    ...configurationOf(running, record),
    ...(cluster !== undefined && { cluster }),
  };
  const inputs = running.desired.recorded(record, record.inputs);
  const ownership = ownershipOf(running, urn, record.operationKey);
  const isReplacedCluster = cluster !== undefined && session.superseded(cluster).length > 0;
  // A request reaches the cluster that has taken the place of the one that it is on, and with that it goes.
  if (isReplacedCluster && !(await provider.read({ ...shared, inputs, ownership }))?.ours)
    return session.forget(urn, which.superseded);
  const interrupted = session.pending(urn, which.superseded);
  await session.begin(pending);
  const companions = await announceCompanions(running, record);
  try {
    await withinTime(timeLimitOf(running, record), "its deletion", (limits) =>
      provider.delete({ ...shared, recorded: record, ...limits }),
    );
  } catch (thrown) {
    const found = await provider.read({ ...shared, inputs, ownership }).catch(() => "unknown" as const);
    if (found === undefined) await session.succeed(pending, { kind: "removed", ...which });
    else if (found !== "unknown" && !(thrown instanceof TimedOut)) {
      await takeBack(running, pending, interrupted, thrown);
      await companions.stay(failureText(running, thrown));
    }
    if (found !== undefined) throw thrown;
    return;
  }
  await session.succeed(pending, { kind: "removed", ...which });
}

/** The program's word counts where it still declares it. */
function timeLimitOf(
  { operation: { graph } }: Running,
  { urn, options }: ResourceRecord,
): number | undefined {
  const declared = graph.resources[graph.index.get(urn) ?? -1];
  return (declared ?? { options }).options?.customTimeouts?.delete;
}

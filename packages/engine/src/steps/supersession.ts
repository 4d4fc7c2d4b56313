import type { ResourceRecord } from "@berth/core";
import { BerthError } from "@berth/diagnostics";
import type { Change, Step } from "@berth/planner";
import { removeRecorded } from "./deletion.ts";
import type { Running, StepOutcome } from "./running.ts";

/** Deletes everything that was superseded under a URN: by this operation, and by earlier ones that did not come to it. */
export async function clear(running: Running, { urn }: Step): Promise<StepOutcome> {
  const all = running.session.superseded(urn);
  const failures: unknown[] = [];
  for (const record of all) await end(running, record).catch((thrown: unknown) => failures.push(thrown));
  if (failures.length === 1) throw failures[0];
  if (failures.length > 1)
    throw new BerthError(failures.flatMap((each) => running.redactor.problems(each, { resource: urn })));
  return all.length > 0 ? "done" : "unchanged";
}

async function end(running: Running, record: ResourceRecord): Promise<void> {
  const { urn, operationKey } = record;
  const { retained, deletedWith } = changeAbout(running, record) ?? {};
  if (retained || deletedWith !== undefined) await running.session.forget(urn, operationKey);
  else await removeRecorded(running, record, { superseded: operationKey });
}

/** What the plan says of it: left over from an earlier operation, it has a change of its own. */
function changeAbout(running: Running, { urn, id }: ResourceRecord): Change | undefined {
  const changes = running.changesOf(urn);
  const leftOver = changes.find(({ reason }) => reason.kind === "superseded" && reason.id === id);
  return leftOver ?? changes.find(({ action }) => action === "replace");
}

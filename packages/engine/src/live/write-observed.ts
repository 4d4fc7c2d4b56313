import type { Refreshed } from "@berth/planner";
import { seal, type Secrets, type StateSession } from "@berth/state";

/** Writes what was observed into the records, before anything is done that was planned from it. */
export async function writeObserved(
  { session, secrets }: { readonly session: StateSession; readonly secrets: Secrets },
  refreshed: readonly Refreshed[],
): Promise<void> {
  for (const each of refreshed) {
    const record = session.record(each.urn);
    if (!record || each.kind === "gone") continue;
    const previous = [record.inputs, record.outputs];
    const inputs = seal(each.inputs, secrets, previous);
    const outputs = seal(each.outputs, secrets, previous);
    if (secrets.key) await session.setSecretsKey(secrets.key);
    await session.amend({ ...record, id: each.id, inputs, outputs });
  }
  // What depended on others before those: nothing is ever recorded that needs what is not.
  for (const each of refreshed.toReversed())
    if (each.kind === "gone") await session.forget(each.urn, each.superseded);
}

import type { StackState, Urn } from "@berth/core";
import { BerthError, problem } from "@berth/diagnostics";
import { renameStack as renameState, type StateBackend, type StateSession } from "@berth/state";
import { codes } from "../codes.ts";

/**
 * Records everything of one stack as another's, and then nothing of the first. Nothing in a cloud is touched: the marks there
 * name the old stack until each resource is updated next, and are for people; the key in them, which counts, stays.
 *
 * What is there twice after a crash in between is the same: run again, it goes on.
 *
 * @throws BERTH4001 while another operation runs, BERTH7003 where the other one has a state, BERTH7004
 */
export async function renameRecordedStack(backend: StateBackend, from: string, to: string): Promise<void> {
  const old = await backend.lock(from, { operation: "stack rename" });
  try {
    const { pending, project } = old.state;
    if (pending.length > 0) {
      const message = `${from} has interrupted operations, which must be settled under its own name`;
      throw new BerthError([problem(codes.BERTH7004, { message, hint: `berth up --stack ${from}` })]);
    }
    const state = renameState(old.state, project, to);
    const renamed = await backend.lock(to, { operation: "stack rename" });
    try {
      if (!isSame(renamed.state, state)) {
        if (renamed.state.serial > 0) throw existsAlready(to);
        await renamed.replaceAll(state);
      }
      await copySnapshots(backend, old.state, state, renamed);
      await renamed.commit();
    } finally {
      await renamed.release();
    }
    await forgetAll(old);
  } finally {
    await old.release();
  }
  await backend.remove(from);
}

/** Empties a state, whatever is recorded in it; the resources stay where they are. */
export async function forgetAll(session: StateSession): Promise<void> {
  const { superseded: _, secretsKey: _key, ...state } = session.state;
  await session.replaceAll({ ...state, resources: [], outputs: {}, pending: [] });
  await session.commit();
}

/** @returns BERTH7003 */
export function existsAlready(stack: string): BerthError {
  return new BerthError([problem(codes.BERTH7003, { message: `there is a stack ${stack} already` })]);
}

/** Of an earlier run that did not come to its end. */
function isSame(a: StackState, b: StackState): boolean {
  return a.resources.length > 0 && JSON.stringify(a.resources) === JSON.stringify(b.resources);
}

/** Previews without a network go on working. */
async function copySnapshots(
  backend: StateBackend,
  from: StackState,
  to: StackState,
  session: StateSession,
): Promise<void> {
  const clusters = new Map<Urn, Urn>();
  for (const [index, record] of from.resources.entries()) {
    const renamed = to.resources[index]?.cluster;
    if (record.cluster !== undefined && renamed !== undefined) clusters.set(record.cluster, renamed);
  }
  for (const [before, after] of clusters) {
    const snapshot = await backend.readClusterSnapshot(from.stack, before);
    if (snapshot) await session.saveClusterSnapshot({ ...snapshot, cluster: after });
  }
}

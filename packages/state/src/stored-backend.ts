import type { ClusterSnapshot, StackState, Urn } from "@berth/core";
import { BerthError, problem } from "@berth/diagnostics";
import type { LockHolder, LockPurpose, StateBackend, StateSession } from "./backend.ts";
import { clusterKey, decodeClusterSnapshot } from "./cluster-snapshot.ts";
import { stateCodes } from "./codes.ts";
import { loadState } from "./load.ts";
import { lockLost } from "./lock-error.ts";
import { examine, type RepairOutcome, repairStack } from "./repair/repair-stack.ts";
import { openSession } from "./session.ts";
import type { HeldStorage, StackStorage } from "./storage.ts";

/** What a kind of storage brings to {@link storedBackend}. */
export interface StorageSpace {
  readonly location: string;
  /** Names of stacks that have a snapshot or a journal. */
  list(): Promise<readonly string[]>;
  stack(name: string): StackStorage;
}

/** A state backend on any storage: formats, journal and verification are here, bytes and locks there. */
export function storedBackend(project: string, space: StorageSpace): StateBackend {
  const open = (stack: string): StackStorage => {
    refuseUnusableName(stack);
    return space.stack(stack);
  };
  return {
    location: space.location,
    async list(): Promise<readonly string[]> {
      return (await space.list()).toSorted();
    },
    async read(stack: string): Promise<StackState> {
      return (await loadState(open(stack), { project, stack })).state;
    },
    async readClusterSnapshot(stack: string, cluster: Urn): Promise<ClusterSnapshot | undefined> {
      const text = await open(stack).readCluster(clusterKey(cluster));
      return text === undefined
        ? undefined
        : decodeClusterSnapshot(text, `${space.location}/${stack}/clusters/${clusterKey(cluster)}.json`);
    },
    async lock(stack: string, purpose: LockPurpose): Promise<StateSession> {
      const load = (held: HeldStorage) => loadState(held, { project, stack });
      const { held, found } = await takeLock(open(stack), stack, purpose.operation, load);
      try {
        return await openSession(held, found);
      } catch (error) {
        await held.release();
        throw error;
      }
    },
    async repair(stack: string, approve): Promise<RepairOutcome> {
      const look = (held: HeldStorage) => examine(held, { project, stack });
      const { held, found } = await takeLock(open(stack), stack, "state repair", look);
      try {
        return await repairStack(held, found, approve);
      } finally {
        await held.release();
      }
    },
    async holder(stack: string): Promise<LockHolder | undefined> {
      return open(stack).holder();
    },
    async unlock(stack: string, holderId: string): Promise<void> {
      await open(stack).unlock(holderId);
    },
    async remove(stack: string): Promise<void> {
      const held = await open(stack).lock("remove", 0);
      try {
        const { state } = await loadState(held, { project, stack });
        refuseNotEmpty(state);
        await held.removeAll();
      } finally {
        await held.release();
      }
    },
  };
}

/** Takes the lock and looks at what is stored; the token is above every one that is recorded there. */
async function takeLock<T extends { readonly fence: number }>(
  storage: StackStorage,
  stack: string,
  operation: string,
  look: (held: HeldStorage) => Promise<T>,
): Promise<{ readonly held: HeldStorage; readonly found: T }> {
  let above = 0;
  for (;;) {
    const held = await storage.lock(operation, above);
    try {
      const found = await look(held);
      if (found.fence < held.fence) return { held, found };
      // The locks were lost, as when a state is restored without them: go on above what it records.
      if (found.fence <= above) throw lockLost(stack, await storage.holder());
      above = found.fence;
    } catch (error) {
      await held.release();
      throw error;
    }
    await held.release();
  }
}

function refuseUnusableName(stack: string): void {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(stack)) return;
  throw new BerthError([
    problem(stateCodes.BERTH4008, { message: `${JSON.stringify(stack)} cannot be the name of a stack` }),
  ]);
}

function refuseNotEmpty(state: StackState): void {
  const { resources, superseded = [], pending } = state;
  const recorded = resources.length + superseded.length;
  if (recorded === 0 && pending.length === 0) return;
  const message = `stack "${state.stack}" still records ${recorded} resources and ${pending.length} interrupted operations`;
  throw new BerthError([problem(stateCodes.BERTH4009, { message })]);
}

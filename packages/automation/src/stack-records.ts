import type { JsonObject, ResourceRecord, StackState, Urn } from "@berth/core";
import { BerthError, problem } from "@berth/diagnostics";
import {
  differenceOf,
  exportState,
  findRecord,
  isSame,
  type LockHolder,
  moveRecords,
  planMoves,
  planRemovals,
  protectRecords,
  type RecordMove,
  type RecordRemoval,
  refuseLoss,
  removeRecords,
  renameStack,
  type RepairedState,
  type RepairOutcome,
  type StateBackend,
  stateCodes,
  type StateDifference,
  type StateSession,
} from "@berth/state";

/** What a write of a whole state can be told. */
export interface ReplaceOptions {
  /** Also where it is older than what is recorded, or lacks resources that are. */
  readonly force?: boolean;
  /** Take a state of another stack or project, as this one's: its resources get this stack's URNs. */
  readonly rename?: boolean;
  /** Serial on which it was made; refused where something else was recorded meanwhile (BERTH4038). */
  readonly madeOn?: number;
  /** Asked under the lock, with what differs. Absent: yes. */
  readonly approve?: (difference: StateDifference) => Promise<boolean>;
}

/**
 * What is recorded of a stack, for people who have to put it right by hand. Nothing here asks a cloud for anything:
 * every change is of the records alone, under the stack's lock.
 *
 * @example
 * const { records } = project.stack("dev");
 * await records.move("web", "front/web");
 */
export class StackRecords {
  readonly #backend: StateBackend;
  readonly #stack: string;

  constructor(backend: StateBackend, stack: string) {
    this.#backend = backend;
    this.#stack = stack;
  }

  /** All of it; secrets encrypted. */
  async read(): Promise<StackState> {
    return this.#backend.read(this.#stack);
  }

  /** Who holds the stack's lock, also when it is dead or its lease has run out; `undefined`: it is free. */
  async lockHolder(): Promise<LockHolder | undefined> {
    return this.#backend.holder(this.#stack);
  }

  /**
   * Breaks the lock of one holder, and nobody else's. If it lives, its next write is refused.
   *
   * @throws BERTH4055 when the lock is free or somebody else's
   * @example
   * const holder = await records.lockHolder();
   * if (holder && holder.host === cancelledRunner) await records.unlock(holder.id);
   */
  async unlock(holderId: string): Promise<void> {
    await this.#backend.unlock(this.#stack, holderId);
  }

  /** One resource by path, `TYPE::path` or URN. @throws BERTH4031, BERTH4032 */
  async find(name: string): Promise<ResourceRecord> {
    return findRecord(await this.read(), name);
  }

  /**
   * Records that a resource, with all below it, or all of a component, has another name.
   *
   * @throws BERTH4031, BERTH4032, BERTH4035
   */
  async move(from: string, to: string): Promise<readonly RecordMove[]> {
    return this.#edit("state mv", async (session) => {
      const moves = planMoves(session.state, from, to);
      await moveRecords(session, moves);
      return moves;
    });
  }

  /**
   * Forgets resources; they stay where they are. Answers what was forgotten, or nothing where that was not approved.
   *
   * @throws BERTH4031, BERTH4032, BERTH4033, BERTH4034
   */
  async remove(
    names: readonly string[],
    options: {
      readonly withDependents?: boolean;
      readonly approve?: (removals: readonly RecordRemoval[]) => Promise<boolean>;
    } = {},
  ): Promise<readonly RecordRemoval[]> {
    return this.#edit("state rm", async (session) => {
      const removals = planRemovals(session.state, names, options.withDependents === true);
      if (options.approve && !(await options.approve(removals))) return [];
      await removeRecords(session, removals);
      return removals;
    });
  }

  /** Protects resources, or stops protecting them, until the program says it anew. Answers those that were not so before. */
  async protect(names: readonly string[], protect: boolean): Promise<readonly Urn[]> {
    const operation = protect ? "state protect" : "state unprotect";
    return this.#edit(operation, (session) => protectRecords(session, names, protect));
  }

  /** As JSON for people and scripts; secrets encrypted. */
  async export(): Promise<JsonObject> {
    return exportState(await this.read());
  }

  /**
   * Writes a whole state in the place of what is recorded, in one write. Answers what differs; nothing is written
   * where nothing does, or where it is not approved (`undefined`).
   *
   * @throws BERTH4006 for another stack's, BERTH4007, BERTH4037 where something would be lost, BERTH4038
   */
  async replace(state: StackState, options: ReplaceOptions = {}): Promise<StateDifference | undefined> {
    return this.#edit("state import", async (session) => {
      const before = session.state;
      if (options.madeOn !== undefined && options.madeOn !== before.serial) {
        const message = `it was made on serial ${options.madeOn}, and ${before.serial} is recorded now`;
        throw new BerthError([problem(stateCodes.BERTH4038, { message })]);
      }
      const { project, stack } = before;
      if (!options.rename && (state.project !== project || state.stack !== stack)) {
        const message = `it is the state of stack "${state.stack}" of project "${state.project}", not of stack "${stack}" of project "${project}"`;
        throw new BerthError([
          problem(stateCodes.BERTH4006, { message, hint: "--rename takes it as this one's" }),
        ]);
      }
      const next = renameStack(state, project, stack);
      if (!options.force) refuseLoss(before, next);
      const difference = differenceOf(before, next);
      if (isSame(difference)) return difference;
      if (options.approve && !(await options.approve(difference))) return undefined;
      await session.replaceAll(next);
      return difference;
    });
  }

  /**
   * Repairs a state that is refused as damaged: shows what it would come to, and writes that when it is approved.
   *
   * @throws BERTH4001, BERTH4005, BERTH4006, BERTH4030
   */
  async repair(approve: (repaired: RepairedState) => Promise<boolean>): Promise<RepairOutcome> {
    return this.#backend.repair(this.#stack, approve);
  }

  async #edit<T>(operation: string, run: (session: StateSession) => Promise<T>): Promise<T> {
    const session = await this.#backend.lock(this.#stack, { operation });
    try {
      const result = await run(session);
      await session.commit();
      return result;
    } finally {
      await session.release();
    }
  }
}

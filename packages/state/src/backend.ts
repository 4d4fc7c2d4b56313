import type {
  ClusterSnapshot,
  JsonObject,
  LastOperation,
  PendingOperation,
  ResourceRecord,
  SecretsKey,
  StackState,
  Urn,
} from "@berth/core";

import type { RepairedState } from "./repair/repair-state.ts";
import type { RepairOutcome } from "./repair/repair-stack.ts";

/**
 * Where the states of a project's stacks live. Every implementation passes the contract suite of
 * `@berth/state/testing`.
 */
export interface StateBackend {
  /** For people: `.berth/state`, `azblob://container/prefix`. */
  readonly location: string;
  /** Names of the stacks that have a state, sorted. */
  list(): Promise<readonly string[]>;
  /**
   * The stack's state as of one moment, without a lock: never half of an operation's write. A stack
   * that was never written has serial 0 and nothing in it.
   *
   * @throws BERTH4004 to BERTH4008 when the state is damaged, newer, or not this stack's.
   */
  read(stack: string): Promise<StackState>;
  /** The snapshot that the last `up` or `refresh` saved of a cluster. */
  readClusterSnapshot(stack: string, cluster: Urn): Promise<ClusterSnapshot | undefined>;
  /**
   * Takes the stack's lock and opens its state for writing. The lock is a lease: its holder renews it
   * while it lives. It is taken over at once when its holder is known to be dead, and when the lease has
   * run out: of several that try, exactly one gets it.
   *
   * @throws BERTH4001 when somebody holds it; the message says who and since when.
   */
  lock(stack: string, purpose: LockPurpose): Promise<StateSession>;
  /** Who holds the lock, also when it is dead or its lease has run out; `undefined`: it is free. */
  holder(stack: string): Promise<LockHolder | undefined>;
  /**
   * Breaks the lock of one holder, {@link LockHolder.id}, and nobody else's: whoever took it meanwhile
   * keeps it. The holder, if it lives, is refused its next write (BERTH4002).
   *
   * @throws BERTH4055 when the lock is free or somebody else's
   */
  unlock(stack: string, holderId: string): Promise<void>;
  /**
   * Repairs a state that is refused as damaged (BERTH4004, BERTH4007): shows what it would come to, and writes it when
   * that is approved. The damaged files are kept beside it. A state that is whole is not touched.
   *
   * @throws BERTH4001, BERTH4005, BERTH4006, BERTH4030
   */
  repair(stack: string, approve: (repaired: RepairedState) => Promise<boolean>): Promise<RepairOutcome>;
  /**
   * Removes a stack's state altogether.
   *
   * @throws BERTH4009 while it records resources or interrupted operations.
   */
  remove(stack: string): Promise<void>;
}

/** What a lock is taken for; shown to whoever finds it taken. */
export interface LockPurpose {
  /** `up`, `destroy` */
  readonly operation: string;
}

/** Who holds a lock. */
export interface LockHolder {
  /** Different for each time that a lock is taken. */
  readonly id: string;
  readonly operation: string;
  readonly user: string;
  readonly host: string;
  readonly pid: number;
  /** ISO 8601, UTC. */
  readonly since: string;
  /** Fencing token: a number that grows with each taking of the stack's lock. */
  readonly fence: number;
  /** When its lease runs out unless it is renewed before; ISO 8601, UTC. */
  readonly until: string;
  /** `dead`: its process has ended; `expired`: its lease has run out. Both are taken over by who comes next. */
  readonly state: "held" | "dead" | "expired";
}

/** What is left when an operation succeeded: the resource's record, or nothing. */
export type Outcome =
  | {
      readonly kind: "recorded";
      readonly record: ResourceRecord;
      /**
       * What stood under the URN is kept as superseded, until a delete of it succeeds. Needs an operation key of its own.
       * Said by the announced operation too, and enough there.
       */
      readonly supersedes?: true;
    }
  | {
      readonly kind: "removed";
      /** Operation key of the superseded record that is gone: the one that the announced operation names. */
      readonly superseded?: string;
    };

/**
 * A stack's state, open for writing under its lock. Each method resolves when what it says is
 * durable: it survives a kill and a power cut from then on. Concurrent calls share a write.
 *
 * No write counts unless the lock was still held when it was durable (BERTH4002). After a write that
 * failed, everything but {@link release} is refused (BERTH4012): the next session goes on from what
 * was durable.
 */
export interface StateSession {
  /** The state with everything that was recorded until now. */
  readonly state: StackState;
  /** One record, without putting the whole state in order. */
  record(urn: Urn): ResourceRecord | undefined;
  /** What was replaced under a URN and waits for its deletion, the oldest first. */
  superseded(urn: Urn): readonly ResourceRecord[];
  /** The operation on a resource that began and has not ended; or the one on what it superseded, by its operation key. */
  pending(urn: Urn, superseded?: string): PendingOperation | undefined;
  /**
   * Announces a side effect, before it. An operation that is still pending for the same resource is
   * superseded: this one repeats it.
   */
  begin(operation: PendingOperation): Promise<void>;
  /** Records that the side effect happened. Dependents start only when this has resolved. */
  succeed(operation: PendingOperation, outcome: Outcome): Promise<void>;
  /** Records that the side effect did not happen, and why (no secrets in it). */
  fail(operation: PendingOperation, reason: string): Promise<void>;
  /** Records what changed about a resource without a side effect: its dependencies, its protection. */
  amend(record: ResourceRecord): Promise<void>;
  /**
   * Records that a resource has another URN from now on: in its record, in what it superseded, in what is
   * pending, and wherever others name it. Its children keep their URNs; each is moved by itself.
   *
   * @throws TypeError where nothing is recorded or pending under `from`, something is under `to`, or `to` is of another type
   */
  move(from: Urn, to: Urn): Promise<void>;
  /**
   * Drops the record of a resource, or of something that it superseded (by its operation key), with what is
   * pending for it. The thing itself is not touched.
   *
   * @throws TypeError where there is nothing to forget, or others were made with it as their provider
   */
  forget(urn: Urn, superseded?: string): Promise<void>;
  /**
   * Replaces everything that is recorded, in one write of a snapshot: a crash leaves all of the old or all of
   * the new. The serial goes on from the greater of both.
   *
   * @throws BERTH4007 for a state that breaks an invariant; nothing is written then
   */
  replaceAll(state: StackState): Promise<void>;
  /** Replaces the stack's outputs; writes nothing when they are the same. */
  setOutputs(outputs: JsonObject): Promise<void>;
  /** Names the key that the secrets are encrypted with, before the first of them is written. */
  setSecretsKey(key: SecretsKey): Promise<void>;
  /** Keeps what the operation that goes to work now is for, or that nobody said; writes nothing when that is the same. */
  setOperation(operation: LastOperation | undefined): Promise<void>;
  /** Keeps what a cluster was observed to hold, for previews without a network. */
  saveClusterSnapshot(snapshot: ClusterSnapshot): Promise<void>;
  /** Makes one snapshot of the journal, and forgets clusters that are no longer recorded. Changes no content. */
  commit(): Promise<void>;
  /** Gives the lock back. Never throws for what earlier writes threw for. Calling it again does nothing. */
  release(): Promise<void>;
}

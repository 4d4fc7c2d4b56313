import type { LockHolder, StateBackend } from "./backend.ts";
import { defaultLeaseTimes } from "./lease.ts";
import { holderOf, type LockClaim, newClaim } from "./lock-claim.ts";
import { lockedBy, lockLost, notThatHolder } from "./lock-error.ts";
import type { HeldStorage, StackStorage, StackTexts } from "./storage.ts";
import { storedBackend } from "./stored-backend.ts";

/** What may be done before each write of a memory backend: a test throws here, as a disk would. */
export type BeforeWrite = (what: "snapshot" | "journal" | "cluster" | "removal", stack: string) => void;

/**
 * States that live as long as the process: for unit tests of programs. Formats and rules are those of
 * files, so what holds here holds there.
 *
 * @example const backend = memoryBackend({ project: "store" });
 */
export function memoryBackend(options: {
  readonly project: string;
  readonly beforeWrite?: BeforeWrite;
  /** By whose clock leases run out; without one they never do, since holder and taker are one process. */
  readonly now?: () => number;
}): StateBackend {
  const stacks = new Map<string, MemoryStack>();
  return storedBackend(options.project, {
    location: "memory",
    list: async () => [...stacks].filter(([, stack]) => stack.hasState()).map(([name]) => name),
    stack: (name) => {
      let stack = stacks.get(name);
      if (!stack)
        stacks.set(name, (stack = new MemoryStack(name, options.beforeWrite ?? (() => {}), options.now)));
      return stack;
    },
  });
}

interface MemoryLock {
  readonly claim: LockClaim;
  readonly fence: number;
  /** When its holder took it or last wrote; milliseconds. */
  renewed: number;
}

class MemoryStack implements StackStorage {
  readonly snapshotName: string;
  readonly #name: string;
  readonly #beforeWrite: BeforeWrite;
  readonly #now: (() => number) | undefined;
  readonly #clusters = new Map<string, string>();
  #snapshot: string | undefined;
  #journal: { readonly fence: number; readonly text: string } | undefined;
  #lock: MemoryLock | undefined;
  #fence = 0;

  constructor(name: string, beforeWrite: BeforeWrite, now: (() => number) | undefined) {
    this.#name = name;
    this.#beforeWrite = beforeWrite;
    this.#now = now;
    this.snapshotName = `memory/${name}/snapshot`;
  }

  hasState(): boolean {
    return this.#snapshot !== undefined || this.#journal !== undefined;
  }

  async read(): Promise<StackTexts> {
    const journalName = `memory/${this.#name}/journal`;
    return { snapshot: this.#snapshot, journal: this.#journal?.text, journalName };
  }

  async readCluster(key: string): Promise<string | undefined> {
    return this.#clusters.get(key);
  }

  async readHistory(): Promise<readonly []> {
    return [];
  }

  async holder(): Promise<LockHolder | undefined> {
    return this.#holder();
  }

  async unlock(holderId: string): Promise<void> {
    if (this.#lock?.claim.id !== holderId) throw notThatHolder(this.#name, this.#holder());
    this.#lock = undefined;
  }

  async lock(operation: string, above: number): Promise<HeldStorage> {
    const holder = this.#holder();
    if (holder?.state === "held") throw lockedBy(this.#name, holder, `memory/${this.#name}/lock`);
    this.#fence = Math.max(this.#fence, above) + 1;
    const own: MemoryLock = { claim: newClaim(operation), fence: this.#fence, renewed: this.#now?.() ?? 0 };
    this.#lock = own;
    return this.#held(own);
  }

  #held(own: MemoryLock): HeldStorage {
    const write = async (what: Parameters<BeforeWrite>[0], change: () => void): Promise<void> => {
      if (this.#lock !== own) throw lockLost(this.#name, this.#holder());
      this.#beforeWrite(what, this.#name);
      own.renewed = this.#now?.() ?? 0;
      change();
    };
    return {
      fence: own.fence,
      snapshotName: this.snapshotName,
      read: () => this.read(),
      readCluster: (key) => this.readCluster(key),
      readHistory: () => this.readHistory(),
      keepDamaged: async () => [],
      holder: () => this.holder(),
      lock: (again, above) => this.lock(again, above),
      unlock: (id) => this.unlock(id),
      writeSnapshot: (text) =>
        write("snapshot", () => {
          this.#snapshot = text;
        }),
      appendJournal: (text) =>
        write("journal", () => {
          const before = this.#journal?.fence === own.fence ? this.#journal.text : "";
          this.#journal = { fence: own.fence, text: before + text };
        }),
      removeJournal: () =>
        write("removal", () => {
          this.#journal = undefined;
        }),
      listClusters: async () => [...this.#clusters.keys()],
      writeCluster: (key, text) =>
        write("cluster", () => {
          this.#clusters.set(key, text);
        }),
      removeCluster: async (key) => {
        this.#clusters.delete(key);
      },
      removeAll: async () => {
        if (this.#lock !== own) throw lockLost(this.#name, this.#holder());
        this.#clusters.clear();
        this.#snapshot = this.#journal = undefined;
      },
      release: async () => {
        if (this.#lock === own) this.#lock = undefined;
      },
    };
  }

  #holder(): LockHolder | undefined {
    if (!this.#lock) return undefined;
    const { claim, fence, renewed } = this.#lock;
    const { ttl } = defaultLeaseTimes;
    if (!this.#now) return holderOf(claim, fence, ttl, Date.now());
    return holderOf(claim, fence, renewed + ttl - this.#now(), this.#now());
  }
}

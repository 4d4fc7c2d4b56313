import { randomUUID } from "node:crypto";
import type { LockHolder, StateBackend } from "./backend.ts";
import { lockedBy, lockLost } from "./lock-error.ts";
import type { HeldStorage, StackStorage } from "./storage.ts";
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
}): StateBackend {
  const stacks = new Map<string, MemoryStack>();
  return storedBackend(options.project, {
    location: "memory",
    list: async () => [...stacks].filter(([, stack]) => stack.hasState()).map(([name]) => name),
    stack: (name) => {
      let stack = stacks.get(name);
      if (!stack) stacks.set(name, (stack = new MemoryStack(name, options.beforeWrite ?? (() => {}))));
      return stack;
    },
  });
}

class MemoryStack implements StackStorage {
  readonly #name: string;
  readonly #beforeWrite: BeforeWrite;
  readonly #clusters = new Map<string, string>();
  #snapshot: string | undefined;
  #journal: string | undefined;
  #holder: LockHolder | undefined;

  constructor(name: string, beforeWrite: BeforeWrite) {
    this.#name = name;
    this.#beforeWrite = beforeWrite;
  }

  hasState(): boolean {
    return this.#snapshot !== undefined || this.#journal !== undefined;
  }

  describe(part: "snapshot" | "journal"): string {
    return `memory/${this.#name}/${part}`;
  }

  async read(): Promise<{ readonly snapshot: string | undefined; readonly journal: string | undefined }> {
    return { snapshot: this.#snapshot, journal: this.#journal };
  }

  async readCluster(key: string): Promise<string | undefined> {
    return this.#clusters.get(key);
  }

  async holder(): Promise<LockHolder | undefined> {
    return this.#holder;
  }

  async lock(operation: string): Promise<HeldStorage> {
    if (this.#holder) throw lockedBy(this.#name, this.#holder, `memory/${this.#name}/lock`);
    const own: LockHolder = {
      id: randomUUID(),
      operation,
      user: "memory",
      host: "memory",
      pid: process.pid,
      since: new Date().toISOString(),
    };
    this.#holder = own;
    const write = (what: Parameters<BeforeWrite>[0]) => this.#beforeWrite(what, this.#name);
    return {
      describe: (part) => this.describe(part),
      read: () => this.read(),
      readCluster: (key) => this.readCluster(key),
      holder: () => this.holder(),
      lock: (again) => this.lock(again),
      assertHeld: async () => {
        if (this.#holder !== own) throw lockLost(this.#name, this.#holder);
      },
      writeSnapshot: async (text) => {
        write("snapshot");
        this.#snapshot = text;
      },
      appendJournal: async (text) => {
        write("journal");
        this.#journal = (this.#journal ?? "") + text;
      },
      truncateJournal: async (length) => {
        const kept = Buffer.from(this.#journal ?? "")
          .subarray(0, length)
          .toString();
        this.#journal = kept === "" ? undefined : kept;
      },
      removeJournal: async () => {
        write("removal");
        this.#journal = undefined;
      },
      listClusters: async () => [...this.#clusters.keys()],
      writeCluster: async (key, text) => {
        write("cluster");
        this.#clusters.set(key, text);
      },
      removeCluster: async (key) => {
        this.#clusters.delete(key);
      },
      removeAll: async () => {
        this.#clusters.clear();
        this.#snapshot = this.#journal = undefined;
      },
      release: async () => {
        if (this.#holder === own) this.#holder = undefined;
      },
    };
  }
}

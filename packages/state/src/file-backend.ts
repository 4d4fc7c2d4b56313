import type { BigIntStats, Dirent } from "node:fs";
import { type FileHandle, readdir, rm, rmdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { StateBackend } from "./backend.ts";
import {
  accessError,
  appendDurably,
  hasCode,
  linkExclusively,
  makeFolder,
  openForAppend,
  readText,
  removeFile,
  replaceText,
  syncFolder,
} from "./durable-files.ts";
import { breakFileLock, type FileLock, fileLockHolder, takeFileLock } from "./file-lock.ts";
import { defaultLeaseTimes, type LeaseTimes } from "./lease.ts";
import type { HeldStorage, KeptSnapshot, StackStorage, StackTexts } from "./storage.ts";
import { storedBackend } from "./stored-backend.ts";

/**
 * States in files: `{directory}/{stack}/` holds `snapshot.json`; `journal.N.jsonl` while an operation
 * runs or after one that was killed, N being its fencing token; `lock.N`; `history/` with the last
 * {@link historyLength} snapshots that were replaced, by serial; and `clusters/` with the observed snapshots.
 *
 * Everything is written with the user's own permissions (0600) and synced to disk before it counts.
 * The directory may be shared by several machines (SMB, NFS): the lock is a lease.
 *
 * @example
 * const backend = fileBackend({ directory: ".berth/state", project: "store" });
 * const state = await backend.read("dev");
 */
export function fileBackend(options: {
  readonly directory: string;
  readonly project: string;
  /** For tests; a minute, renewed every twenty seconds. */
  readonly lease?: LeaseTimes;
}): StateBackend {
  const { directory, project, lease = defaultLeaseTimes } = options;
  return storedBackend(project, {
    location: directory,
    list: async () => {
      const names: string[] = [];
      for (const entry of await entriesOf(directory)) {
        if (entry.isDirectory() && (await holdsState(join(directory, entry.name)))) names.push(entry.name);
      }
      return names;
    },
    stack: (name) => stackFolder(join(directory, name), name, lease),
  });
}

async function holdsState(folder: string): Promise<boolean> {
  return (await entriesOf(folder)).some(
    ({ name }) => name === "snapshot.json" || journalFence(name) !== undefined,
  );
}

/** How many replaced snapshots are kept in `history/`. */
export const historyLength = 20;

function stackFolder(folder: string, stack: string, times: LeaseTimes): StackStorage {
  const storage: StackStorage = {
    snapshotName: snapshotPath(folder),
    read: () => readTogether(folder),
    readCluster: (key) => readText(clusterPath(folder, key)),
    readHistory: () => readHistory(join(folder, "history")),
    lock: async (operation, above) =>
      heldFolder(folder, storage, await takeFileLock({ folder, stack, operation, times, above })),
    holder: () => fileLockHolder(folder),
    unlock: (holderId) => breakFileLock(folder, stack, holderId),
  };
  return storage;
}

function heldFolder(folder: string, storage: StackStorage, lock: FileLock): HeldStorage {
  const { fence } = lock;
  const path = snapshotPath(folder);
  const journal = journalFile(journalPath(folder, fence));
  let isRemoved = false;
  return {
    ...storage,
    fence,
    writeSnapshot: (text, { replaced }) =>
      replaceHeld(lock, path, text, () => keepReplaced(folder, replaced)),
    appendJournal: async (text) => {
      await lock.assertHeld();
      await journal.append(text);
      await lock.assertHeld();
    },
    removeJournal: async () => {
      await journal.close();
      const old = (await journalFences(folder)).filter((each) => each <= fence);
      for (const each of old) await removeFile(journalPath(folder, each));
    },
    keepDamaged: async () => {
      await lock.assertHeld();
      const journals = (await journalFences(folder)).map((each) => journalPath(folder, each));
      const kept: string[] = [];
      for (const each of [path, ...journals]) {
        if ((await identityOf(each)) === "none") continue;
        await linkExclusively(each, `${each}.damaged-${fence}`);
        kept.push(`${each}.damaged-${fence}`);
      }
      return kept;
    },
    listClusters: async () => {
      const entries = await entriesOf(join(folder, "clusters"));
      return entries
        .filter((entry) => entry.name.endsWith(".json"))
        .map((entry) => entry.name.slice(0, -".json".length));
    },
    writeCluster: async (key, text) => {
      await makeFolder(join(folder, "clusters"));
      await replaceHeld(lock, clusterPath(folder, key), text);
    },
    removeCluster: async (key) => {
      await lock.assertHeld();
      await removeFile(clusterPath(folder, key));
      await removeIfEmpty(join(folder, "clusters"));
    },
    removeAll: async () => {
      await lock.assertHeld();
      // A journal is nothing without its snapshot, so it goes first.
      for (const each of await journalFences(folder)) await removeFile(journalPath(folder, each));
      for (const part of ["clusters", "history"])
        await rm(join(folder, part), { recursive: true, force: true });
      await lock.assertHeld();
      await removeFile(path);
      isRemoved = true;
    },
    release: async () => {
      await journal.close();
      await (isRemoved ? lock.remove() : lock.release());
      await removeIfEmpty(folder);
    },
  };
}

/**
 * Replaces a file under the lock. Whoever takes the lock over removes the draft before it reads, so that
 * a rename which comes too late fails.
 */
async function replaceHeld(
  lock: FileLock,
  path: string,
  text: string,
  keep: () => Promise<void> = async () => {},
): Promise<void> {
  try {
    await replaceText(path, text, `${path}.${lock.fence}.new`, async () => {
      await lock.assertHeld();
      await keep();
    });
  } catch (error) {
    await lock.assertHeld();
    throw error;
  }
}

/** Gives the snapshot that is about to be replaced a second name in the history, and forgets the oldest there. */
async function keepReplaced(folder: string, serial: number | undefined): Promise<void> {
  if (serial === undefined) return;
  const history = join(folder, "history");
  await makeFolder(history);
  await linkExclusively(snapshotPath(folder), join(history, `${serial}.json`));
  for (const each of (await serialsIn(history)).slice(historyLength))
    await removeFile(join(history, `${each}.json`));
}

/** Serials of the snapshots in a history, the highest first. */
async function serialsIn(history: string): Promise<readonly string[]> {
  return (await entriesOf(history))
    .flatMap(({ name }) => /^(\d+)\.json$/.exec(name)?.[1] ?? [])
    .toSorted((a, b) => Number(b) - Number(a));
}

async function readHistory(history: string): Promise<readonly KeptSnapshot[]> {
  const kept: KeptSnapshot[] = [];
  for (const serial of await serialsIn(history)) {
    const name = join(history, `${serial}.json`);
    const text = await readText(name);
    if (text !== undefined) kept.push({ name, text });
  }
  return kept;
}

interface JournalFile {
  append(text: string): Promise<void>;
  close(): Promise<void>;
}

/** The journal's file, kept open between appends. */
function journalFile(path: string): JournalFile {
  let file: FileHandle | undefined;
  const close = async (): Promise<void> => {
    const open = file;
    file = undefined;
    await open?.close();
  };
  const opened = async (): Promise<FileHandle> => {
    if (!file) {
      file = await openForAppend(path);
      await syncFolder(dirname(path));
    }
    return file;
  };
  return {
    append: async (text) => {
      try {
        const handle = await opened();
        await appendDurably(handle, text);
      } catch (error) {
        throw accessError(error, path);
      }
    },
    close,
  };
}

/**
 * Snapshot and journal of one moment. A commit puts the journal into a new snapshot and removes it;
 * a reader that saw the old snapshot and no journal any more would see the past, so it reads again
 * until the snapshot has stayed the same meanwhile.
 */
async function readTogether(folder: string): Promise<StackTexts> {
  const path = snapshotPath(folder);
  for (let attempt = 0; ; attempt++) {
    const before = await identityOf(path);
    const snapshot = await readText(path);
    const fence = Math.max(0, ...(await journalFences(folder)));
    const journalName = journalPath(folder, fence);
    const journal = await readText(journalName);
    if (before === (await identityOf(path)) || attempt === 100) return { snapshot, journal, journalName };
  }
}

async function identityOf(path: string): Promise<string> {
  const stats: BigIntStats | undefined = await stat(path, { bigint: true }).catch((error: unknown) => {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return undefined;
    throw accessError(error, path);
  });
  return stats ? `${stats.ino} ${stats.mtimeNs} ${stats.size}` : "none";
}

async function entriesOf(folder: string): Promise<readonly Dirent[]> {
  return readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return [];
    throw accessError(error, folder);
  });
}

async function removeIfEmpty(folder: string): Promise<void> {
  await rmdir(folder).catch(() => {});
}

function snapshotPath(folder: string): string {
  return join(folder, "snapshot.json");
}

function journalPath(folder: string, fence: number): string {
  return join(folder, fence === 0 ? "journal.jsonl" : `journal.${fence}.jsonl`);
}

async function journalFences(folder: string): Promise<readonly number[]> {
  return (await entriesOf(folder)).flatMap(({ name }) => journalFence(name) ?? []);
}

/** Fencing token in the name of a journal; 0 in one of the first version, which had none. */
function journalFence(name: string): number | undefined {
  const match = /^journal\.(?:(\d{1,15})\.)?jsonl$/.exec(name);
  return match ? Number(match[1] ?? 0) : undefined;
}

function clusterPath(folder: string, key: string): string {
  return join(folder, "clusters", `${key}.json`);
}

import type { BigIntStats, Dirent } from "node:fs";
import { type FileHandle, readdir, rm, rmdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { StateBackend } from "./backend.ts";
import {
  accessError,
  hasCode,
  makeFolder,
  openForAppend,
  readText,
  removeFile,
  replaceText,
  syncFolder,
} from "./durable-files.ts";
import { type FileLock, fileLockHolder, takeFileLock } from "./file-lock.ts";
import type { HeldStorage, StackStorage, StackTexts } from "./storage.ts";
import { storedBackend } from "./stored-backend.ts";

/**
 * States in files: `{directory}/{stack}/` holds `snapshot.json`, `journal.jsonl` while an operation
 * runs or after one that was killed, `lock`, and `clusters/` with the observed snapshots.
 *
 * Everything is written with the user's own permissions (0600) and synced to disk before it counts.
 *
 * @example
 * const backend = fileBackend({ directory: ".berth/state", project: "store" });
 * const state = await backend.read("dev");
 */
export function fileBackend(options: { readonly directory: string; readonly project: string }): StateBackend {
  const { directory, project } = options;
  return storedBackend(project, {
    location: directory,
    list: async () => {
      const names: string[] = [];
      for (const entry of await entriesOf(directory)) {
        if (entry.isDirectory() && (await holdsState(join(directory, entry.name)))) names.push(entry.name);
      }
      return names;
    },
    stack: (name) => stackFolder(join(directory, name), name),
  });
}

async function holdsState(folder: string): Promise<boolean> {
  return (await entriesOf(folder)).some(
    (entry) => entry.name === "snapshot.json" || entry.name === "journal.jsonl",
  );
}

function stackFolder(folder: string, stack: string): StackStorage {
  const storage: StackStorage = {
    describe: (part) => pathOf(folder, part),
    read: () => readTogether(folder),
    readCluster: (key) => readText(clusterPath(folder, key)),
    lock: async (operation) => heldFolder(folder, storage, await takeFileLock(folder, stack, operation)),
    holder: () => fileLockHolder(folder),
  };
  return storage;
}

function heldFolder(folder: string, storage: StackStorage, lock: FileLock): HeldStorage {
  const journal = journalFile(pathOf(folder, "journal"));
  return {
    ...storage,
    assertHeld: () => lock.assertHeld(),
    writeSnapshot: (text) => replaceText(pathOf(folder, "snapshot"), text),
    appendJournal: (text) => journal.append(text),
    truncateJournal: (length) => journal.truncate(length),
    removeJournal: () => journal.remove(),
    listClusters: async () => {
      const entries = await entriesOf(join(folder, "clusters"));
      return entries
        .filter((entry) => entry.name.endsWith(".json"))
        .map((entry) => entry.name.slice(0, -".json".length));
    },
    writeCluster: async (key, text) => {
      await makeFolder(join(folder, "clusters"));
      await replaceText(clusterPath(folder, key), text);
    },
    removeCluster: async (key) => {
      await removeFile(clusterPath(folder, key));
      await removeIfEmpty(join(folder, "clusters"));
    },
    removeAll: async () => {
      // The journal is nothing without its snapshot, so it goes first.
      await journal.remove();
      await rm(join(folder, "clusters"), { recursive: true, force: true });
      await removeFile(pathOf(folder, "snapshot"));
    },
    release: async () => {
      await journal.close();
      await lock.release();
      await removeIfEmpty(folder);
    },
  };
}

interface JournalFile {
  append(text: string): Promise<void>;
  truncate(length: number): Promise<void>;
  remove(): Promise<void>;
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
  const guarded = async (write: (handle: FileHandle) => Promise<void>): Promise<void> => {
    try {
      await write(await opened());
    } catch (error) {
      throw accessError(error, path);
    }
  };
  return {
    append: (text) =>
      guarded(async (handle) => {
        await handle.writeFile(text);
        await handle.datasync();
      }),
    truncate: (length) =>
      guarded(async (handle) => {
        await handle.truncate(length);
        await handle.sync();
      }),
    remove: async () => {
      await close();
      await removeFile(path);
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
  const path = pathOf(folder, "snapshot");
  for (let attempt = 0; ; attempt++) {
    const before = await identityOf(path);
    const snapshot = await readText(path);
    const journal = await readText(pathOf(folder, "journal"));
    if (before === (await identityOf(path)) || attempt === 100) return { snapshot, journal };
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

function pathOf(folder: string, part: "snapshot" | "journal"): string {
  return join(folder, part === "snapshot" ? "snapshot.json" : "journal.jsonl");
}

function clusterPath(folder: string, key: string): string {
  return join(folder, "clusters", `${key}.json`);
}

import { randomUUID } from "node:crypto";
import { readdir, rename, rm } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import type { LockHolder } from "./backend.ts";
import { stateCodes } from "./codes.ts";
import { damaged, stateError } from "./damage.ts";
import {
  accessError,
  hasCode,
  linkExclusively,
  makeFolder,
  readText,
  removeFile,
  syncFolder,
  writeSynced,
} from "./durable-files.ts";
import { lockedBy, lockLost } from "./lock-error.ts";
import { isJsonObject, parseJson } from "./parse.ts";
import { liveness, ownIdentity, type ProcessIdentity } from "./process-identity.ts";

/** A lock as it stands in its file. */
export interface FileLockHolder extends LockHolder {
  readonly process: ProcessIdentity;
}

/**
 * A lock in a folder, for processes of one machine.
 *
 * The holder is the file `lock`. It appears complete, or not at all: written beside and then linked,
 * which only one of many can do. A dead holder, say `a`, is succeeded by the one that links
 * `lock.after-a`; if that one dies on the way, by the one that links `lock.after-` its own id, and so
 * on. The holder is always the end of this chain. Whoever has linked looks again whether it is the end
 * of the chain that begins at `lock`, then makes itself the beginning by one rename. Ids are never used
 * twice, so a link that comes late succeeds a holder that is no longer in the chain, and its owner sees that.
 */
export interface FileLock {
  readonly holder: FileLockHolder;
  /** @throws BERTH4002 */
  assertHeld(): Promise<void>;
  release(): Promise<void>;
}

interface Link {
  readonly file: string;
  readonly holder: FileLockHolder;
}

/** How often others may come between before it is given up. */
const attempts = 100;

/** Takes the lock of a stack. @throws BERTH4001 when it is held, BERTH4003 when it cannot be read */
export async function takeFileLock(folder: string, stack: string, operation: string): Promise<FileLock> {
  const own = newHolder(operation);
  const draft = join(folder, `lock.${own.id}.new`);
  try {
    for (let attempt = 0; attempt < attempts; attempt++) {
      const last = (await chain(folder)).at(-1);
      if (last && liveness(last.holder.process) !== "dead") throw lockedBy(stack, last.holder, last.file);
      await makeFolder(folder);
      if ((await writeDraft(draft, own)) && (await succeed(folder, draft, last, own)))
        return heldLock(folder, stack, own);
    }
  } finally {
    await rm(draft, { force: true }).catch(() => {});
  }
  throw stateError(
    stateCodes.BERTH4001,
    join(folder, "lock"),
    `stack "${stack}" could not be locked: too many others are trying`,
  );
}

/** Who holds the lock, living or dead. */
export async function fileLockHolder(folder: string): Promise<FileLockHolder | undefined> {
  return (await chain(folder)).at(-1)?.holder;
}

/** `false`: another process, releasing its lock, removed the empty folder. */
async function writeDraft(draft: string, own: FileLockHolder): Promise<boolean> {
  try {
    await writeSynced(draft, `${JSON.stringify(own)}\n`);
    return true;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return false;
    throw accessError(error, draft);
  }
}

async function succeed(
  folder: string,
  draft: string,
  last: Link | undefined,
  own: FileLockHolder,
): Promise<boolean> {
  const name = last ? `lock.after-${last.holder.id}` : "lock";
  const file = join(folder, name);
  if ((await linkExclusively(draft, file)) !== "made") return false;
  if ((await chain(folder)).at(-1)?.holder.id !== own.id) {
    await removeFile(file);
    return false;
  }
  if (last) {
    await rename(draft, join(folder, "lock")).catch((error: unknown) => {
      throw accessError(error, file);
    });
    await syncFolder(folder);
  }
  await sweep(folder, own.id);
  return true;
}

/** Removes what takers left that died. A living taker whose draft or link is removed begins again. */
async function sweep(folder: string, own: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const old = /^lock\.(after-|.*\.new$)/.test(name) && !name.includes(own);
    if (old) await rm(join(folder, name), { force: true });
  }
}

function heldLock(folder: string, stack: string, holder: FileLockHolder): FileLock {
  const current = async (): Promise<FileLockHolder | undefined> => (await chain(folder)).at(-1)?.holder;
  return {
    holder,
    async assertHeld() {
      const now = await current();
      if (now?.id !== holder.id) throw lockLost(stack, now);
    },
    async release() {
      if ((await current())?.id === holder.id) await removeFile(join(folder, "lock"));
    },
  };
}

/** The holder in `lock`, the one that succeeded it, and so on. */
async function chain(folder: string): Promise<readonly Link[]> {
  const links: Link[] = [];
  for (let name = "lock"; ; name = `lock.after-${links.at(-1)!.holder.id}`) {
    const file = join(folder, name);
    const text = await readText(file);
    if (text === undefined) return links;
    const holder = parseHolder(text);
    if (!holder) throw stateError(stateCodes.BERTH4003, file, "it does not say who holds the lock");
    if (links.some((link) => link.holder.id === holder.id)) throw damaged(file, "it succeeds itself");
    links.push({ file, holder });
  }
}

function newHolder(operation: string): FileLockHolder {
  const identity = ownIdentity();
  const { host, pid } = identity;
  return {
    id: randomUUID(),
    operation,
    user: userName(),
    host,
    pid,
    since: new Date().toISOString(),
    process: identity,
  };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A user id without an entry in the system's list, as containers often have.
    return process.getuid ? `user ${process.getuid()}` : "unknown";
  }
}

function parseHolder(text: string): FileLockHolder | undefined {
  const value = parseJson(text);
  if (!isJsonObject(value) || !isJsonObject(value["process"])) return undefined;
  const { id, operation, user, host, pid, since } = value;
  const { boot, namespace, started, ...ran } = value["process"];
  const texts =
    typeof id === "string" &&
    /^[0-9a-f-]{36}$/.test(id) &&
    typeof operation === "string" &&
    typeof user === "string";
  if (!texts || typeof host !== "string" || typeof pid !== "number" || typeof since !== "string")
    return undefined;
  if (typeof ran["host"] !== "string" || typeof ran["pid"] !== "number") return undefined;
  const identity: ProcessIdentity = {
    host: ran["host"],
    pid: ran["pid"],
    ...(typeof boot === "string" && { boot }),
    ...(typeof namespace === "string" && { namespace }),
    ...(typeof started === "string" && { started }),
  };
  return { id, operation, user, host, pid, since, process: identity };
}

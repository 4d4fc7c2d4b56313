import { constants, fstatSync, readdirSync } from "node:fs";
import { type FileHandle, open, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { LockHolder } from "./backend.ts";
import { stateCodes } from "./codes.ts";
import { stateError } from "./damage.ts";
import {
  accessError,
  hasCode,
  linkExclusively,
  makeFolder,
  openDraft,
  removeFile,
  syncFolder,
} from "./durable-files.ts";
import { keepRenewing, type LeaseTimes } from "./lease.ts";
import { holderOf, type LockClaim, newClaim, parseClaim } from "./lock-claim.ts";
import { lockedBy, lockLost, notThatHolder } from "./lock-error.ts";
import { isJsonObject, parseJson } from "./parse.ts";

/**
 * A lock in a folder, shared by whoever can write there, also from several machines.
 *
 * The holder is the file `lock.N` with the highest N, the fencing token. It appears complete, or not at
 * all: written beside and then linked as `lock.N+1`, which only one of many can do. Whoever comes so
 * late that this number was taken, left behind and swept away meanwhile finds a higher one, and
 * withdraws. The highest is never removed while the stack exists, so the number never goes back; a lock
 * that was given back is a file that says so.
 *
 * The holder renews its lease by writing the file's bytes again through the handle that it has kept:
 * that only moves its time of modification, and touches nobody else's file when the lock was taken over
 * meanwhile. Whoever wants the lock compares that time with the one of the file it has just written, so
 * that both are told by one clock: that of the file system, which several machines may share.
 */
export interface FileLock {
  readonly fence: number;
  /** @throws BERTH4002 */
  assertHeld(): Promise<void>;
  release(): Promise<void>;
  /** As {@link FileLock.release}, and forgets the fencing token: the stack is gone. */
  remove(): Promise<void>;
}

export interface FileLockRequest {
  readonly folder: string;
  readonly stack: string;
  readonly operation: string;
  readonly times: LeaseTimes;
  /** The highest fencing token that the state records: the lock's becomes higher, also when lock files were deleted. */
  readonly above: number;
}

/** A lock file as it was read. */
interface Found {
  readonly file: string;
  readonly fence: number;
  readonly claim: LockClaim;
  readonly isReleased: boolean;
  readonly ttl: number;
  /** Last renewal, by the file system's clock; milliseconds. */
  readonly renewed: number;
}

interface Draft {
  readonly path: string;
  readonly claim: LockClaim;
  readonly text: string;
  readonly handle: FileHandle;
  /** Time of writing, by the file system's clock; milliseconds. */
  readonly written: number;
}

/** How often others may come between before it is given up. */
const attempts = 100;

/** Takes the lock of a stack. @throws BERTH4001 when it is held, BERTH4003 when it cannot be read */
export async function takeFileLock(request: FileLockRequest): Promise<FileLock> {
  const { folder, stack, operation, times } = request;
  return withDraft(folder, stack, newText(operation, times, 0), async (draft) => {
    const last = await highest(folder);
    const holder = last && !last.isReleased ? asHolder(last, draft.written) : undefined;
    if (last && holder?.state === "held") throw lockedBy(stack, holder, last.file);
    const fence = (last?.fence ?? 0) + 1;
    if (!(await succeed(folder, draft, fence))) return undefined;
    return heldLock(request, draft, await advance(folder, fence, request.above));
  });
}

/** Who holds the lock, living or dead; `undefined`: nobody. */
export async function fileLockHolder(folder: string): Promise<LockHolder | undefined> {
  const last = await highest(folder);
  return last && !last.isReleased ? asHolder(last, Date.now()) : undefined;
}

/** Breaks the lock of one holder. @throws BERTH4055 when it is another's, or nobody's */
export async function breakFileLock(folder: string, stack: string, holderId: string): Promise<void> {
  await refuseOther(folder, stack, holderId);
  await withDraft(folder, stack, newText("unlock", { ttl: 0 }, 1), async (draft) => {
    const last = await refuseOther(folder, stack, holderId);
    if (!(await succeed(folder, draft, last.fence + 1))) return undefined;
    await draft.handle.close();
    return true;
  });
}

async function refuseOther(folder: string, stack: string, holderId: string): Promise<Found> {
  const last = await highest(folder);
  if (last && !last.isReleased && last.claim.id === holderId) return last;
  throw notThatHolder(stack, last && !last.isReleased ? asHolder(last, Date.now()) : undefined);
}

/** Gives `attempt` a draft of its own until it answers something; the draft's name is gone afterwards. */
async function withDraft<T>(
  folder: string,
  stack: string,
  made: { readonly claim: LockClaim; readonly text: string },
  attempt: (draft: Draft) => Promise<T | undefined>,
): Promise<T> {
  const path = join(folder, `lock.${made.claim.id}.new`);
  for (let count = 0; count < attempts; count++) {
    await makeFolder(folder);
    const opened = await writeDraft(path, made.text);
    if (!opened) continue;
    let answer: T | undefined;
    try {
      answer = await attempt({ ...made, ...opened, path });
    } finally {
      await rm(path, { force: true }).catch(() => {});
      if (answer === undefined) await opened.handle.close();
    }
    if (answer !== undefined) return answer;
  }
  throw stateError(
    stateCodes.BERTH4001,
    join(folder, "lock"),
    `stack "${stack}" could not be locked: too many others are trying`,
  );
}

/** `undefined`: another process removed the folder together with its stack. */
async function writeDraft(
  path: string,
  text: string,
): Promise<{ readonly handle: FileHandle; readonly written: number } | undefined> {
  let handle: FileHandle | undefined;
  try {
    handle = await openDraft(path);
    await handle.writeFile(text);
    await handle.sync();
    return { handle, written: (await handle.stat()).mtimeMs };
  } catch (error) {
    await handle?.close();
    if (hasCode(error, "ENOENT")) return undefined;
    throw accessError(error, path);
  }
}

/** `false`: somebody else was faster. */
async function succeed(folder: string, draft: Draft, fence: number): Promise<boolean> {
  const file = lockPath(folder, fence);
  if ((await linkExclusively(draft.path, file)) !== "made") return false;
  if (Math.max(...(await fencesIn(folder))) !== fence) {
    await removeFile(file);
    return false;
  }
  await syncFolder(folder);
  await sweep(folder, fence);
  return true;
}

/** Goes on above what the state records, where lock files were deleted or the state was restored without them. */
async function advance(folder: string, fence: number, above: number): Promise<number> {
  if (fence > above) return fence;
  if ((await linkExclusively(lockPath(folder, fence), lockPath(folder, above + 1))) !== "made") return fence;
  await syncFolder(folder);
  await sweep(folder, above + 1);
  return above + 1;
}

/**
 * Removes what earlier holders and takers left. Among it are texts that were to replace others: a holder
 * that lost the lock right before its rename finds nothing to rename. A living taker whose draft is gone
 * begins again.
 */
async function sweep(folder: string, fence: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const isOld = name.endsWith(".new") || (fenceIn(name) ?? Number.POSITIVE_INFINITY) < fence;
    if (isOld) await rm(join(folder, name), { force: true });
  }
  const clusters = join(folder, "clusters");
  for (const name of await readdir(clusters).catch(() => []))
    if (name.endsWith(".new")) await rm(join(clusters, name), { force: true });
}

function heldLock({ folder, stack, times }: FileLockRequest, draft: Draft, fence: number): FileLock {
  const { handle, text } = draft;
  const write = async (bytes: string): Promise<void> => {
    await handle.write(bytes, 0);
    await handle.sync();
  };
  const stop = keepRenewing(() => write(text), times);
  const end = async (): Promise<void> => {
    await stop();
    try {
      await write(released(text));
    } catch {
      // The lease runs out by itself, and what was done under it is recorded.
    } finally {
      await handle.close();
    }
  };
  return {
    fence,
    async assertHeld() {
      if (highestFence(folder) === fence && isLinked(handle)) return;
      const last = await highest(folder);
      throw lockLost(stack, last && !last.isReleased ? asHolder(last, Date.now()) : undefined);
    },
    release: end,
    async remove() {
      await end();
      await removeFile(lockPath(folder, fence));
    },
  };
}

/**
 * The highest token in the folder; 0 where there is none. At once: the journal asks before and after each
 * write, and asking by way of the thread pool takes longer than the write.
 */
function highestFence(folder: string): number {
  try {
    return Math.max(0, ...readdirSync(folder).map((name) => fenceIn(name) ?? 0));
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return 0;
    throw accessError(error, folder);
  }
}

/** Whether the file still has a name: it has none after somebody deleted it. */
function isLinked({ fd }: FileHandle): boolean {
  try {
    return fstatSync(fd).nlink > 0;
  } catch {
    return false;
  }
}

async function highest(folder: string): Promise<Found | undefined> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const fence = Math.max(...(await fencesIn(folder)));
    if (!Number.isFinite(fence)) return undefined;
    const found = await readLock(lockPath(folder, fence), fence);
    // It is gone when a higher one came and swept it away.
    if (found) return found;
  }
  throw stateError(stateCodes.BERTH4003, join(folder, "lock"), "it is listed, but cannot be opened");
}

async function readLock(file: string, fence: number): Promise<Found | undefined> {
  let handle: FileHandle | undefined;
  try {
    // Opened rather than looked up: network file systems ask the server anew only then.
    handle = await open(file, constants.O_RDONLY);
    const { mtimeMs: renewed } = await handle.stat();
    const value = parseJson(await handle.readFile("utf8"));
    const claim = parseClaim(value);
    const ttl = isJsonObject(value) ? value["ttl"] : undefined;
    if (!claim || !isJsonObject(value) || typeof ttl !== "number")
      throw stateError(stateCodes.BERTH4003, file, "it does not say who holds the lock");
    return { file, fence, claim, isReleased: value["released"] === 1, ttl, renewed };
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw accessError(error, file);
  } finally {
    await handle?.close();
  }
}

function asHolder({ claim, fence, ttl, renewed }: Found, now: number): LockHolder {
  return holderOf(claim, fence, renewed + ttl - now, now);
}

function newText(
  operation: string,
  { ttl }: { readonly ttl: number },
  isReleased: 0 | 1,
): { readonly claim: LockClaim; readonly text: string } {
  const claim = newClaim(operation);
  return { claim, text: `${JSON.stringify({ ...claim, ttl, released: isReleased })}\n` };
}

/** One byte differs, so that no mixture of the two texts can be read. */
function released(text: string): string {
  return text.replace(/"released":0\}\n$/, '"released":1}\n');
}

async function fencesIn(folder: string): Promise<readonly number[]> {
  try {
    return (await readdir(folder)).flatMap((name) => fenceIn(name) ?? []);
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return [];
    throw accessError(error, folder);
  }
}

function fenceIn(name: string): number | undefined {
  const digits = /^lock\.(\d{1,15})$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function lockPath(folder: string, fence: number): string {
  return join(folder, `lock.${fence}`);
}

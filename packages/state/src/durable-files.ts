import { constants } from "node:fs";
import { type FileHandle, link, mkdir, open, readFile, rename, rm, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { BerthError, problem } from "@berth/diagnostics";
import { stateCodes } from "./codes.ts";
import { decodeText } from "./damage.ts";

/** Only the user may read what berth records. */
const fileMode = 0o600;
const folderMode = 0o700;

/** The text of a file, `undefined` where there is none. */
export async function readText(path: string): Promise<string | undefined> {
  const bytes = await readFile(path).catch((error: unknown) => {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return undefined;
    throw accessError(error, path);
  });
  return bytes && decodeText(bytes);
}

/**
 * Replaces a file at once and durably: written to `draft` beside it, synced, renamed, and the folder
 * synced. `ready` is called right before the rename; what it throws stops it.
 */
export async function replaceText(
  path: string,
  text: string,
  draft: string,
  ready: () => Promise<void>,
): Promise<void> {
  try {
    await writeSynced(draft, text);
    await ready();
    await rename(draft, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {});
    throw accessError(error, path);
  }
}

/** Writes a whole file and syncs it. The name is durable only when its folder is synced too. */
export async function writeSynced(path: string, text: string): Promise<void> {
  const file = await openDraft(path);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Removes a file durably; one that is not there is fine. */
export async function removeFile(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return;
    throw accessError(error, path);
  }
  await syncFolder(dirname(path));
}

/** Gives a file a second name, unless that name is taken: `false` then. */
export async function linkExclusively(
  existing: string,
  path: string,
): Promise<"made" | "taken" | "vanished"> {
  try {
    await link(existing, path);
    return "made";
  } catch (error) {
    if (hasCode(error, "EEXIST")) return "taken";
    if (hasCode(error, "ENOENT")) return "vanished";
    throw accessError(error, path);
  }
}

/** Makes a folder and those above it. */
export async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: folderMode }).catch((error: unknown) => {
    throw accessError(error, path);
  });
  if (first !== undefined) await syncFolder(dirname(first));
}

/** Makes the names in a folder durable. Windows has no such thing and needs none. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  let folder: FileHandle | undefined;
  try {
    folder = await open(path, constants.O_RDONLY);
    await folder.sync();
  } catch (error) {
    throw accessError(error, path);
  } finally {
    await folder?.close();
  }
}

/** A file that is written anew. */
export async function openDraft(path: string): Promise<FileHandle> {
  return open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC, fileMode);
}

/**
 * Where each write is on the disk when it returns: one call instead of two. macOS knows the flag and
 * does not flush the disk's own cache for it; Windows does not know it.
 */
const writesAreDurable = process.platform === "linux";

/** A file that only grows, kept open; see {@link appendDurably}. */
export async function openForAppend(path: string): Promise<FileHandle> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND;
  return open(path, writesAreDurable ? flags | constants.O_DSYNC : flags, fileMode);
}

/** Appends to a file that {@link openForAppend} opened; on the disk when it resolves. */
export async function appendDurably(file: FileHandle, text: string): Promise<void> {
  await file.writeFile(text);
  if (!writesAreDurable) await file.datasync();
}

/** Whether it is a system error with one of these codes. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return (
    error instanceof Error && "code" in error && typeof error.code === "string" && codes.includes(error.code)
  );
}

/** BERTH4010 for a full disk, BERTH4011 for everything else that the system refuses; coded errors pass. */
export function accessError(error: unknown, path: string): BerthError {
  if (BerthError.is(error)) return error;
  const full = hasCode(error, "ENOSPC", "EDQUOT", "EFBIG");
  const reason = error instanceof Error ? error.message : String(error);
  const entry = full ? stateCodes.BERTH4010 : stateCodes.BERTH4011;
  return new BerthError(
    [problem(entry, { message: `${path}: ${full ? "no space is left to write it" : reason}` })],
    { cause: error },
  );
}

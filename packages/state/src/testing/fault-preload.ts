import fs from "node:fs";
import promises, { type FileHandle } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";

/** Counts writes to the file system and makes one of them fail; see {@link faultEnvironment}. */
const { kind, at, path } = JSON.parse(process.env["BERTH_FAULT"] ?? "{}") as {
  kind?: string;
  at?: number;
  path?: string;
};
let writes = 0;

function meet(target: unknown): void {
  if (typeof target !== "string" || path === undefined || at === undefined || !target.includes(path)) return;
  writes += 1;
  if (kind === "kill" && writes === at) process.kill(process.pid, "SIGKILL");
  if (kind === "full" && writes >= at) throw refusal("ENOSPC", "no space left on device", target);
  if (kind === "read-only" && writes >= at) throw refusal("EROFS", "read-only file system", target);
}

function refusal(code: string, reason: string, target: string): Error {
  return Object.assign(new Error(`${code}: ${reason}, '${target}'`), {
    code,
    syscall: "write",
    path: target,
  });
}

/** A full disk still lets go of what is on it. */
function meetUnlessFull(target: unknown): void {
  if (kind !== "full") meet(target);
}

/** No system refuses to make a folder that is there. */
function meetUnlessPresent(target: unknown): void {
  if (typeof target !== "string" || !fs.existsSync(target)) meet(target);
}

/** A full disk takes a part of what is written. */
function isTornNext(target: unknown): boolean {
  return (
    kind === "full" && writes + 1 >= (at ?? 0) && typeof target === "string" && target.includes(path ?? "")
  );
}

const isWriting = (flags: unknown): boolean =>
  typeof flags === "number" ? (flags & 3) !== 0 : typeof flags === "string" && flags !== "r";

{
  const { open, rename, link, unlink, mkdir } = promises;
  promises.open = async (target, flags, mode) => {
    if (!isWriting(flags)) return open(target, flags, mode);
    meet(target);
    const handle = await open(target, flags, mode);
    const guard = (name: "writeFile" | "sync" | "datasync"): void => {
      const original = handle[name].bind(handle) as (...rest: readonly unknown[]) => Promise<void>;
      const guarded = async (...rest: readonly unknown[]): Promise<void> => {
        if (name === "writeFile" && isTornNext(target) && typeof rest[0] === "string") {
          await original(rest[0].slice(0, rest[0].length / 2));
        }
        meet(target);
        await original(...rest);
      };
      Object.defineProperty(handle, name, { value: guarded });
    };
    (["writeFile", "sync", "datasync"] as const).forEach(guard);
    return handle satisfies FileHandle;
  };
  promises.rename = async (from, to) => {
    meet(to);
    await rename(from, to);
  };
  promises.link = async (from, to) => {
    meet(to);
    await link(from, to);
  };
  promises.unlink = async (target) => {
    meetUnlessFull(target);
    await unlink(target);
  };
  const makeFolder: typeof mkdir = mkdir;
  promises.mkdir = (async (target: string, options: object) => {
    meetUnlessPresent(target);
    return makeFolder(target, options);
  }) as typeof mkdir;
}

{
  const { openSync, writeSync, writeFileSync, fsyncSync, renameSync, linkSync, unlinkSync, mkdirSync } = fs;
  /** Paths of files that are open for writing. */
  const open = new Map<number, unknown>();
  fs.openSync = (target, flags, mode) => {
    if (isWriting(flags)) meet(target);
    const file = openSync(target, flags, mode);
    open.set(file, isWriting(flags) ? target : undefined);
    return file;
  };
  fs.writeSync = (file: number, content: string | NodeJS.ArrayBufferView, ...rest: readonly unknown[]) => {
    const target = open.get(file);
    const write = writeSync as (...all: readonly unknown[]) => number;
    if (isTornNext(target) && typeof content !== "string") {
      const [offset = 0, length = content.byteLength, position] = rest as readonly (number | undefined)[];
      write(file, content, offset, Math.floor(length / 2), position);
    }
    meet(target);
    return write(file, content, ...rest);
  };
  fs.fsyncSync = (file) => {
    meet(open.get(file));
    fsyncSync(file);
  };
  fs.writeFileSync = (target, content, options) => {
    meet(target);
    writeFileSync(target, content, options);
  };
  fs.renameSync = (from, to) => {
    meet(to);
    renameSync(from, to);
  };
  fs.linkSync = (from, to) => {
    meet(to);
    linkSync(from, to);
  };
  fs.unlinkSync = (target) => {
    meetUnlessFull(target);
    unlinkSync(target);
  };
  fs.mkdirSync = ((target: string, options: object) => {
    meetUnlessPresent(target);
    return mkdirSync(target, options);
  }) as typeof mkdirSync;
}

syncBuiltinESMExports();

import fs, { type FileHandle } from "node:fs/promises";
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
  if (kind === "full" && writes >= at) {
    throw Object.assign(new Error(`ENOSPC: no space left on device, '${target}'`), {
      code: "ENOSPC",
      syscall: "write",
      path: target,
    });
  }
}

/** A full disk still lets go of what is on it. */
function meetUnlessFull(target: unknown): void {
  if (kind !== "full") meet(target);
}

const { open, rename, link, unlink, mkdir } = fs;
const isWriting = (flags: unknown): boolean => typeof flags === "number" && (flags & 3) !== 0;

fs.open = async (target, flags, mode) => {
  if (!isWriting(flags)) return open(target, flags, mode);
  meet(target);
  const handle = await open(target, flags, mode);
  const guard = (name: "writeFile" | "sync" | "datasync"): void => {
    const original = handle[name].bind(handle) as (...rest: readonly unknown[]) => Promise<void>;
    const guarded = async (...rest: readonly unknown[]): Promise<void> => {
      // A full disk takes a part of what is written.
      if (kind === "full" && name === "writeFile" && writes + 1 >= (at ?? 0) && typeof rest[0] === "string") {
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
fs.rename = async (from, to) => {
  meet(to);
  await rename(from, to);
};
fs.link = async (from, to) => {
  meet(to);
  await link(from, to);
};
fs.unlink = async (target) => {
  meetUnlessFull(target);
  await unlink(target);
};
const makeFolder: typeof mkdir = mkdir;
fs.mkdir = (async (target: string, options: object) => {
  meet(target);
  return makeFolder(target, options);
}) as typeof mkdir;

syncBuiltinESMExports();

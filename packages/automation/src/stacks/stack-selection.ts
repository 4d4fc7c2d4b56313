import { mkdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { BerthError, problem } from "@berth/diagnostics";
import { codes } from "../codes.ts";
import { writeFileAtomically } from "../project/write-file.ts";

/** In the project's data folder, which is no part of what is shared: each checkout has its own. */
const fileName = "selected-stack";

/** The stack that commands mean where they name none; `undefined` where none was selected. */
export async function readSelection(dataFolder: string): Promise<string | undefined> {
  const path = join(dataFolder, fileName);
  try {
    return (await readFile(path, "utf8")).trim() || undefined;
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new BerthError([problem(codes.BERTH7206, { message: `${path} can't be read: ${code}` })], {
      cause,
    });
  }
}

/** Selects a stack, or none. */
export async function writeSelection(dataFolder: string, stack: string | undefined): Promise<void> {
  const path = join(dataFolder, fileName);
  if (stack === undefined) return rm(path, { force: true });
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFileAtomically(path, `${stack}\n`);
}

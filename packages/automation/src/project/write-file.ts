import { open, rename, rm } from "node:fs/promises";
import { BerthError, problem } from "@berth/diagnostics";
import { codes } from "../codes.ts";

/** Writes a file whole or not at all: a crash in between leaves the old one. */
export async function writeFileAtomically(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const file = await open(temporary, "w");
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BerthError([problem(codes.BERTH7206, { message: `${path} can't be written: ${reason}` })], {
      cause,
    });
  }
}

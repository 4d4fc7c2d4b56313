import { readFile } from "node:fs/promises";
import { readSavedPlan, type SavedPlan, writeFileAtomically, writeSavedPlan } from "@berth/automation";
import { BerthError, problem } from "@berth/diagnostics";
import { codes } from "./codes.ts";

/** Reads a file that `preview --out` wrote. @throws BERTH8007, BERTH6050, BERTH6051 */
export async function readPlanFile(file: string): Promise<SavedPlan> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    const reason = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw new BerthError([problem(codes.BERTH8007, { message: `${file} can't be read: ${reason}` })], {
      cause,
    });
  }
  return readSavedPlan(text, file);
}

/** Writes a plan whole or not at all. @throws BERTH7206 */
export async function writePlanFile(file: string, saved: SavedPlan): Promise<void> {
  await writeFileAtomically(file, writeSavedPlan(saved));
}

import { BerthError, type CodeEntry, problem } from "@berth/diagnostics";
import { stateCodes } from "./codes.ts";

/** An error about one file of the state; `file` leads the message. */
export function stateError(entry: CodeEntry, file: string, message: string, hint?: string): BerthError {
  return new BerthError([problem(entry, { message: `${file}: ${message}`, ...(hint && { hint }) })]);
}

/** The file is not as berth wrote it. */
export function damaged(file: string, message: string): BerthError {
  return stateError(stateCodes.BERTH4004, file, message);
}

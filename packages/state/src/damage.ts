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

/**
 * Bytes as text. Those that are not UTF-8 become replacement characters, which no checksum matches: only in a
 * line that was torn in the middle of a character do they mean nothing.
 */
export function decodeText(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

import { fileURLToPath } from "node:url";
import type { SourceSite } from "@berth/diagnostics";

/**
 * Where an error was thrown, if that is in the file where the callback was written; otherwise
 * where the callback was. The stack's text is read, since it is mapped to the source already.
 */
export function siteOfThrow(thrown: unknown, callback: SourceSite | undefined): SourceSite | undefined {
  if (!callback || !(thrown instanceof Error) || typeof thrown.stack !== "string") return callback;
  for (const line of thrown.stack.split("\n")) {
    const [, file, row, column] = /^\s+at (?:.* \()?(.+?):(\d+):(\d+)\)?$/.exec(line) ?? [];
    if (file === undefined) continue;
    if (pathOf(file) === callback.file) return { file: callback.file, line: Number(row), column: Number(column) };
  }
  return callback;
}

/** A frame's file as a path: without the scheme, and without the query by which a module is loaded anew. */
export function pathOf(file: string): string {
  if (!file.startsWith("file:")) return file;
  const url = new URL(file);
  url.search = "";
  url.hash = "";
  return fileURLToPath(url);
}

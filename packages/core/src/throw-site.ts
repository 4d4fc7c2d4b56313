import { fileURLToPath } from "node:url";
import type { SourceSite } from "@berth/diagnostics";
import type { ApplyNode } from "./output-node.ts";

/**
 * Where an error was thrown, if that is in the file where the callback was written; otherwise
 * where the callback was. The stack's text is read, since the runtime has mapped it to the source already.
 */
export function siteOfThrow(
  thrown: unknown,
  { site, file: written }: Pick<ApplyNode, "site" | "file">,
): SourceSite | undefined {
  if (!site || written === undefined || !(thrown instanceof Error) || typeof thrown.stack !== "string") return site;
  const path = pathOf(written);
  for (const line of thrown.stack.split("\n")) {
    const [, file, row, column] = /^\s+at (?:.* \()?(.+?):(\d+):(\d+)\)?$/.exec(line) ?? [];
    if (file !== undefined && pathOf(file) === path) return { file: site.file, line: Number(row), column: Number(column) };
  }
  return site;
}

/** A frame's file as a path: without the scheme, and without the query by which a module is loaded anew. */
export function pathOf(file: string): string {
  if (!file.startsWith("file:")) return file;
  const url = new URL(file);
  url.search = "";
  url.hash = "";
  return fileURLToPath(url);
}

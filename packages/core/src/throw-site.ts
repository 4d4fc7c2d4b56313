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
  if (!site || written === undefined || !(thrown instanceof Error) || typeof thrown.stack !== "string")
    return site;
  // Traces name the file by path where a source map speaks, by URL elsewhere.
  const names = [pathOf(written), written];
  for (const line of thrown.stack.split("\n")) {
    const place = names.map((name) => placeIn(line, name)).find((each) => each !== undefined);
    if (place) return { file: site.file, ...place };
  }
  return site;
}

function placeIn(line: string, name: string): Omit<SourceSite, "file"> | undefined {
  const at = line.lastIndexOf(`${name}:`);
  const [, row, column] = at < 0 ? [] : (/^:(\d+):(\d+)\)?$/.exec(line.slice(at + name.length)) ?? []);
  return row === undefined ? undefined : { line: Number(row), column: Number(column) };
}

/** A frame's file as a path: without the scheme, and without the query by which a module is loaded anew. */
export function pathOf(file: string): string {
  if (!file.startsWith("file:")) return file;
  const url = new URL(file);
  url.search = "";
  url.hash = "";
  return fileURLToPath(url);
}

import { findSourceMap } from "node:module";
import { isAbsolute, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { MapSite } from "@berth/core";
import type { Problem, SourceSite } from "@berth/diagnostics";

/**
 * Makes what turns a position in running code into one in the program's source, its file relative
 * to the project. Large programs have tens of thousands of positions in a few files.
 */
export function siteMapper(directory: string): MapSite {
  const names = new Map<string, string>();
  return ({ file, line, column }) => {
    let name = names.get(file);
    if (name === undefined) names.set(file, (name = inProject(directory, file)));
    const mapped = findSourceMap(file)?.findEntry(line - 1, column - 1);
    if (!mapped || !("originalLine" in mapped)) return { file: name, line, column };
    return { file: name, line: mapped.originalLine + 1, column: mapped.originalColumn + 1 };
  };
}

/** A file, named by path or URL, as people name it: from the project's folder. */
export function inProject(directory: string, file: string): string {
  const path = pathOf(file);
  return isAbsolute(path) ? relative(directory, path).replaceAll("\\", "/") : path;
}

/** The same problems with their files named from the project's folder. */
export function problemsInProject(directory: string, problems: readonly Problem[]): readonly Problem[] {
  return problems.map((each) =>
    each.site ? { ...each, site: { ...each.site, file: inProject(directory, each.site.file) } } : each,
  );
}

/** The innermost line of a stack trace that is the program's own. Node has mapped it to the source already. */
export function siteOfError(directory: string, error: unknown): SourceSite | undefined {
  if (!(error instanceof Error) || typeof error.stack !== "string") return undefined;
  for (const line of error.stack.split("\n")) {
    const found = /^\s+at .*?(?<place>(?:file:|[A-Za-z]:\\|\/).*):(?<row>\d+):(?<column>\d+)\)?$/.exec(
      line,
    )?.groups;
    if (!found) continue;
    const path = pathOf(found["place"] ?? "");
    const isOwn = path.startsWith(directory + sep) && !path.includes(`${sep}node_modules${sep}`);
    if (!isOwn) continue;
    return { file: inProject(directory, path), line: Number(found["row"]), column: Number(found["column"]) };
  }
  return undefined;
}

/** A file as a path: without scheme, and without the query by which a module is loaded anew. */
export function pathOf(file: string): string {
  return file.startsWith("file:") ? fileURLToPath(file.split("?")[0] ?? file) : file;
}

import { findSourceMap } from "node:module";
import { isAbsolute, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { Problem, SourceSite } from "@berth/diagnostics";

/** A position in running code as one in the program's source, its file relative to the project. */
export function mapSite(directory: string, site: SourceSite): SourceSite {
  const mapped = findSourceMap(site.file)?.findEntry(site.line - 1, site.column - 1);
  const known = mapped && "originalLine" in mapped;
  return {
    file: inProject(directory, site.file),
    line: known ? mapped.originalLine + 1 : site.line,
    column: known ? mapped.originalColumn + 1 : site.column,
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

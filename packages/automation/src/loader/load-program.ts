import { existsSync } from "node:fs";
import { findSourceMap } from "node:module";
import { isAbsolute, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { declare, type Graph, type Value } from "@berth/core";
import { BerthError, problem, type SourceSite } from "@berth/diagnostics";
import { loaderCodes } from "./codes.ts";
import { generationKey, installTypeScriptHooks, ProgramSyntaxError } from "./typescript-hooks.ts";

/** Which program to run, and in which stack. */
export interface Program {
  /** Absolute folder of the project. */
  readonly directory: string;
  /** The program, relative to it. */
  readonly entry: string;
  readonly project: string;
  readonly stack: string;
  /** Configuration by full key. */
  readonly config: Readonly<Record<string, Value>>;
}

let generation = 0;

/**
 * Runs a program, which declares, and seals what it declared. Each load evaluates the program's own modules anew;
 * packages are shared.
 *
 * @throws BERTH7101 to BERTH7104, and every problem of what was declared
 */
export async function loadProgram(program: Program): Promise<Graph> {
  const entry = join(program.directory, program.entry);
  if (!existsSync(entry)) {
    throw new BerthError([
      problem(loaderCodes.BERTH7101, {
        message: `${program.entry} does not exist`,
        site: { file: "berth.yaml", line: 1, column: 1 },
      }),
    ]);
  }
  installTypeScriptHooks();
  const url = pathToFileURL(entry);
  url.searchParams.set(generationKey, String(++generation));
  const mapSite = (site: SourceSite): SourceSite => inProject(program.directory, site);
  const { project, stack, config } = program;
  return declare({ project, stack, config, mapSite }, async () => {
    try {
      return (await import(url.href)) as object;
    } catch (error) {
      throw coded(error, program);
    }
  });
}

/** A position in running code as one in the program's source, relative to the project. */
function inProject(directory: string, site: SourceSite): SourceSite {
  const mapped = findSourceMap(site.file)?.findEntry(site.line - 1, site.column - 1);
  const known = mapped && "originalLine" in mapped;
  const path = site.file.startsWith("file:")
    ? fileURLToPath(site.file.split("?")[0] ?? site.file)
    : (site.file.split("?")[0] ?? site.file);
  const file = isAbsolute(path) ? relative(directory, path) : path;
  return {
    file: file.replaceAll("\\", "/"),
    line: known ? mapped.originalLine + 1 : site.line,
    column: known ? mapped.originalColumn + 1 : site.column,
  };
}

function coded(error: unknown, program: Program): unknown {
  if (BerthError.is(error)) return located(error, program.directory);
  if (error instanceof ProgramSyntaxError) {
    const site = { file: relative(program.directory, error.file), line: error.line, column: error.column };
    return new BerthError([problem(loaderCodes.BERTH7102, { message: error.message, site })], {
      cause: error,
    });
  }
  const message = error instanceof Error ? error.message : String(error);
  const site = error instanceof Error ? siteOf(error, program.directory) : undefined;
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const entry = code === "ERR_MODULE_NOT_FOUND" ? loaderCodes.BERTH7103 : loaderCodes.BERTH7104;
  return new BerthError([problem(entry, { message, ...(site && { site }) })], { cause: error });
}

/** A coded error that knows no place was thrown by a call of the program: that is its place. */
function located(error: BerthError, directory: string): BerthError {
  const site = siteOf(error, directory);
  if (!site || error.problems.every((each) => each.site)) return error;
  return new BerthError(
    error.problems.map((each) => ({ site, ...each })),
    { cause: error },
  );
}

/** The innermost line of a stack trace that is the program's own; Node has mapped it to the source already. */
function siteOf(error: Error, directory: string): SourceSite | undefined {
  for (const line of (error.stack ?? "").split("\n")) {
    const match = /\(?((?:file:\/\/)?\/[^()]+?)(?:\?[^:()]*)?:(\d+):(\d+)\)?$/.exec(line);
    if (!match) continue;
    const [, found = "", row, column] = match;
    const path = found.startsWith("file:") ? fileURLToPath(found) : found;
    if (!path.startsWith(directory) || path.includes("/node_modules/")) continue;
    return { file: relative(directory, path), line: Number(row), column: Number(column) };
  }
  return undefined;
}

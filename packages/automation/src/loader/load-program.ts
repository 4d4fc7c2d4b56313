import { existsSync, realpathSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { declare, type Graph, type Value } from "@berth/core";
import { BerthError, problem } from "@berth/diagnostics";
import { codedError } from "./coded-error.ts";
import { loaderCodes } from "./codes.ts";
import { nextGeneration, withGeneration } from "./generation.ts";
import { inProject, siteMapper, siteOfError } from "./program-site.ts";
import { insideProgram, supervise } from "./supervision.ts";
import { installTypeScriptHooks } from "./typescript-hooks.ts";

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

/**
 * Runs a program, which declares, and seals what it declared. TypeScript runs as it is, without a
 * tsconfig. Each load evaluates the program's own modules anew; packages are shared. Files in
 * sites are relative to the project's folder.
 *
 * @throws BERTH7101 to BERTH7109, and every problem of what was declared
 * @example
 * const graph = await loadProgram({ directory: "/home/me/shop", entry: "shop.ts", project: "shop", stack: "dev", config: {} });
 */
export async function loadProgram(program: Program): Promise<Graph> {
  const { project, stack, config } = program;
  // Node names modules by their real paths.
  const directory = existsSync(program.directory) ? realpathSync(program.directory) : program.directory;
  const entry = resolve(directory, program.entry);
  if (!statSync(entry, { throwIfNoEntry: false })?.isFile()) {
    const message = `${program.entry} is not a file`;
    throw new BerthError([
      problem(loaderCodes.BERTH7101, { message, site: { file: "berth.yaml", line: 1, column: 1 } }),
    ]);
  }
  installTypeScriptHooks();
  return oneAfterAnother(() =>
    declare({ project, stack, config, mapSite: siteMapper(directory) }, async () => {
      const supervised = {
        entry: inProject(directory, entry),
        owns: (error: unknown) => siteOfError(directory, error) !== undefined,
      };
      const url = withGeneration(pathToFileURL(entry).href, nextGeneration());
      try {
        const exports = await supervise(supervised, () => import(url) as Promise<object>);
        return stackOutputs(exports, supervised.entry);
      } catch (error) {
        throw codedError(error, directory);
      }
    }),
  );
}

let last: Promise<unknown> = Promise.resolve();

/**
 * Programs are evaluated one at a time: a package that both import, and that awaits at its top
 * level, would continue the second in the context of the first. One that a program itself loads does not wait for it.
 */
function oneAfterAnother<T>(load: () => Promise<T>): Promise<T> {
  if (insideProgram()) return load();
  const result = last.then(load);
  last = result.then(
    () => undefined,
    () => undefined,
  );
  return result;
}

function stackOutputs(exports: object, entry: string): object {
  if (!("default" in exports)) return exports;
  const message = "a default export is no output of the stack";
  throw new BerthError([
    problem(loaderCodes.BERTH7107, { message, site: { file: entry, line: 1, column: 1 } }),
  ]);
}

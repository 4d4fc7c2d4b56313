import { readFileSync } from "node:fs";
import { BerthError, problem } from "@berth/diagnostics";
import { loaderCodes } from "./codes.ts";
import { inProject, pathOf, problemsInProject, siteOfError } from "./program-site.ts";
import { siteOfImportedName } from "./source-text.ts";

/** Whatever went wrong in a program, as a coded error at its place in the program. */
export function codedError(error: unknown, directory: string): BerthError {
  const site = siteOfError(directory, error);
  const where = site && { site };
  if (BerthError.is(error)) {
    const problems = problemsInProject(directory, error.problems).map((each) => ({ ...where, ...each }));
    return new BerthError(problems, { cause: error });
  }
  return (
    missingExport(error, directory) ??
    new BerthError([problem(loaderCodes.BERTH7104, { message: describe(error), ...where })], { cause: error })
  );
}

/** Linking fails before anything runs, so that the trace names no line of the program. */
function missingExport(error: unknown, directory: string): BerthError | undefined {
  if (!(error instanceof SyntaxError)) return undefined;
  const [, specifier, name] =
    /^The requested module '(.+)' does not provide an export named '(.+)'$/.exec(error.message) ?? [];
  const [importer] = /^.+(?=:\d+\n)/.exec(error.stack ?? "") ?? [];
  if (specifier === undefined || name === undefined || importer === undefined) return undefined;
  const file = pathOf(importer);
  const site = siteOfImportedName(inProject(directory, file), readFileSync(file, "utf8"), name);
  const message = `${specifier} exports no ${name}`;
  const hint = `if ${name} is a type: import type { ${name} } from "${specifier}"`;
  return new BerthError([problem(loaderCodes.BERTH7109, { message, hint, site })], { cause: error });
}

function describe(error: unknown): string {
  if (!(error instanceof Error))
    return typeof error === "string" ? error : "something was thrown that is no Error";
  return error.name === "Error" ? error.message : `${error.name}: ${error.message}`;
}

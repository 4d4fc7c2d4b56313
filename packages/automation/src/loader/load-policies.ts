import { existsSync, realpathSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { BerthError, type Problem, problem } from "@berth/diagnostics";
import { codedError } from "./coded-error.ts";
import { loaderCodes } from "./codes.ts";
import { nextGeneration, withGeneration } from "./generation.ts";
import { inProject } from "./program-site.ts";
import { installTypeScriptHooks } from "./typescript-hooks.ts";

/**
 * Evaluates modules of policies as programs are: TypeScript as it is, anew each time. What they export as `policies`
 * is not looked at here.
 *
 * @param directory - absolute folder of the project
 * @param modules - files relative to it, as berth.yaml names them
 * @throws BERTH7111, BERTH7112, and what goes wrong in a module
 */
export async function loadPolicies(
  directory: string,
  modules: readonly string[],
): Promise<readonly unknown[]> {
  const folder = existsSync(directory) ? realpathSync(directory) : directory;
  const site = { file: "berth.yaml", line: 1, column: 1 };
  const missing = modules.filter(
    (each) => !statSync(resolve(folder, each), { throwIfNoEntry: false })?.isFile(),
  );
  if (missing.length > 0) {
    throw new BerthError(
      missing.map((each): Problem =>
        problem(loaderCodes.BERTH7111, { message: `${each} is not a file`, site }),
      ),
    );
  }
  installTypeScriptHooks();
  const policies: unknown[] = [];
  for (const each of modules) policies.push(...(await policiesOf(folder, each)));
  return policies;
}

async function policiesOf(directory: string, module: string): Promise<readonly unknown[]> {
  const path = resolve(directory, module);
  const url = withGeneration(pathToFileURL(path).href, nextGeneration());
  let exports: object;
  try {
    exports = (await import(url)) as object;
  } catch (error) {
    throw codedError(error, directory);
  }
  const policies: unknown = "policies" in exports ? exports.policies : undefined;
  if (Array.isArray(policies)) return policies as readonly unknown[];
  const message =
    policies === undefined
      ? `${module} exports no policies`
      : `what ${module} exports as policies is no list`;
  throw new BerthError([
    problem(loaderCodes.BERTH7112, {
      message,
      site: { file: inProject(directory, path), line: 1, column: 1 },
    }),
  ]);
}

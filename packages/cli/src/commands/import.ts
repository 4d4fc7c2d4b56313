import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type ImportSpec, openProject } from "@berth/automation";
import { BerthError, problem } from "@berth/diagnostics";
import { codes } from "../codes.ts";
import type { ImportOptions } from "../command-line/import.ts";
import { chosenStack } from "../stack-choice.ts";
import type { Terminal } from "../terminal.ts";

/** One resource, in three words. */
export interface ImportWords {
  readonly type: string | undefined;
  readonly name: string | undefined;
  readonly id: string | undefined;
}

/** `berth import`: the text on standard output, what to do with it on the other. Nothing is recorded. */
export async function runImport(
  words: ImportWords,
  options: ImportOptions,
  terminal: Terminal,
): Promise<void> {
  const resources = [...wordsAsSpec(words), ...(await specsIn(options))];
  const { cluster, resourceGroup } = options;
  if (resources.length === 0 && cluster === undefined && resourceGroup === undefined)
    throw misunderstood("say what to import: TYPE NAME ID, --from, --cluster or --resource-group");
  const project = await openProject(options);
  const stack = await project.choose(chosenStack(options));
  const imported = await stack.import({
    resources,
    ...(cluster !== undefined && { cluster }),
    ...(resourceGroup !== undefined && { resourceGroup }),
  });
  if (options.json) return terminal.write(`${JSON.stringify(imported, undefined, 2)}\n`);
  terminal.write(imported.text);
  const { length } = imported.resources;
  const known = imported.recorded.length;
  const left = known > 0 ? ` ${known} more ${known === 1 ? "is" : "are"} in the stack already.` : "";
  if (length === 0) return terminal.say(`Nothing to import.${left}\n`);
  terminal.say(`\n${length} ${length === 1 ? "resource" : "resources"}.${left}\n`);
  terminal.say("Add this to the program, look at `berth preview`, and `berth up` takes it into the stack;\n");
  terminal.say("after that the option `import` says nothing more, and may go.\n");
}

function wordsAsSpec({ type, name, id }: ImportWords): readonly ImportSpec[] {
  if (type === undefined) return [];
  if (name === undefined || id === undefined)
    throw misunderstood("a resource is imported by three words: TYPE NAME ID");
  return [{ type, name, id }];
}

async function specsIn({ from, cwd }: ImportOptions): Promise<readonly ImportSpec[]> {
  if (from === undefined) return [];
  let given: unknown;
  try {
    given = JSON.parse(await readFile(resolve(cwd, from), "utf8"));
  } catch (cause) {
    throw misunderstood(`${from} cannot be read as JSON: ${cause instanceof Error ? cause.message : "?"}`);
  }
  if (Array.isArray(given) && given.every(isSpec)) return given;
  throw misunderstood(`${from} holds no list of { type, id } with name and cluster where you like`);
}

const known = new Set(["type", "id", "name", "cluster"]);

function isSpec(value: unknown): value is ImportSpec {
  if (typeof value !== "object" || value === null || !("type" in value) || !("id" in value)) return false;
  return Object.entries(value).every(([key, each]) => known.has(key) && typeof each === "string");
}

function misunderstood(message: string): BerthError {
  return new BerthError([problem(codes.BERTH8001, { message, hint: "see `berth import --help`" })]);
}

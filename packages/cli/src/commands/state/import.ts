import { readFile } from "node:fs/promises";
import { text as textOf } from "node:stream/consumers";
import { resolve } from "node:path";
import { isSame, openProject, readExportedState } from "@berth/automation";
import { BerthError, problem } from "@berth/diagnostics";
import { codes } from "../../codes.ts";
import type { ImportOptions } from "../../command-line/state/import.ts";
import { type ExitCode, exitCodes } from "../../exit-code.ts";
import { chosenStack } from "../../stack-choice.ts";
import type { Terminal } from "../../terminal.ts";
import { approved } from "./approval.ts";
import { sayDifference } from "./difference.ts";

/** `berth state import FILE` */
export async function importRecords(
  file: string,
  options: ImportOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const project = await openProject(options);
  // A stack that does not exist yet may be made of an exported one.
  const { records } = await project.choose(chosenStack(options));
  const state = readExportedState(await read(file), file === "-" ? "standard input" : file);
  const difference = await records.replace(state, {
    ...(options.force && { force: true }),
    ...(options.rename && { rename: true }),
    approve: async (found) => {
      sayDifference(found, terminal);
      return approved("Record it?", options, terminal);
    },
  });
  if (options.json)
    terminal.write(`${JSON.stringify({ written: difference !== undefined, difference }, undefined, 2)}\n`);
  if (!difference || isSame(difference)) terminal.say("Nothing was changed.\n");
  return difference ? exitCodes.ok : exitCodes.error;
}

async function read(file: string): Promise<string> {
  try {
    return file === "-" ? await textOf(process.stdin) : await readFile(resolve(file), "utf8");
  } catch (error) {
    const message = `${file}: ${error instanceof Error ? error.message : String(error)}`;
    throw new BerthError([problem(codes.BERTH8020, { message })]);
  }
}

import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { openProject } from "@berth/automation";
import { BerthError, problem } from "@berth/diagnostics";
import { codes } from "../../codes.ts";
import type { ExportOptions } from "../../command-line/state/export.ts";
import { chosenStack } from "../../stack-choice.ts";
import type { Terminal } from "../../terminal.ts";

/** `berth state export` */
export async function exportRecords(options: ExportOptions, terminal: Terminal): Promise<void> {
  const project = await openProject(options);
  const { records, name } = await project.chooseExisting(chosenStack(options));
  const text = `${JSON.stringify(await records.export(), undefined, 2)}\n`;
  if (options.out === undefined) return terminal.write(text);
  try {
    await writeFile(resolve(options.out), text, { flag: "wx", mode: 0o600 });
  } catch (error) {
    const message = `${options.out}: ${error instanceof Error ? error.message : String(error)}`;
    throw new BerthError([problem(codes.BERTH8020, { message })]);
  }
  terminal.say(`The state of ${name} is in ${options.out}.\n`);
}

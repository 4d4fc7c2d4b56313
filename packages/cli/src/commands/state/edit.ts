import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { exportState, isSame, openProject, readExportedState } from "@berth/automation";
import { BerthError, problem } from "@berth/diagnostics";
import { codes } from "../../codes.ts";
import type { StateChangeOptions } from "../../command-line/state/options.ts";
import { type ExitCode, exitCodes } from "../../exit-code.ts";
import { chosenStack } from "../../stack-choice.ts";
import type { Terminal } from "../../terminal.ts";
import { approved } from "./approval.ts";
import { sayDifference } from "./difference.ts";

/**
 * `berth state edit`. The stack is not locked while somebody edits; what was recorded meanwhile is not overwritten.
 * What was written is kept where it could not be recorded.
 */
export async function editRecords(options: StateChangeOptions, terminal: Terminal): Promise<ExitCode> {
  const editor = process.env["VISUAL"] || process.env["EDITOR"];
  if (!editor) throw editorError("neither VISUAL nor EDITOR is set");
  const project = await openProject(options);
  const { records, name } = await project.chooseExisting(chosenStack(options));
  const before = await records.read();
  const text = `${JSON.stringify(exportState(before), undefined, 2)}\n`;
  const folder = await mkdtemp(join(tmpdir(), "berth-"));
  const file = join(folder, `${name}.json`);
  await writeFile(file, text, { mode: 0o600 });
  await runEditor(editor, file);
  const edited = await readFile(file, "utf8").catch(() => {
    throw editorError(`${editor} left no file`);
  });
  if (edited === text) {
    await rm(dirname(file), { recursive: true });
    terminal.say("Nothing was changed.\n");
    return exitCodes.ok;
  }
  const difference = await keeping(file, () =>
    records.replace(readExportedState(edited, file), {
      // It is shown what goes, and asked.
      force: true,
      madeOn: before.serial,
      approve: async (found) => {
        sayDifference(found, terminal);
        return approved("Record it?", options, terminal);
      },
    }),
  );
  if (options.json)
    terminal.write(`${JSON.stringify({ written: difference !== undefined, difference }, undefined, 2)}\n`);
  if (!difference) {
    terminal.say(`Nothing was changed. What you wrote is in ${file}.\n`);
    return exitCodes.error;
  }
  if (isSame(difference)) terminal.say("Nothing was changed.\n");
  await rm(folder, { recursive: true });
  return exitCodes.ok;
}

async function runEditor(editor: string, file: string): Promise<void> {
  // As git does: the variable may hold options of the editor.
  const child = spawn(`${editor} "$BERTH_EDITED"`, {
    shell: true,
    stdio: "inherit",
    env: { ...process.env, BERTH_EDITED: file },
  });
  const [code, signal] = (await once(child, "close")) as [number | null, string | null];
  if (code !== 0) throw editorError(`${editor} ended with ${code ?? signal}; what you wrote is in ${file}`);
}

/** An error says where to find what somebody wrote. */
async function keeping<T>(file: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!BerthError.is(error)) throw error;
    const hint = `what you wrote is in ${file}; \`berth state import\` reads it when it is corrected`;
    throw new BerthError(error.problems.map((each, index) => (index === 0 ? { ...each, hint } : each)));
  }
}

function editorError(message: string): BerthError {
  return new BerthError([problem(codes.BERTH8021, { message })]);
}

import { mkdir, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { checkName, newProjectFiles, notEmpty } from "@berth/automation";
import type { Terminal } from "../terminal.ts";

export interface NewOptions {
  readonly cwd: string;
  readonly directory: string | undefined;
  readonly name: string | undefined;
}

/** `berth new [DIRECTORY]`: a project that previews at once. Nothing that is there is overwritten. */
export async function runNew(options: NewOptions, terminal: Terminal): Promise<void> {
  const directory = resolve(options.cwd, options.directory ?? ".");
  const name = checkName("project", options.name ?? basename(directory));
  await mkdir(directory, { recursive: true });
  const files = Object.entries(newProjectFiles(name));
  await notEmpty(
    directory,
    files.map(([file]) => file),
  );
  for (const [file, text] of files) await writeFile(join(directory, file), text, { flag: "wx" });
  terminal.say(`${name} is ready in ${directory}:\n${files.map(([file]) => `  ${file}\n`).join("")}\n`);
  const step = options.directory ? `cd ${options.directory} && berth preview` : "berth preview";
  terminal.say(`Next: ${step}\n`);
}

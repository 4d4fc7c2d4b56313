import { openProject } from "@berth/automation";
import type { ProjectOptions } from "../../command-line/options.ts";
import type { Terminal } from "../../terminal.ts";

/** `berth stack rename NAME NEW-NAME` */
export async function renameStack(
  name: string,
  to: string,
  options: ProjectOptions,
  terminal: Terminal,
): Promise<void> {
  const project = await openProject(options);
  await project.chooseExisting(name);
  await project.allStacks.rename(name, to);
  terminal.say(`${project.name}/${name} is ${project.name}/${to} now.\n`);
}

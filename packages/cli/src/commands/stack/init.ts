import { openProject } from "@berth/automation";
import type { InitOptions } from "../../command-line/stack.ts";
import type { Terminal } from "../../terminal.ts";

/** `berth stack init NAME` */
export async function initStack(name: string, options: InitOptions, terminal: Terminal): Promise<void> {
  const project = await openProject(options);
  const { copyConfigFrom } = options;
  if (copyConfigFrom !== undefined) await project.chooseExisting(copyConfigFrom);
  await project.allStacks.create(name, copyConfigFrom === undefined ? {} : { copyFrom: copyConfigFrom });
  terminal.say(`${project.name}/${name} is there: its values are in berth.${name}.yaml.\n`);
  terminal.say(`Next: berth stack select ${name}, or --stack ${name}\n`);
}

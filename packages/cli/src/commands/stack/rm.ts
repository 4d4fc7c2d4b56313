import { openProject } from "@berth/automation";
import { BerthError, problem } from "@berth/diagnostics";
import { codes } from "../../codes.ts";
import type { RemoveStackOptions } from "../../command-line/stack.ts";
import { type ExitCode, exitCodes } from "../../exit-code.ts";
import type { Terminal } from "../../terminal.ts";

/** `berth stack rm NAME` */
export async function removeStack(
  name: string,
  options: RemoveStackOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const project = await openProject(options);
  const stack = await project.chooseExisting(name);
  const { resources } = options.force ? await stack.state() : { resources: [] };
  const what = `${project.name}/${name}`;
  if (resources.length > 0)
    terminal.say(
      `${what} has ${resources.length} resources. They stay where they are, and berth forgets them.\n`,
    );
  if (!options.yes && !(await mayRemove(what, terminal))) {
    terminal.say("Nothing was removed.\n");
    return exitCodes.error;
  }
  await project.allStacks.remove(name, options.force ? { force: true } : {});
  terminal.say(`${what} is removed.\n`);
  return exitCodes.ok;
}

async function mayRemove(what: string, terminal: Terminal): Promise<boolean> {
  if (terminal.interactive) return terminal.confirm(`Remove the state and the file of ${what}?`);
  const message = `${what} would be removed, and nobody is there to say yes`;
  throw new BerthError([problem(codes.BERTH8002, { message, hint: "say --yes" })]);
}

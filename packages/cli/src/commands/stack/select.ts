import { openProject } from "@berth/automation";
import { BerthError, problem } from "@berth/diagnostics";
import { codes } from "../../codes.ts";
import type { SelectOptions } from "../../command-line/stack.ts";
import type { Terminal } from "../../terminal.ts";

/** `berth stack select [NAME]`: a default of this checkout; BERTH_STACK and --stack count more. */
export async function selectStack(
  name: string | undefined,
  options: SelectOptions,
  terminal: Terminal,
): Promise<void> {
  const project = await openProject(options);
  if (name !== undefined && options.none) {
    const message = "--none selects no stack, and one is named";
    throw new BerthError([problem(codes.BERTH8001, { message })]);
  }
  if (name !== undefined) await project.chooseExisting(name);
  if (name !== undefined || options.none) return project.allStacks.select(name);
  const selected = await project.allStacks.selected();
  if (selected === undefined) terminal.say("No stack is selected.\n");
  else terminal.write(`${selected}\n`);
}

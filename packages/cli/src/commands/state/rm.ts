import { openProject, type RecordRemoval, typedName } from "@berth/automation";
import { inert } from "@berth/report";
import type { RemoveOptions } from "../../command-line/state/rm.ts";
import { type ExitCode, exitCodes } from "../../exit-code.ts";
import { chosenStack } from "../../stack-choice.ts";
import type { Terminal } from "../../terminal.ts";
import { approved } from "./approval.ts";

/** `berth state rm NAME...` */
export async function removeRecord(
  names: readonly string[],
  options: RemoveOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const project = await openProject(options);
  const { records } = await project.chooseExisting(chosenStack(options));
  const removed = await records.remove(names, {
    ...(options.withDependents && { withDependents: true }),
    approve: async (removals) => {
      terminal.say("These are forgotten. They stay where they are, and berth manages them no more:\n");
      for (const each of removals) terminal.say(inert(`  ${shown(each)}`) + "\n");
      return approved("Forget them?", options, terminal);
    },
  });
  if (options.json) terminal.write(`${JSON.stringify({ removed }, undefined, 2)}\n`);
  if (removed.length > 0) return exitCodes.ok;
  terminal.say("\nNothing was changed.\n");
  return exitCodes.error;
}

function shown({ urn, ids }: RecordRemoval): string {
  return `${typedName(urn)}  ${ids.length > 0 ? ids.join(", ") : "(interrupted before it was recorded)"}`;
}

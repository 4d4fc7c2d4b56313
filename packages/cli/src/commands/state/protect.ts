import { openProject, typedName } from "@berth/automation";
import { inert } from "@berth/report";
import type { StateOptions } from "../../command-line/state/options.ts";
import { chosenStack } from "../../stack-choice.ts";
import type { Terminal } from "../../terminal.ts";

/** `berth state protect NAME...` and `berth state unprotect NAME...` */
export async function protectRecord(
  names: readonly string[],
  protect: boolean,
  options: StateOptions,
  terminal: Terminal,
): Promise<void> {
  const project = await openProject(options);
  const { records } = await project.chooseExisting(chosenStack(options));
  const changed = await records.protect(names, protect);
  if (options.json) return terminal.write(`${JSON.stringify({ protect, changed }, undefined, 2)}\n`);
  const now = protect ? "is protected now" : "is no longer protected";
  for (const urn of changed) terminal.say(inert(`${typedName(urn)} ${now}`) + "\n");
  if (changed.length === 0) terminal.say("Nothing was changed.\n");
  else terminal.say("\nThe next `berth up` records what the program says of it.\n");
}

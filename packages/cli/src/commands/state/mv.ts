import { openProject, typedName } from "@berth/automation";
import { inert } from "@berth/report";
import type { StateOptions } from "../../command-line/state/options.ts";
import { chosenStack } from "../../stack-choice.ts";
import type { Terminal } from "../../terminal.ts";

/** `berth state mv FROM TO` */
export async function moveRecord(
  from: string,
  to: string,
  options: StateOptions,
  terminal: Terminal,
): Promise<void> {
  const project = await openProject(options);
  const { records } = await project.chooseExisting(chosenStack(options));
  const moves = await records.move(from, to);
  if (options.json) return terminal.write(`${JSON.stringify({ moved: moves }, undefined, 2)}\n`);
  for (const move of moves)
    terminal.say(inert(`${typedName(move.from)} is ${typedName(move.to)} now`) + "\n");
  terminal.say("\nIts program must declare it under that name: look at `berth preview`.\n");
}

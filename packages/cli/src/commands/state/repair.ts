import { openProject, type RepairedState } from "@berth/automation";
import { inert } from "@berth/report";
import type { StateChangeOptions } from "../../command-line/state/options.ts";
import { type ExitCode, exitCodes } from "../../exit-code.ts";
import { chosenStack } from "../../stack-choice.ts";
import type { Terminal } from "../../terminal.ts";
import { approved } from "./approval.ts";

/** `berth state repair` */
export async function repairRecords(options: StateChangeOptions, terminal: Terminal): Promise<ExitCode> {
  const project = await openProject(options);
  const { records, name } = await project.chooseExisting(chosenStack(options));
  const outcome = await records.repair(async (repaired) => {
    sayFindings(repaired, terminal);
    return approved("Write it? The damaged files are kept.", options, terminal);
  });
  if (options.json) terminal.write(`${JSON.stringify(outcome, undefined, 2)}\n`);
  if (outcome.kind === "whole") terminal.say(`The state of ${name} is whole: there is nothing to repair.\n`);
  if (outcome.kind === "refused") terminal.say("Nothing was changed.\n");
  if (outcome.kind === "repaired") {
    const kept = outcome.kept.map((file) => `  ${inert(file)}\n`).join("");
    terminal.say(`The state of ${name} is repaired. As they were, the files are kept as\n${kept}`);
    terminal.say("\nLook at `berth preview --drift` before anything else.\n");
  }
  return outcome.kind === "refused" ? exitCodes.error : exitCodes.ok;
}

function sayFindings({ state, findings }: RepairedState, terminal: Terminal): void {
  for (const { what, message } of findings) terminal.say(inert(`${what.padEnd(7)}  ${message}`) + "\n");
  const { resources, superseded = [], pending } = state;
  const parts = [
    `${resources.length} resources`,
    ...(superseded.length > 0 ? [`${superseded.length} superseded`] : []),
    ...(pending.length > 0 ? [`${pending.length} interrupted operations`] : []),
  ];
  terminal.say(`\nThe repaired state would have ${parts.join(", ")}.\n`);
}

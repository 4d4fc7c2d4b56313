import { type LockHolder, openProject } from "@berth/automation";
import { inert } from "@berth/report";
import type { StateChangeOptions } from "../../command-line/state/options.ts";
import { type ExitCode, exitCodes } from "../../exit-code.ts";
import { chosenStack } from "../../stack-choice.ts";
import type { Terminal } from "../../terminal.ts";
import { approved } from "./approval.ts";

/** What it means for whoever would break the lock. */
const meaning: Readonly<Record<LockHolder["state"], string>> = {
  held: "If it is still at work, its next write is refused, and the next `berth up` finds out how far it came.",
  dead: "That process has ended: the next operation takes the lock over without asking.",
  expired: "Its lease has run out: the next operation takes the lock over without asking.",
};

/** `berth state unlock`. Breaks the lock of the holder that was shown, and of nobody who took it meanwhile. */
export async function unlockStack(options: StateChangeOptions, terminal: Terminal): Promise<ExitCode> {
  const project = await openProject(options);
  // A stack of which nothing is recorded yet may be locked.
  const { records, name } = await project.choose(chosenStack(options));
  const holder = await records.lockHolder();
  if (holder) sayHolder(name, holder, terminal);
  else terminal.say(`Nobody holds the lock of ${name}.\n`);
  const isWanted =
    holder !== undefined &&
    (await approved("Break the lock?", options, terminal, `the lock of ${name} would be broken`));
  if (isWanted) {
    await records.unlock(holder.id);
    terminal.say("The lock is broken.\n");
  }
  if (options.json)
    terminal.write(`${JSON.stringify({ unlocked: isWanted, ...(holder && { holder }) }, undefined, 2)}\n`);
  if (holder && !isWanted) terminal.say("Nothing was changed.\n");
  return holder && !isWanted ? exitCodes.error : exitCodes.ok;
}

function sayHolder(stack: string, holder: LockHolder, terminal: Terminal): void {
  const { user, host, pid, operation, since, until, state } = holder;
  const lease =
    state === "expired" ? `it could have been renewed until ${until}` : `until ${until} unless it is renewed`;
  const lines = [
    `The lock of ${stack} is held by ${user}@${host}, process ${pid},`,
    `running ${operation} since ${since}; ${lease}.`,
    meaning[state],
  ];
  terminal.say(lines.map((line) => `${inert(line)}\n`).join(""));
}

import { openProject } from "@berth/automation";
import { inert } from "@berth/report";
import type { ListStacksOptions } from "../../command-line/stack.ts";
import type { Terminal } from "../../terminal.ts";

/** `berth stack list`: a name on each line, the selected one marked where somebody looks. */
export async function listStacks(options: ListStacksOptions, terminal: Terminal): Promise<void> {
  const project = await openProject(options);
  const [names, selected] = await Promise.all([project.stacks(), project.allStacks.selected()]);
  if (options.json) {
    const stacks = names.map((name) => ({ name, selected: name === selected }));
    return terminal.write(`${JSON.stringify(stacks, undefined, 2)}\n`);
  }
  const { tones } = terminal.palette;
  for (const name of names)
    terminal.write(`${inert(name)}${name === selected ? tones.quiet("  (selected)") : ""}\n`);
  if (names.length === 0)
    terminal.say("The project has no stack yet; `berth up` makes the first one, dev.\n");
}

import { openProject } from "@berth/automation";
import { inert } from "@berth/report";
import type { ShowStackOptions } from "../../command-line/stack.ts";
import { chosenStack } from "../../stack-choice.ts";
import type { Terminal } from "../../terminal.ts";

/** `berth stack show`: what is recorded. */
export async function showStack(options: ShowStackOptions, terminal: Terminal): Promise<void> {
  const project = await openProject(options);
  const stack = await project.chooseExisting(chosenStack(options));
  const state = await stack.state();
  if (options.json) return terminal.write(`${JSON.stringify(state, undefined, 2)}\n`);
  const { lastOperation } = state;
  if (lastOperation)
    terminal.say(inert(`last berth ${lastOperation.operation}: ${lastOperation.message}`) + "\n");
  if (state.resources.length === 0)
    return terminal.write(`${project.name}/${stack.name} has no resources.\n`);
  const rows = state.resources.map(({ type, urn, id }) => [type, urn.split("::").slice(2).join("::"), id]);
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  for (const [type = "", path = "", id = ""] of rows) {
    terminal.write(inert(`${type.padEnd(widths[0] ?? 0)}  ${path.padEnd(widths[1] ?? 0)}  ${id}`) + "\n");
  }
  if (state.pending.length > 0) {
    terminal.say(`${state.pending.length} interrupted operations; the next \`berth up\` settles them.\n`);
  }
}

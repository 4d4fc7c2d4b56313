import { openProject } from "@berth/automation";
import { inert } from "@berth/report";
import type { StackOptions } from "../command-line/options.ts";
import { chosenStack } from "../stack-choice.ts";
import type { Terminal } from "../terminal.ts";

/** `berth stack list` */
export async function listStacks({ cwd }: { readonly cwd: string }, terminal: Terminal): Promise<void> {
  const project = await openProject({ cwd });
  for (const name of await project.stacks()) terminal.write(`${name}\n`);
}

/** `berth stack show`: what is recorded. */
export async function showStack(
  options: StackOptions & { readonly json?: boolean },
  terminal: Terminal,
): Promise<void> {
  const project = await openProject(options);
  const stack = await project.chooseExisting(chosenStack(options));
  const state = await stack.state();
  if (options.json) return terminal.write(`${JSON.stringify(state, undefined, 2)}\n`);
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

/** `berth stack outputs` */
export async function showOutputs(
  options: StackOptions & { readonly json?: boolean },
  terminal: Terminal,
): Promise<void> {
  const project = await openProject(options);
  const stack = await project.chooseExisting(chosenStack(options));
  const outputs = await stack.outputs();
  if (options.json) return terminal.write(`${JSON.stringify(hidden(outputs), undefined, 2)}\n`);
  for (const [name, value] of Object.entries(outputs)) {
    const shown = hidden(value);
    terminal.write(`${inert(name)}: ${inert(typeof shown === "string" ? shown : JSON.stringify(shown))}\n`);
  }
}

/** Secrets are said to be there, and no more: neither ciphertext nor digest is for people. */
export function hidden(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if ("$berth" in value) return "[secret]";
  if (Array.isArray(value)) return value.map(hidden);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, hidden(each)]));
}

import { openProject } from "@berth/automation";
import { BerthError, nearest, problem } from "@berth/diagnostics";
import { inert } from "@berth/report";
import { codes } from "../../codes.ts";
import type { OutputsOptions } from "../../command-line/stack.ts";
import { hidden } from "../../hidden-secrets.ts";
import { chosenStack } from "../../stack-choice.ts";
import type { Terminal } from "../../terminal.ts";

/** `berth stack outputs [NAME]`: of one output its value alone, as scripts want it. */
export async function showOutputs(
  name: string | undefined,
  options: OutputsOptions,
  terminal: Terminal,
): Promise<void> {
  const project = await openProject(options);
  const stack = await project.chooseExisting(chosenStack(options));
  const recorded = await stack.outputs({ showSecrets: options.showSecrets === true });
  const outputs = Object.entries(recorded).map(([each, value]) => [each, hidden(value)] as const);
  if (name !== undefined) {
    const found = outputs.find(([each]) => each === name);
    if (!found) throw noOutput(stack.name, name, Object.keys(recorded));
    return terminal.write(`${options.json ? JSON.stringify(found[1], undefined, 2) : written(found[1])}\n`);
  }
  if (options.json) return terminal.write(`${JSON.stringify(Object.fromEntries(outputs), undefined, 2)}\n`);
  for (const [each, value] of outputs) terminal.write(`${inert(each)}: ${inert(written(value))}\n`);
}

function noOutput(stack: string, name: string, known: readonly string[]): BerthError {
  const near = nearest(name, known);
  const message = `the stack ${stack} has no output ${JSON.stringify(name)}`;
  const hint = near === undefined ? `it has ${known.join(", ") || "none"}` : `did you mean ${near}?`;
  return new BerthError([problem(codes.BERTH8010, { message, hint })]);
}

function written(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

import { openProject } from "@berth/automation";
import { BerthError, nearest, problem } from "@berth/diagnostics";
import { inert } from "@berth/report";
import { codes } from "../codes.ts";
import type { StackOptions } from "../command-line/options.ts";
import { chosenStack } from "../stack-choice.ts";
import type { Terminal } from "../terminal.ts";

/** `berth config list` */
export async function listValues(options: StackOptions, terminal: Terminal): Promise<void> {
  const { values } = await read(options);
  for (const [key, value] of Object.entries(values))
    terminal.write(`${inert(key)}: ${inert(shown(value))}\n`);
}

/** `berth config get KEY` */
export async function getValue(key: string, options: StackOptions, terminal: Terminal): Promise<void> {
  const { values, stack } = await read(options);
  if (Object.hasOwn(values, key)) return terminal.write(`${shown(values[key])}\n`);
  const guess = nearest(key, Object.keys(values));
  const message = `the stack ${stack} has no configuration value "${key}"`;
  throw new BerthError([
    problem(codes.BERTH8005, { message, ...(guess && { hint: `did you mean "${guess}"?` }) }),
  ]);
}

/** `berth config set KEY VALUE`: numbers, booleans and JSON are stored as such, all else as text. */
export async function setValue(key: string, text: string, options: StackOptions): Promise<void> {
  const project = await openProject(options);
  const stack = await project.choose(chosenStack(options));
  await project.configure(stack.name, key, parsed(text));
}

/** `berth config rm KEY` */
export async function removeValue(key: string, options: StackOptions): Promise<void> {
  const project = await openProject(options);
  const stack = await project.choose(chosenStack(options));
  await project.configure(stack.name, key, undefined);
}

async function read(options: StackOptions) {
  const project = await openProject(options);
  const stack = await project.choose(chosenStack(options));
  return { stack: stack.name, values: await project.configuration(stack.name) };
}

function shown(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function parsed(text: string) {
  try {
    const value: unknown = JSON.parse(text);
    // Text that happens to be a JSON string with quotes is meant as text without them.
    return value as Parameters<Awaited<ReturnType<typeof openProject>>["configure"]>[2];
  } catch {
    return text;
  }
}

import { type ConfigEntry, missingEntry, openProject } from "@berth/automation";
import { inert } from "@berth/report";
import type { ConfigOptions, SetOptions, ShowOptions } from "../command-line/config.ts";
import { chosenStack } from "../stack-choice.ts";
import type { Terminal } from "../terminal.ts";

/** `berth config list`: values of the stack's file, and defaults of berth.yaml. */
export async function listValues(options: ShowOptions, terminal: Terminal): Promise<void> {
  const { configuration } = await open(options);
  const entries = await configuration.entries();
  const shown = await Promise.all(
    entries.map(async (entry) => ({ entry, value: await valueOf(entry, options, configuration) })),
  );
  if (options.json) {
    const values = Object.fromEntries(
      shown.map(({ entry: { key, secret, from }, value }) => [key, { value, secret, from }]),
    );
    return terminal.write(`${JSON.stringify(values, undefined, 2)}\n`);
  }
  for (const { entry, value } of shown) {
    const origin = entry.from === "default" ? terminal.palette.tones.quiet("  (default)") : "";
    terminal.write(`${inert(entry.key)}: ${inert(written(value))}${origin}\n`);
  }
}

/** `berth config get KEY` */
export async function getValue(key: string, options: ShowOptions, terminal: Terminal): Promise<void> {
  const { configuration, stack, project } = await open(options);
  const entries = await configuration.entries();
  const own = key.startsWith(`${project}:`) ? key.slice(project.length + 1) : key;
  const entry = entries.find((each) => each.key === own);
  if (!entry) {
    throw missingEntry(
      stack,
      key,
      entries.map((each) => each.key),
    );
  }
  const value = await valueOf(entry, options, configuration);
  terminal.write(`${options.json ? JSON.stringify(value) : written(value)}\n`);
}

/** `berth config set KEY [VALUE]`: what a value is says berth.yaml; elsewhere numbers, booleans and JSON are taken as such. */
export async function setValue(
  key: string,
  text: string | undefined,
  options: SetOptions,
  terminal: Terminal,
): Promise<void> {
  const { configuration, schema } = await open(options);
  const given = text === undefined || text === "-" ? await terminal.secret(`${inert(key)}: `) : text;
  const property = schema?.[key];
  const secret = options.secret === true || property?.secret === true;
  const isText = property?.type === undefined ? secret : property.type === "string";
  await configuration.set(key, isText ? given : parsed(given), { secret });
}

/** `berth config rm KEY` */
export async function removeValue(key: string, options: ConfigOptions): Promise<void> {
  const { configuration } = await open(options);
  await configuration.remove(key);
}

async function open(options: ConfigOptions) {
  const project = await openProject(options);
  const { name: stack } = await project.choose(chosenStack(options));
  const configuration = project.configuration(stack);
  return { project: project.name, schema: project.file.config, stack, configuration };
}

async function valueOf(
  entry: ConfigEntry,
  { showSecrets = false }: ShowOptions,
  configuration: Awaited<ReturnType<typeof open>>["configuration"],
): Promise<ConfigEntry["value"]> {
  return entry.secret && !showSecrets ? "[secret]" : configuration.plaintext(entry);
}

function written(value: ConfigEntry["value"]): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function parsed(text: string): ConfigEntry["value"] {
  try {
    const value: ConfigEntry["value"] = JSON.parse(text);
    // What would not come back as it was written is text: an account number is no quantity.
    return typeof value === "number" && String(value) !== text ? text : value;
  } catch {
    return text;
  }
}

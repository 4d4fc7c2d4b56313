import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Json } from "@berth/core";
import { Document } from "yaml";
import { writeFileAtomically } from "./write-file.ts";
import { readYamlFile } from "./yaml-file.ts";

/** `berth.<stack>.yaml`: the values of one stack. */
export interface StackFile {
  readonly config?: Readonly<Record<string, Json>>;
}

const schema = {
  type: "object",
  additionalProperties: false,
  properties: {
    config: { type: ["object", "null"], additionalProperties: true },
  },
};

export function stackFileName(stack: string): string {
  return `berth.${stack}.yaml`;
}

/** Stacks that have a file in the project folder, sorted. */
export async function stacksWithFiles(directory: string): Promise<string[]> {
  const names = await readdir(directory);
  return names.flatMap((name) => /^berth\.(.+)\.yaml$/.exec(name)?.[1] ?? []).sort();
}

/** The configuration values of a stack; none where it has no file. */
export async function readConfiguration(
  directory: string,
  stack: string,
): Promise<Readonly<Record<string, Json>>> {
  const name = stackFileName(stack);
  const read = await readYamlFile<StackFile>(join(directory, name), name, schema);
  return read?.value.config ?? {};
}

/** Sets (or, with `undefined`, removes) one value and keeps the rest of the file as its author wrote it. */
export async function writeConfiguration(
  directory: string,
  stack: string,
  key: string,
  value: Json | undefined,
): Promise<void> {
  const name = stackFileName(stack);
  const path = join(directory, name);
  const read = await readYamlFile<StackFile>(path, name, schema);
  const document = read?.document ?? new Document({});
  if (document.get("config") == null) document.set("config", document.createNode({}));
  if (value === undefined) document.deleteIn(["config", key]);
  else document.setIn(["config", key], value);
  await writeFileAtomically(path, document.toString());
}

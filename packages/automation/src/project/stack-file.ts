import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Json, SecretsKey } from "@berth/core";
import { Document } from "yaml";
import { writeFileAtomically } from "./write-file.ts";
import { readYamlFile, type YamlFile } from "./yaml-file.ts";

/** `berth.<stack>.yaml`: the values of one stack. */
export interface StackFile {
  /** Which key the secrets in it are encrypted with, as the stack's state says it of its own. */
  readonly secrets?: SecretsKey;
  /** Values by key; a secret is `{ $berth: secret, ciphertext, digest }`. */
  readonly config?: Readonly<Record<string, Json>> | null;
}

const schema = {
  type: "object",
  additionalProperties: false,
  properties: {
    secrets: {
      type: "object",
      required: ["source", "salt", "check"],
      additionalProperties: false,
      properties: {
        source: { enum: ["passphrase", "file"] },
        salt: { type: "string", pattern: "^[A-Za-z0-9+/]{22}==$" },
        check: { type: "string", pattern: "^[0-9a-f]{32}$" },
      },
    },
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

/** A stack's file; `undefined` where it has none. */
export async function readStackFile(
  directory: string,
  stack: string,
): Promise<YamlFile<StackFile> | undefined> {
  const name = stackFileName(stack);
  return readYamlFile<StackFile>(join(directory, name), name, schema);
}

/** What is changed in a stack's file: values by key, `undefined` to remove one; and the key of its secrets. */
export interface StackFileChange {
  readonly config: Readonly<Record<string, Json | undefined>>;
  readonly secrets?: SecretsKey;
}

/** Changes a stack's file, or makes it, and keeps the rest of it as its author wrote it. */
export async function writeStackFile(
  directory: string,
  stack: string,
  { config, secrets }: StackFileChange,
): Promise<void> {
  const read = await readStackFile(directory, stack);
  const document = read?.document ?? new Document({});
  if (secrets) document.set("secrets", document.createNode(secrets));
  if (document.get("config") == null) document.set("config", document.createNode({}));
  for (const [key, value] of Object.entries(config)) {
    if (value === undefined) document.deleteIn(["config", key]);
    else document.setIn(["config", key], document.createNode(value));
  }
  await writeFileAtomically(join(directory, stackFileName(stack)), document.toString());
}

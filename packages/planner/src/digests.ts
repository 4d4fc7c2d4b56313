import { createHash } from "node:crypto";
import { Hook, type Json, type ResolvedOptions, type StackState, type Value } from "@berth/core";
import { opaque, type SecretDigest } from "./compare/opaque.ts";
import type { Standing } from "./resolve/standing.ts";

/** SHA-256 of what is recorded, as far as a plan depends on it. */
export function stateDigest({ resources, outputs, pending, superseded }: StackState): string {
  const parts = superseded?.length
    ? [resources, outputs, pending, superseded]
    : [resources, outputs, pending];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

/**
 * SHA-256 of what is declared: resources in the graph's order, with inputs, options and dependencies, and the outputs.
 *
 * @param valueOf - what a value of the program comes to that is no input: a trigger, the id of what is read
 */
export function graphDigest(
  standings: readonly Standing[],
  outputs: ReadonlyMap<string, Value>,
  digest: SecretDigest,
  valueOf: (given: unknown) => Value | undefined,
): string {
  const hash = createHash("sha256");
  for (const { resource, inputs } of standings) {
    const { urn, cluster, dependencies, options, read } = resource;
    const text = JSON.stringify(opaque(inputs, digest));
    hash.update(`${JSON.stringify([urn, cluster ?? null, dependencies])}${optionsText(options)}${text}\n`);
    for (const beside of [options.replacementTrigger, read?.id])
      if (beside !== undefined) hash.update(`${JSON.stringify(opaque(valueOf(beside) ?? null, digest))}\n`);
  }
  for (const [name, value] of outputs)
    hash.update(`${JSON.stringify(name)}${JSON.stringify(opaque(value, digest))}\n`);
  return hash.digest("hex");
}

const texts = new WeakMap<ResolvedOptions, string>();

/** Every option there is, so that none can be forgotten. Functions are told by their names. */
function optionsText(options: ResolvedOptions): string {
  const known = texts.get(options);
  if (known !== undefined) return known;
  const { replacementTrigger, ...others } = options;
  const text = JSON.stringify([plain(others), replacementTrigger !== undefined]);
  texts.set(options, text);
  return text;
}

function plain(value: unknown): Json {
  if (value instanceof Hook) return value.name;
  if (typeof value === "function") return value.name;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(([key, each]) => [key, plain(each)] as const);
    return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
}

import { createHash } from "node:crypto";
import type { StackState, Value } from "@berth/core";
import { opaque, type SecretDigest } from "./compare/opaque.ts";
import type { Standing } from "./resolve/standing.ts";

/** SHA-256 of what is recorded, as far as a plan depends on it. */
export function stateDigest({ resources, outputs, pending }: StackState): string {
  return createHash("sha256")
    .update(JSON.stringify([resources, outputs, pending]))
    .digest("hex");
}

/** SHA-256 of what is declared: resources in the graph's order, with inputs and dependencies, and the outputs. */
export function graphDigest(
  standings: readonly Standing[],
  outputs: ReadonlyMap<string, Value>,
  digest: SecretDigest,
): string {
  const hash = createHash("sha256");
  for (const { resource, inputs } of standings) {
    const { urn, cluster, dependencies, options } = resource;
    const text = JSON.stringify(opaque(inputs, digest));
    hash.update(
      `${JSON.stringify([urn, cluster ?? null, dependencies, options.protect, options.provider ?? null])}${text}\n`,
    );
  }
  for (const [name, value] of outputs)
    hash.update(`${JSON.stringify(name)}${JSON.stringify(opaque(value, digest))}\n`);
  return hash.digest("hex");
}

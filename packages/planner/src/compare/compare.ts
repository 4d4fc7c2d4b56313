import type { Json, JsonObject, ResourceDefinition, ValueObject } from "@berth/core";
import { compareBySchema } from "./by-schema.ts";
import { type Difference, isObject } from "./difference.ts";
import { equality, isRecordedValue } from "./equality.ts";
import { opaque, reasonsForDoubt, type SecretDigest } from "./opaque.ts";

const none: readonly Difference[] = [];

/**
 * What differs between the inputs that are recorded and those that are desired, by meaning, and how
 * certain each difference is. Both must be normalised. The engine uses it again when a step runs, with all values known.
 */
export function compareInputs(
  definition: ResourceDefinition,
  recorded: JsonObject,
  desired: ValueObject,
  digest: SecretDigest,
): readonly Difference[] {
  if (isRecordedValue(recorded, desired, digest)) return none;
  const before = asObject(opaque(recorded, digest));
  const after = asObject(opaque(desired, digest));
  if (definition.compare === undefined) return compareBySchema(definition.inputs, before, after, digest);
  const differences: Difference[] = [];
  for (const { path, kind, before: left, after: right, forcesReplacement } of definition.compare(
    before,
    after,
  )) {
    // It was given plain JSON with marks, and can give back nothing else.
    const [from, to] = [left as Json | undefined, right as Json | undefined];
    const equal = equality(from, to, digest);
    if (equal === "yes") continue;
    const because =
      equal === "maybe" ? [...new Set([...reasonsForDoubt(from), ...reasonsForDoubt(to)])].toSorted() : [];
    differences.push({
      path,
      kind,
      ...(from === undefined ? {} : { before: from }),
      ...(to === undefined ? {} : { after: to }),
      certainty: equal === "maybe" ? "may" : "will",
      because,
      ...(forcesReplacement === undefined ? {} : { forcesReplacement }),
    });
  }
  return differences;
}

/**
 * Where two configurations of a provider name different accounts: what cannot be changed without
 * replacing what was made with it. The provider's defaults are the empty configuration.
 */
export function accountDifferences(
  definition: ResourceDefinition,
  recorded: JsonObject,
  desired: ValueObject,
  digest: SecretDigest,
): readonly Difference[] {
  return compareInputs(definition, recorded, desired, digest).filter(
    (each) => each.forcesReplacement !== undefined,
  );
}

function asObject(value: Json): JsonObject {
  return isObject(value) ? value : {};
}

import {
  isEncryptedValue,
  type Json,
  type JsonObject,
  markSecrets,
  type ResourceDefinition,
  type ResourceRecord,
  Secret,
  type Value,
  type ValueObject,
} from "@berth/core";
import { compareInputs } from "../compare/compare.ts";
import type { Difference } from "../compare/difference.ts";
import { isRecordedValue } from "../compare/equality.ts";
import { isList, isPlain } from "../compare/opaque.ts";
import type { LiveResource } from "../request.ts";
import type { LiveSecrets } from "./live-secrets.ts";
import { inputsOfRead } from "../resolve/found.ts";
import { projectInputs } from "./project-inputs.ts";

/** A record as it would be, had the last operation made what is there now. */
export interface ObservedRecord {
  readonly record: ResourceRecord;
  /** In the inputs, from recorded to observed. */
  readonly differences: readonly Difference[];
}

/** Brings a record up to what its provider read; `undefined` where it says that already. */
export function observeRecord(
  definition: ResourceDefinition,
  record: ResourceRecord,
  live: Extract<LiveResource, { kind: "found" }>,
  secrets: LiveSecrets | undefined,
): ObservedRecord | undefined {
  const digest = secrets && ((plaintext: Value) => secrets.digest(plaintext));
  const outputs = observedOutputs(record.outputs, live.outputs, secrets);
  // What was only read is all observed: nothing of it was ever set.
  if (record.external) {
    const read = inputsOfRead(definition, live.inputs);
    if (isRecordedValue(record.inputs, read, digest) && outputs === record.outputs) return undefined;
    // Without the key what is secret in it can be neither compared nor kept.
    if (!secrets && !isPlain(read)) return undefined;
    const inputs = secrets ? secrets.kept(read) : (read as JsonObject);
    return { record: { ...record, inputs, outputs }, differences: [] };
  }
  const projected = project(definition, record.inputs, live.inputs, secrets);
  const differences = compareInputs(definition, record.inputs, projected, digest).filter(
    (each) => each.certainty === "will",
  );
  if (differences.length === 0 && outputs === record.outputs) return undefined;
  const inputs = differences.length === 0 ? record.inputs : projected;
  return { record: { ...record, inputs, outputs }, differences };
}

function project(
  definition: ResourceDefinition,
  recorded: JsonObject,
  live: JsonObject,
  secrets: LiveSecrets | undefined,
): JsonObject {
  // Without the key nothing can be told of a secret, which then stands as it is recorded.
  const hidden = (before: Json, now: Json): Json => (secrets ? secrets.keep(now, before) : before);
  const projected = projectInputs(definition, recorded, live, hidden);
  // What the schema calls secret, and is recorded in plaintext: declared before it was secret.
  const marked = markSecrets(definition.inputs, projected);
  return isPlain(marked) || !secrets ? projected : secretsKept(marked, secrets);
}

function secretsKept(value: Value, secrets: LiveSecrets): JsonObject {
  const keep = (each: Value): Json => {
    if (each instanceof Secret) {
      const plain = each.reveal();
      if (!isEncryptedValue(plain)) return secrets.keep(plain);
      const { $berth, ciphertext, digest } = plain;
      return { $berth, ciphertext, digest };
    }
    if (typeof each !== "object" || each === null) return each;
    if (isList(each)) return each.map(keep);
    return Object.fromEntries(Object.entries(each).map(([key, inner]) => [key, keep(inner)]));
  };
  return keep(value) as JsonObject;
}

/** Those that are recorded, with what was answered now; the very same where nothing changed. */
function observedOutputs(
  recorded: JsonObject,
  live: ValueObject,
  secrets: LiveSecrets | undefined,
): JsonObject {
  const digest = secrets && ((plaintext: Value) => secrets.digest(plaintext));
  const changed = Object.entries(live).filter(
    ([name, value]) =>
      !isRecordedValue(Object.hasOwn(recorded, name) ? recorded[name] : undefined, value, digest),
  );
  // Without the key, whether a secret changed cannot be told.
  const told = secrets ? changed : changed.filter(([, value]) => isPlain(value));
  if (told.length === 0) return recorded;
  const kept = secrets ? secrets.kept(Object.fromEntries(told)) : (Object.fromEntries(told) as JsonObject);
  return { ...recorded, ...kept };
}

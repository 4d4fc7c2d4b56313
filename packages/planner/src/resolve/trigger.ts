import type { Json, Value } from "@berth/core";
import { equality, isRecordedValue } from "../compare/equality.ts";
import { opaque, reasonsForDoubt, type SecretDigest } from "../compare/opaque.ts";

/** What the option `replacementTrigger` comes to, beside what it came to when the resource was made. */
export interface TriggerChange {
  readonly certainty: "will" | "may";
  readonly because: readonly string[];
}

/**
 * Whether the value of the option `replacementTrigger` is another one than is recorded; `undefined` where it is not. A
 * trigger that is new says nothing yet: from now on it is recorded.
 *
 * @param recorded - as it is in the record; `undefined` where none is
 * @param value - as the program has it now; `undefined` where it has none
 * @example const change = triggerChange(record.options?.replacementTrigger, "2", digest);
 */
export function triggerChange(
  recorded: Json | undefined,
  value: Value | undefined,
  digest: SecretDigest,
): TriggerChange | undefined {
  if (recorded === undefined || value === undefined || isRecordedValue(recorded, value, digest))
    return undefined;
  const [before, after] = [opaque(recorded, digest), opaque(value, digest)];
  const equal = equality(before, after, digest);
  if (equal === "yes") return undefined;
  if (equal === "no") return { certainty: "will", because: [] };
  const because = [...new Set([...reasonsForDoubt(before), ...reasonsForDoubt(after)])].toSorted();
  return { certainty: "may", because };
}

import {
  isEncryptedValue,
  type Json,
  type JsonObject,
  SealedSecret,
  Secret,
  Unknown,
  type Value,
} from "@berth/core";
import { isList, isSecretMark, isUnknownMark, type SecretDigest } from "./opaque.ts";

/**
 * Whether a desired value is, structurally and for certain, what is recorded. The fast way out for
 * everything that did not change: nothing is copied.
 */
export function isRecordedValue(
  recorded: Json | undefined,
  desired: Value | undefined,
  digest: SecretDigest,
): boolean {
  if (recorded === desired) return true;
  if (typeof recorded !== "object" || typeof desired !== "object" || recorded === null || desired === null)
    return false;
  if (desired instanceof SealedSecret)
    return isEncryptedValue(recorded) && desired.digest === recorded.digest;
  if (desired instanceof Unknown) return false;
  if (desired instanceof Secret)
    return isEncryptedValue(recorded) && digest?.(desired.reveal()) === recorded.digest;
  if (isEncryptedValue(recorded)) return isEncryptedValue(desired) && desired.digest === recorded.digest;
  if (Array.isArray(recorded)) {
    if (!isList(desired) || desired.length !== recorded.length) return false;
    for (let i = 0; i < recorded.length; i++)
      if (!isRecordedValue(recorded[i], desired[i], digest)) return false;
    return true;
  }
  if (isList(desired)) return false;
  const [before, names] = [recorded as JsonObject, Object.keys(desired)];
  if (names.length !== Object.keys(before).length) return false;
  for (const name of names) {
    if (!Object.hasOwn(before, name) || !isRecordedValue(before[name], desired[name], digest)) return false;
  }
  return true;
}

/** `no`; `yes`; or `maybe`, which depends on what is not known yet or cannot be read. */
export type Equality = "no" | "maybe" | "yes";

/** Compares JSON with marks (see {@link opaque}). */
export function equality(before: Json | undefined, after: Json | undefined, digest?: SecretDigest): Equality {
  if (before === after) return "yes";
  if (before === undefined || after === undefined) return "no";
  if (isUnknownMark(after) || isUnknownMark(before)) return "maybe";
  if (isSecretMark(before) || isSecretMark(after)) return secretEquality(before, after, digest);
  if (typeof before !== "object" || typeof after !== "object" || before === null || after === null)
    return "no";
  if (Array.isArray(before) || Array.isArray(after)) {
    if (!Array.isArray(before) || !Array.isArray(after) || before.length !== after.length) return "no";
    return all(before.map((each, index) => equality(each, after[index], digest)));
  }
  const keys = Object.keys(before);
  if (keys.length !== Object.keys(after).length) return "no";
  return all(
    keys.map((key) =>
      Object.hasOwn(after, key)
        ? equality((before as JsonObject)[key], (after as JsonObject)[key], digest)
        : "no",
    ),
  );
}

function secretEquality(before: Json, after: Json, digest: SecretDigest): Equality {
  const left = digestOf(before, digest);
  const right = digestOf(after, digest);
  if (left === undefined || right === undefined) return "maybe";
  return left === right ? "yes" : "no";
}

function digestOf(value: Json, digest: SecretDigest): string | undefined {
  return isSecretMark(value) ? value.digest : digest?.(value);
}

function all(parts: readonly Equality[]): Equality {
  if (parts.includes("no")) return "no";
  return parts.includes("maybe") ? "maybe" : "yes";
}

/** Text that is equal exactly for equal JSON, whatever the order of keys. */
export function canonicalText(value: Json | undefined): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(",")}]`;
  const object = value as JsonObject;
  const parts = Object.keys(object)
    .toSorted()
    .map((key) => `${JSON.stringify(key)}:${canonicalText(object[key])}`);
  return `{${parts.join(",")}}`;
}

import {
  encodeUnknown,
  isEncryptedValue,
  type Json,
  type JsonObject,
  SealedSecret,
  Secret,
  Unknown,
  type Value,
} from "@berth/core";

/** Keyed digest of a secret's plaintext; absent where the key is not at hand. */
export type SecretDigest = ((plaintext: Value) => string) | undefined;

/** Stands for a value that is not known yet, in JSON that is compared. */
export interface UnknownMark {
  readonly $berth: "unknown";
  /** `store.id`: names of resources and outputs. */
  readonly producers: readonly string[];
  /** What it will be, as the producer's schema says. */
  readonly type?: string;
}

/** Stands for a secret, in JSON that is compared; never shown with its digest. */
export interface SecretMark {
  readonly $berth: "secret";
  /** Absent where the key is not at hand, so that nobody can tell. */
  readonly digest?: string;
}

export function isUnknownMark(value: Json | undefined): value is UnknownMark & JsonObject {
  return isMark(value) && value["$berth"] === "unknown";
}

export function isSecretMark(value: Json | undefined): value is SecretMark & JsonObject {
  return isMark(value) && value["$berth"] === "secret";
}

function isMark(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && "$berth" in value;
}

/**
 * Plain JSON in which unknowns and secrets stand as marks, so that it can be compared and kept.
 * Takes desired values (with {@link Unknown} and {@link Secret}) as well as recorded ones (with
 * encrypted values). A value without any of them is shared with the input.
 */
export function opaque(value: Value, digest: SecretDigest): Json {
  return isPlain(value) ? value : marked(value, digest);
}

/** Whether nothing in a value is unknown or secret. Most values are, and nothing is made to tell. */
export function isPlain(value: Value): value is Json {
  if (typeof value !== "object" || value === null) return true;
  if (value instanceof Unknown || value instanceof Secret || isEncryptedValue(value)) return false;
  if (isList(value)) return value.every(isPlain);
  for (const key in value) if (!isPlain(value[key]!)) return false;
  return true;
}

function marked(value: Value, digest: SecretDigest): Json {
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof SealedSecret) return secretMark(value.digest);
  if (value instanceof Unknown) return encodeUnknown(value);
  if (value instanceof Secret) return secretMark(digest?.(value.reveal()));
  if (isEncryptedValue(value)) return secretMark(value.digest);
  if (isList(value)) return value.map((each) => marked(each, digest));
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, marked(each, digest)]));
}

function secretMark(digest: string | undefined): JsonObject {
  return digest === undefined ? { $berth: "secret" } : { $berth: "secret", digest };
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

/** What a value waits for: producers of unknowns, secrets that cannot be read. Sorted, without repetition; empty where all is known. */
export function reasonsForDoubt(value: Json | undefined): readonly string[] {
  const found = new Set<string>();
  collectDoubt(value, found);
  return [...found].toSorted();
}

function collectDoubt(value: Json | undefined, found: Set<string>): void {
  if (typeof value !== "object" || value === null) return;
  if (isUnknownMark(value)) {
    for (const each of value.producers) found.add(each);
  } else if (isSecretMark(value)) {
    if (value.digest === undefined) found.add(unreadableSecret);
  } else {
    for (const each of Array.isArray(value) ? value : Object.values(value)) collectDoubt(each, found);
  }
}

export const unreadableSecret = "secret not readable";

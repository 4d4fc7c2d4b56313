import {
  type EncryptedValue,
  isEncryptedValue,
  type Json,
  type JsonObject,
  Secret,
  Unknown,
  type Value,
  type ValueObject,
} from "@berth/core";
import type { Secrets } from "./secrets.ts";

/**
 * Values as they are kept: each secret becomes ciphertext. One that `previous` holds already keeps the
 * ciphertext it has there, so that nothing is written where nothing changed.
 *
 * @throws BERTH4020, BERTH4021; TypeError for a value that is not known yet, which is a mistake of the caller
 */
export function seal(values: ValueObject, secrets: Secrets, previous: readonly Json[] = []): JsonObject {
  const known = new Map<string, EncryptedValue>();
  for (const json of previous) collect(json, known);
  const sealed = sealObject(values, (plaintext) => {
    const digest = known.size > 0 ? secrets.digest(plaintext) : undefined;
    return (digest !== undefined && known.get(digest)) || secrets.encrypt(plaintext);
  });
  return sealed;
}

/**
 * Kept values as they were: ciphertext becomes {@link Secret} again. Where it cannot be read, what
 * `unreadable` answers stands in its place; by default the ciphertext itself.
 */
export function unseal(
  json: JsonObject,
  secrets: Secrets,
  unreadable: UnreadableSecret = (value) => ({ ...value }),
): ValueObject {
  return unsealObject(json, secrets, unreadable, []);
}

/** What stands for a secret that cannot be read; `path` leads to it. */
export type UnreadableSecret = (value: EncryptedValue, path: readonly (string | number)[]) => Value;

/** The plaintext of a value, secrets inside it included. */
export function plainJson(value: Value): Json {
  if (value instanceof Secret) return plainJson(value.reveal());
  if (value instanceof Unknown) throw new TypeError("a value that is not known yet cannot be kept");
  if (typeof value !== "object" || value === null) return value;
  if (isList(value)) return value.map(plainJson);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plainJson(each)]));
}

type Encrypt = (plaintext: Json) => EncryptedValue;

function sealValue(value: Value, encrypt: Encrypt): Json {
  if (value instanceof Secret) return { ...encrypt(plainJson(value)) };
  if (value instanceof Unknown) throw new TypeError("a value that is not known yet cannot be kept");
  if (typeof value !== "object" || value === null) return value;
  return isList(value) ? value.map((each) => sealValue(each, encrypt)) : sealObject(value, encrypt);
}

function sealObject(value: ValueObject, encrypt: Encrypt): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, sealValue(each, encrypt)]));
}

function unsealValue(
  json: Json,
  secrets: Secrets,
  unreadable: UnreadableSecret,
  path: readonly (string | number)[],
): Value {
  if (typeof json !== "object" || json === null) return json;
  if (isEncryptedValue(json)) {
    const plaintext = secrets.decrypt(json);
    return plaintext === undefined ? unreadable(json, path) : new Secret(plaintext);
  }
  if (isJsonList(json))
    return json.map((each, index) => unsealValue(each, secrets, unreadable, [...path, index]));
  return unsealObject(json, secrets, unreadable, path);
}

function unsealObject(
  json: JsonObject,
  secrets: Secrets,
  unreadable: UnreadableSecret,
  path: readonly (string | number)[],
): ValueObject {
  return Object.fromEntries(
    Object.entries(json).map(([key, each]) => [key, unsealValue(each, secrets, unreadable, [...path, key])]),
  );
}

function collect(json: Json, known: Map<string, EncryptedValue>): void {
  if (typeof json !== "object" || json === null) return;
  if (isEncryptedValue(json)) known.set(json.digest, json);
  else for (const each of isJsonList(json) ? json : Object.values(json)) collect(each, known);
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

function isJsonList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

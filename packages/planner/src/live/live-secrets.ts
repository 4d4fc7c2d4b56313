import {
  type EncryptedValue,
  isEncryptedValue,
  isValueObject,
  type Json,
  type JsonObject,
  Secret,
  Unknown,
  type Value,
  type ValueObject,
} from "@berth/core";
import { isList } from "../compare/opaque.ts";
import type { SecretReader } from "../request.ts";

/**
 * Secrets that were observed and not recorded. In records they stand as what is recorded does, known by their digest
 * and without a ciphertext: nothing here can encrypt, and nothing is written from here.
 */
export class LiveSecrets implements SecretReader {
  readonly #reader: SecretReader;
  readonly #plaintexts = new Map<string, Value>();

  constructor(reader: SecretReader) {
    this.#reader = reader;
  }

  digest(plaintext: Value): string {
    return this.#reader.digest(plaintext);
  }

  decrypt(value: EncryptedValue): Value {
    return isLive(value) ? (this.#plaintexts.get(value.digest) ?? null) : this.#reader.decrypt(value);
  }

  /** As it stands in a record. What is recorded already is kept as it is. */
  keep(plaintext: Value, recorded?: Json): Json {
    const digest = this.digest(plaintext);
    if (recorded !== undefined && isEncryptedValue(recorded) && recorded.digest === digest) return recorded;
    this.#plaintexts.set(digest, plaintext);
    return { $berth: "secret", ciphertext: "", digest };
  }

  /** Values as they stand in a record. */
  kept(values: ValueObject): JsonObject {
    return Object.fromEntries(Object.entries(values).map(([key, each]) => [key, this.#kept(each)]));
  }

  #kept(value: Value): Json {
    if (value instanceof Secret) return this.keep(value.reveal());
    if (typeof value !== "object" || value === null) return value;
    if (value instanceof Unknown) return null;
    return isList(value) ? value.map((each) => this.#kept(each)) : this.kept(value);
  }

  /** What stands in a record, with secrets where it has none of a state's own ciphertexts. */
  opened(json: JsonObject): ValueObject {
    const opened = this.#opened(json);
    return isValueObject(opened) ? opened : {};
  }

  #opened(json: Json): Value {
    if (typeof json !== "object" || json === null) return json;
    if (isEncryptedValue(json)) return isLive(json) ? new Secret(this.decrypt(json)) : { ...json };
    if (Array.isArray(json)) return json.map((each: Json) => this.#opened(each));
    return Object.fromEntries(Object.entries(json).map(([key, each]) => [key, this.#opened(each)]));
  }
}

function isLive({ ciphertext }: EncryptedValue): boolean {
  return ciphertext === "";
}

import type { EncryptedValue, Json, SecretsKey } from "@berth/core";
import { BerthError, problem } from "@berth/diagnostics";
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, scryptSync } from "node:crypto";
import { canonicalJson } from "./canonical.ts";
import { stateCodes } from "./codes.ts";
import { keyFileAt, type KeySource } from "./key-file.ts";

/**
 * Encrypts a stack's secrets and tells whether two are equal. Deriving the key takes a moment
 * (scrypt), so it happens once and only when the first secret is met.
 */
export interface Secrets {
  /** The key in use, to be recorded with the state before the first secret; absent until there is one. */
  readonly key: SecretsKey | undefined;
  /** @throws BERTH4020 without a key, BERTH4021 with a wrong one */
  encrypt(plaintext: Json): EncryptedValue;
  /** `undefined`: not readable, because the key is not at hand or not the right one. */
  decrypt(value: EncryptedValue): Json | undefined;
  /**
   * Where a key is at hand that is not the right one, nothing can be told of any secret, and nobody would know why.
   *
   * @throws BERTH4021 then
   */
  refuseWrongKey(): void;
  /**
   * Keyed digest of a plaintext, equal to {@link EncryptedValue.digest} exactly if the plaintexts are
   * equal. `undefined`: it cannot be told without the key, or the stack has no secrets yet.
   */
  digest(plaintext: Json): string | undefined;
}

/** Where keys come from. */
export interface SecretsOptions {
  /** `StackState.secretsKey`; decides which source is used, once a stack has secrets. */
  readonly recorded: SecretsKey | undefined;
  /** `BERTH_PASSPHRASE`. A stack that has no secrets yet uses it when it is given, and the key file otherwise. */
  readonly passphrase: string | undefined;
  /** Path of the project's key file, `.berth/secrets.key`; made (0600) when a first secret needs it. Or what else keeps a key. */
  readonly keyFile: string | KeySource;
}

/** scrypt's cost: 32 MiB and about a quarter of a second (OWASP's N=2^15, r=8, p=3). */
const cost = { N: 2 ** 15, r: 8, p: 3, maxmem: 64 * 2 ** 20 };

interface Keys {
  readonly encryption: Buffer;
  readonly digest: Buffer;
}

/**
 * The secrets of one stack: AES-256-GCM with a nonce for each value, HMAC-SHA-256 for equality, both
 * keys derived (HKDF) from a passphrase (scrypt, salted for each stack) or from the project's key file.
 * Nothing is read or made before it is needed: a plan of a stack without secrets touches no key.
 *
 * @example
 * const secrets = openSecrets({ recorded: state.secretsKey, passphrase: process.env["BERTH_PASSPHRASE"], keyFile: ".berth/secrets.key" });
 * secrets.decrypt(secrets.encrypt("hunter2")); // "hunter2"
 */
export function openSecrets(options: SecretsOptions): Secrets {
  return new StackSecrets(options);
}

class StackSecrets implements Secrets {
  readonly #passphrase: string | undefined;
  readonly #keyFile: KeySource;
  #key: SecretsKey | undefined;
  #keys: Keys | "missing" | "wrong" | undefined;

  constructor({ recorded, passphrase, keyFile }: SecretsOptions) {
    this.#passphrase = passphrase;
    this.#keyFile = typeof keyFile === "string" ? keyFileAt(keyFile) : keyFile;
    this.#key = recorded;
  }

  get key(): SecretsKey | undefined {
    return this.#key;
  }

  encrypt(plaintext: Json): EncryptedValue {
    const keys = this.#key ? this.#recordedKeys() : this.#firstKeys();
    if (keys === "missing") throw secretsError("BERTH4020", this.#missing());
    if (keys === "wrong") throw this.#wrong();
    const text = canonicalJson(plaintext);
    const nonce = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", keys.encryption, nonce);
    const ciphertext = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
    const parts = [nonce, ciphertext, cipher.getAuthTag()].map((part) => part.toString("base64"));
    return { $berth: "secret", ciphertext: `v1:${parts.join(":")}`, digest: digestWith(keys.digest, text) };
  }

  decrypt(value: EncryptedValue): Json | undefined {
    const keys = this.#key && this.#recordedKeys();
    if (!keys || keys === "missing" || keys === "wrong") return undefined;
    const [version, nonce, ciphertext, tag] = value.ciphertext.split(":");
    if (version !== "v1" || nonce === undefined || ciphertext === undefined || tag === undefined)
      return undefined;
    try {
      const decipher = createDecipheriv("aes-256-gcm", keys.encryption, Buffer.from(nonce, "base64"), {
        authTagLength: 16,
      });
      decipher.setAuthTag(Buffer.from(tag, "base64"));
      const plaintext = Buffer.concat([decipher.update(Buffer.from(ciphertext, "base64")), decipher.final()]);
      const json: Json = JSON.parse(plaintext.toString("utf8"));
      return json;
    } catch {
      return undefined;
    }
  }

  digest(plaintext: Json): string | undefined {
    const keys = this.#key && this.#recordedKeys();
    return !keys || keys === "missing" || keys === "wrong"
      ? undefined
      : digestWith(keys.digest, canonicalJson(plaintext));
  }

  refuseWrongKey(): void {
    if (this.#key && this.#recordedKeys() === "wrong") throw this.#wrong();
  }

  #wrong(): BerthError {
    const name = this.#sourceName(this.#key!);
    return secretsError(
      "BERTH4021",
      `the ${name} is not the one that the stack's secrets are encrypted with`,
    );
  }

  #recordedKeys(): Keys | "missing" | "wrong" {
    this.#keys ??= this.#openRecorded(this.#key!);
    return this.#keys;
  }

  #openRecorded(key: SecretsKey): Keys | "missing" | "wrong" {
    const material = key.source === "passphrase" ? this.#passphrase : this.#keyFile.read();
    if (material === undefined || material === "") return "missing";
    const keys = derive(material, key.source, key.salt);
    return checkOf(keys) === key.check ? keys : "wrong";
  }

  #firstKeys(): Keys {
    const source = this.#passphrase ? "passphrase" : "file";
    const material = this.#passphrase || (this.#keyFile.read() ?? this.#keyFile.create());
    const salt = randomBytes(16).toString("base64");
    const keys = derive(material, source, salt);
    this.#key = { source, salt, check: checkOf(keys) };
    this.#keys = keys;
    return keys;
  }

  #missing(): string {
    return this.#key?.source === "passphrase"
      ? "BERTH_PASSPHRASE is not set, and the stack's secrets are encrypted with a passphrase"
      : `${this.#keyFile.name} does not exist, and the stack's secrets are encrypted with it`;
  }

  #sourceName(key: SecretsKey): string {
    return key.source === "passphrase" ? "passphrase in BERTH_PASSPHRASE" : `key file ${this.#keyFile.name}`;
  }
}

function derive(material: string, source: SecretsKey["source"], salt: string): Keys {
  const saltBytes = Buffer.from(salt, "base64");
  // The key file holds 256 random bits: there is nothing to guess, so nothing has to be slow.
  const root =
    source === "passphrase"
      ? scryptSync(material.normalize("NFKC"), saltBytes, 32, cost)
      : Buffer.from(material, "base64");
  const part = (use: string) => Buffer.from(hkdfSync("sha256", root, saltBytes, `berth ${use}`, 32));
  return { encryption: part("encryption"), digest: part("digest") };
}

function digestWith(key: Buffer, text: string): string {
  return createHmac("sha256", key).update(text).digest("hex");
}

function checkOf(keys: Keys): string {
  return digestWith(keys.digest, "berth check").slice(0, 32);
}

function secretsError(code: "BERTH4020" | "BERTH4021", message: string): BerthError {
  return new BerthError([problem(stateCodes[code], { message })]);
}

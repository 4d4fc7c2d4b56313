/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/**
 * A JSON value in which parts may not be known yet, or may be secret. This is what planner,
 * facets and providers' pure functions see; see {@link Unknown} and {@link Secret}.
 */
export type Value = null | boolean | number | string | readonly Value[] | ValueObject | Unknown | Secret;

/** An object of {@link Value}s. */
export interface ValueObject {
  readonly [key: string]: Value;
}

/**
 * What is not known before something has been applied: which resource makes it, and which of its outputs it is.
 *
 * @example new Unknown([{ urn: "urn:berth:dev:shop::acme:Database::orders", path: "host" }]).producers.length // 1
 */
export class Unknown {
  /** Sorted by URN and path, without repetition. Empty where the reason is an error that is reported elsewhere. */
  readonly producers: readonly Producer[];
  /** Whether it will be a secret once it is known. */
  readonly secret: boolean;
  /** What it will be, as the producer's schema says: `string`, `integer`, `object`; absent where nothing tells. */
  readonly type: string | undefined;

  constructor(producers: readonly Producer[], secret = false, type?: string) {
    this.producers = producers;
    this.secret = secret;
    this.type = type;
    if (new.target === Unknown) Object.freeze(this);
  }
}

/**
 * A secret that is at hand without its key: nobody can read it, but its keyed digest tells whether it is the one
 * that is recorded. What is made from it is unknown.
 *
 * @example new SealedSecret("the configuration value shop:token", "9f86d0…").secret // true
 */
export class SealedSecret extends Unknown {
  /** As in {@link EncryptedValue}, made with the key of the stack's state. */
  readonly digest: string;

  /**
   * @param source - the recorded output that it is; or, of what is none, its name in the words in which plans say what
   *   they do not know: `the configuration value shop:token`
   */
  constructor(source: Producer | string, digest: string) {
    super([typeof source === "string" ? { urn: source, path: "" } : source], true);
    this.digest = digest;
    Object.freeze(this);
  }
}

/** The output of a resource that an unknown waits for. */
export interface Producer {
  readonly urn: Urn;
  /** Property path in the producer's outputs; empty for "the resource as a whole". */
  readonly path: string;
}

/**
 * A value that must not be seen. It is held in memory only; the state keeps ciphertext and a
 * keyed digest. Converting it to text or JSON throws, so that a leak is an error, not a line in a log.
 *
 * @example new Secret("hunter2").reveal() // "hunter2"
 */
export class Secret {
  readonly #value: Value;

  constructor(value: Value) {
    this.#value = value instanceof Secret ? value.#value : value;
    Object.freeze(this);
  }

  /** The plaintext, for the moment in which a provider sends it. */
  reveal(): Value {
    return this.#value;
  }

  toJSON(): never {
    throw new TypeError("a secret must not be turned into JSON");
  }

  toString(): never {
    throw new TypeError("a secret must not be turned into text");
  }
}

/**
 * The identity of a resource in a stack:
 * `urn:berth:{stack}:{project}::{type}::{path}`, where the path is the logical names from the
 * outermost component to the resource, joined by `/`.
 *
 * @example `urn:berth:dev:aks-store::kubernetes:Deployment::store-front/store-front`
 */
export type Urn = string;

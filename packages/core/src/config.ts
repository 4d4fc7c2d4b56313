import { BerthError, type CodeEntry, problem } from "@berth/diagnostics";
import { coreCodes } from "./codes.ts";
import { activeContext } from "./context.ts";
import { type Json, Secret, Unknown, type Value } from "./json.ts";
import { outputOf } from "./output-handle.ts";
import type { Output } from "./output-type.ts";
import { siteOfCall } from "./site.ts";
import { secretOf } from "./value.ts";

/**
 * The stack's configuration inside a program. Values that are missing or wrong stop the program at once.
 *
 * @example
 * const config = new Config();
 * const replicas = config.getNumber("replicas") ?? 2;
 * const token = config.requireSecret("token");
 */
export class Config {
  readonly #values: Readonly<Record<string, Value>>;
  readonly #namespace: string;

  /**
   * @param namespace - whose values: the project's own by default, `azure` for `azure:location`
   * @throws BERTH1006 outside a program
   */
  constructor(namespace?: string) {
    const context = activeContext();
    if (!context) throw refusal(coreCodes.BERTH1006, "new Config(), but no program is running here", Config);
    this.#values = context.config;
    this.#namespace = namespace ?? context.project;
  }

  /** Text; numbers and booleans as text too. `undefined` where there is none. @throws BERTH1025 */
  get(key: string): string | undefined {
    const value = this.#plain(key, this.get);
    if (value === undefined || typeof value === "string") return value;
    if (typeof value === "number" || typeof value === "boolean") return String(value);
    throw this.#wrong(key, "text", this.get);
  }

  /** @throws BERTH1024, BERTH1025 */
  require(key: string): string {
    return this.get(key) ?? this.#missing(key, this.require);
  }

  /** A number, also where it is written as text. @throws BERTH1025 */
  getNumber(key: string): number | undefined {
    const value = this.#plain(key, this.getNumber);
    if (value === undefined || typeof value === "number") return value;
    const number = typeof value === "string" && value.trim() !== "" ? Number(value) : Number.NaN;
    if (Number.isFinite(number)) return number;
    throw this.#wrong(key, "a number", this.getNumber);
  }

  /** @throws BERTH1024, BERTH1025 */
  requireNumber(key: string): number {
    return this.getNumber(key) ?? this.#missing(key, this.requireNumber);
  }

  /** `true` or `false`, also where it is written as text. @throws BERTH1025 */
  getBoolean(key: string): boolean | undefined {
    const value = this.#plain(key, this.getBoolean);
    if (value === undefined || typeof value === "boolean") return value;
    if (value === "true" || value === "false") return value === "true";
    throw this.#wrong(key, "true or false", this.getBoolean);
  }

  /** @throws BERTH1024, BERTH1025 */
  requireBoolean(key: string): boolean {
    return this.getBoolean(key) ?? this.#missing(key, this.requireBoolean);
  }

  /** Any JSON. @throws BERTH1025 where it is secret */
  getObject(key: string): Json | undefined {
    return this.#plain(key, this.getObject);
  }

  /** @throws BERTH1024, BERTH1025 */
  requireObject(key: string): Json {
    return this.getObject(key) ?? this.#missing(key, this.requireObject);
  }

  /** A value as an output that stays secret, whether it was stored as a secret or not. */
  getSecret(key: string): Output<string> | undefined {
    const value = this.#value(key);
    if (value === undefined) return undefined;
    const hidden = secretOf(value);
    return outputOf<string>({ kind: "value", value: hidden, parts: [], sources: [] });
  }

  /** @throws BERTH1024 */
  requireSecret(key: string): Output<string> {
    return this.getSecret(key) ?? this.#missing(key, this.requireSecret);
  }

  #value(key: string): Value | undefined {
    const full = this.#full(key);
    return Object.hasOwn(this.#values, full) ? this.#values[full] : undefined;
  }

  #plain(key: string, asked: CallableFunction): Json | undefined {
    const value = this.#value(key);
    if (!(value instanceof Secret || value instanceof Unknown)) return value as Json | undefined;
    throw refusal(
      coreCodes.BERTH1025,
      `the configuration value ${this.#full(key)} is secret: use requireSecret`,
      asked,
    );
  }

  #full(key: string): string {
    return key.includes(":") ? key : `${this.#namespace}:${key}`;
  }

  #wrong(key: string, wanted: string, asked: CallableFunction): BerthError {
    return refusal(
      coreCodes.BERTH1025,
      `the configuration value ${this.#full(key)} must be ${wanted}`,
      asked,
    );
  }

  #missing(key: string, asked: CallableFunction): never {
    const message = `the configuration value ${this.#full(key)} is missing`;
    throw refusal(coreCodes.BERTH1024, message, asked, `berth config set ${this.#full(key)} VALUE`);
  }
}

/**
 * Project and stack of the program that runs here. @throws BERTH1006 outside a program
 *
 * @example const { project, stack } = currentStack(); // "shop" and "dev"
 */
export function currentStack(): { readonly project: string; readonly stack: string } {
  const context = activeContext();
  if (!context)
    throw refusal(coreCodes.BERTH1006, "currentStack(), but no program is running here", currentStack);
  return { project: context.project, stack: context.stack };
}

function refusal(
  code: CodeEntry,
  message: string,
  asked: CallableFunction | NewableFunction,
  hint?: string,
): BerthError {
  const site = activeContext()?.mapSite(siteOfCall(asked));
  return new BerthError([problem(code, { message, ...(hint && { hint }), ...(site && { site }) })]);
}

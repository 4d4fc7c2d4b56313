import { type Json, Secret, Unknown, type Value } from "@berth/core";
import { BerthError, type Problem, problem } from "@berth/diagnostics";
import { engineCodes } from "./codes.ts";
import { TextSet } from "./text-set.ts";
import { TimedOut } from "./time-limit.ts";

const mask = "[secret]";
const withheld = "(the message is withheld: it may contain a secret)";

/** Shorter ones occur in any text, so that masking them would tell where, and what. */
const shortest = 4;

/**
 * Knows the secrets that an operation has seen and takes them out of texts that others wrote: errors
 * and progress of providers. Secrets are found as they are, in base64, percent-encoded and as a part
 * of JSON.
 */
export class Redactor {
  readonly #forms = new TextSet();
  readonly #short = new Set<string>();

  /** Remembers the secrets in a value. */
  learn(value: Value): void {
    if (value instanceof Secret) this.#learnPlain(value.reveal());
    else if (value instanceof Unknown || typeof value !== "object" || value === null) return;
    else for (const each of Array.isArray(value) ? value : Object.values(value)) this.learn(each);
  }

  /** The text without secrets. */
  text(text: string): string {
    for (const short of this.#short) if (text.includes(short)) return withheld;
    return this.#forms.replaceIn(text, mask);
  }

  /** JSON without secrets. A short one is masked only where it is a whole text. */
  json(value: Json): Json {
    if (typeof value === "string") return this.#short.has(value) ? mask : this.#forms.replaceIn(value, mask);
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map((each: Json) => this.json(each));
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, this.json(each)]));
  }

  problem(value: Problem): Problem {
    return {
      ...value,
      message: this.text(value.message),
      ...(value.hint !== undefined && { hint: this.text(value.hint) }),
    };
  }

  /** What was thrown as problems, without secrets; of an error without code only the message is kept. */
  problems(thrown: unknown, about: Pick<Problem, "resource" | "site">): readonly Problem[] {
    if (BerthError.is(thrown)) return thrown.problems.map((each) => ({ ...about, ...this.problem(each) }));
    if (thrown instanceof TimedOut) return [{ ...about, ...this.problem(thrown.problem) }];
    const message = thrown instanceof Error ? thrown.message : "something was thrown that is no error";
    return [problem(engineCodes.BERTH6006, { ...about, message: this.text(message) })];
  }

  #learnPlain(value: Value): void {
    if (value instanceof Secret) this.#learnPlain(value.reveal());
    else if (typeof value === "string" || typeof value === "number") this.#learnText(String(value));
    else if (typeof value === "object" && value !== null && !(value instanceof Unknown)) {
      for (const each of Array.isArray(value) ? value : Object.values(value)) this.#learnPlain(each);
    }
  }

  #learnText(text: string): void {
    if (text === "") return;
    if (text.length < shortest) {
      this.#short.add(text);
      return;
    }
    const bytes = Buffer.from(text);
    const base64 = bytes.toString("base64");
    const forms = [
      text,
      JSON.stringify(text).slice(1, -1),
      // Half a character has no such form, and must not end the operation.
      encodeURIComponent(bytes.toString()),
      base64,
      base64.replace(/=+$/, ""),
    ];
    // A text of several lines may be quoted line by line.
    const lines = text.split(/\r?\n/).filter((line) => line.length >= 2 * shortest);
    for (const form of [...forms, ...lines]) this.#forms.add(form);
  }
}

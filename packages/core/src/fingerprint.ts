import { createHash } from "node:crypto";
import { Secret } from "./json.ts";
import { isOutput, nodeOf } from "./output-handle.ts";
import { type OutputNode, partsOf } from "./output-node.ts";

/**
 * Fingerprints of what a program gave: equal for equal declarations, whatever is known of the values by now. An output
 * is told by how it is computed: whose property it is, and the text of the callbacks on the way. What a callback
 * captured from around it is not seen.
 *
 * They are made from plaintexts: whoever writes one down keys it first.
 *
 * @example
 * const fingerprints = new Fingerprints((plaintext) => redactor.learn(plaintext));
 * const before = fingerprints.of(resource.inputs);
 */
export class Fingerprints {
  readonly #seeSecret: (secret: Secret) => void;
  readonly #known = new Map<OutputNode, string>();

  /** @param seeSecret - called with each secret that is met */
  constructor(seeSecret: (secret: Secret) => void = () => {}) {
    this.#seeSecret = seeSecret;
  }

  /** SHA-256 in hexadecimal of JSON with outputs in it; functions count by their text. */
  of(given: unknown): string {
    return sha256(this.#text(given));
  }

  #text(given: unknown): string {
    if (typeof given === "function") return `function ${JSON.stringify(String(given))}`;
    if (given instanceof Secret) {
      this.#seeSecret(given);
      return `secret ${this.#text(given.reveal())}`;
    }
    if (isOutput(given)) return `output ${this.#node(nodeOf(given))}`;
    if (typeof given !== "object" || given === null) return JSON.stringify(given) ?? "undefined";
    if (Array.isArray(given)) return `[${given.map((each: unknown) => this.#text(each)).join()}]`;
    const members = Object.entries(given).filter(([, value]) => value !== undefined);
    const sorted = members.toSorted(([a], [b]) => (a < b ? -1 : 1));
    return `{${sorted.map(([key, value]) => `${JSON.stringify(key)}:${this.#text(value)}`).join()}}`;
  }

  /** Without recursion over nodes, so that the length of a chain of outputs does not matter. */
  #node(wanted: OutputNode): string {
    const open = [wanted];
    for (let node = open.at(-1); node; node = open.at(-1)) {
      const missing = this.#known.has(node) ? [] : partsOf(node).filter((each) => !this.#known.has(each));
      open.push(...missing);
      if (missing.length > 0) continue;
      if (!this.#known.has(node)) this.#known.set(node, sha256(this.#textOf(node)));
      open.pop();
    }
    return this.#known.get(wanted) ?? "";
  }

  #textOf(node: OutputNode): string {
    const known = (part: OutputNode): string => this.#known.get(part) ?? "";
    switch (node.kind) {
      case "property":
        return `property ${JSON.stringify([node.urn, node.path])}`;
      case "member":
        return `member ${JSON.stringify(node.key)} ${known(node.of)}`;
      case "value":
        return `value ${this.#text(node.value)}`;
      case "text":
        return `text ${JSON.stringify([node.strings, node.parts.map(known)])}`;
      case "apply":
        return `apply ${JSON.stringify(String(node.callback))} ${known(node.of)}`;
      case "secret": {
        const { of } = node;
        if (node.secret && of.kind === "value" && typeof of.value === "string")
          this.#seeSecret(new Secret(of.value));
        return `${node.secret ? "secret" : "plain"} ${known(of)}`;
      }
    }
  }
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

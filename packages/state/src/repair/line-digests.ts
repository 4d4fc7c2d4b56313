import type { Json } from "@berth/core";
import { isJsonObject, parseJson } from "../parse.ts";
import { lineDigest } from "../snapshot.ts";

type Section = "resources" | "superseded" | "pending";

/** Which lines a snapshot had when it was written, by their digests; each is taken once. */
export class LineDigests {
  readonly head: string;
  readonly #sections: Readonly<Record<Section, Map<string, number>>>;

  constructor(head: string, sections: Readonly<Record<Section, readonly string[]>>) {
    this.head = head;
    const { resources, superseded, pending } = sections;
    this.#sections = {
      resources: counted(resources),
      superseded: counted(superseded),
      pending: counted(pending),
    };
  }

  /** What a line holds, without what comes after it: a comma, the end of a list, the end of all. */
  memberIn(line: string): string {
    for (let length = line.length; length >= line.length - 3 && length > 0; length--) {
      const text = line.slice(0, length);
      const digest = lineDigest(text);
      if (digest === this.head || Object.values(this.#sections).some((each) => each.has(digest))) return text;
    }
    return line.replace(/[\],}]*$/, "}");
  }

  /** Whether such a line is still looked for; from now on it is not. */
  take(section: Section, digest: string): boolean {
    const counts = this.#sections[section];
    const count = counts.get(digest) ?? 0;
    if (count > 0) counts.set(digest, count - 1);
    return count > 0;
  }

  /** How many lines were not found. */
  left(): number {
    return Object.values(this.#sections)
      .flatMap((each) => [...each.values()])
      .reduce((sum, count) => sum + count, 0);
  }
}

/** Finds the digests among a snapshot's lines; `undefined` where they cannot be read. */
export function readLineDigests(lines: readonly string[]): LineDigests | undefined {
  const line = lines.find((each) => each.startsWith('"lines":')) ?? "";
  const value = parseJson(line.replace(/^"lines":/, "").replace(/,$/, ""));
  if (!isJsonObject(value)) return undefined;
  const { head, resources, superseded, pending } = value;
  if (typeof head !== "string" || !isListOfTexts(resources)) return undefined;
  if (!isListOfTexts(superseded) || !isListOfTexts(pending)) return undefined;
  return new LineDigests(head, { resources, superseded, pending });
}

function isListOfTexts(value: Json | undefined): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}

function counted(digests: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const each of digests) counts.set(each, (counts.get(each) ?? 0) + 1);
  return counts;
}

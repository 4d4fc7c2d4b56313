import {
  type Json,
  type JsonObject,
  pathOfUrn,
  type PendingOperation,
  type ResourceRecord,
  type StackState,
} from "@berth/core";
import { canonicalJson } from "../canonical.ts";
import { verifiedChecksum } from "../checksummed.ts";
import { inDependencyOrder } from "../order.ts";
import { isJsonObject, parseJson } from "../parse.ts";
import { isOperation, isRecord, isSecretsKey } from "../shape.ts";
import { decodeSnapshot, fenceOf, lineDigest, refuseForeign } from "../snapshot.ts";
import type { KeptSnapshot } from "../storage.ts";
import type { RepairFinding } from "./finding.ts";
import { type LineDigests, readLineDigests } from "./line-digests.ts";
import type { Base, RepairSubject } from "./repair-state.ts";

/**
 * Takes from the text of a snapshot each line that is, by its own digest, as it was written. What is not is looked
 * for in older snapshots: a line with the same digest is the same line. Nothing else is taken. `undefined`: not even
 * the digests can be read, so nothing can be told.
 */
export function salvageSnapshot(
  text: string,
  subject: RepairSubject,
  history: readonly KeptSnapshot[] = [],
): Base | undefined {
  const whole = withLinesAnew(text);
  if (whole !== undefined) {
    const message = "the digests of the snapshot's lines were changed; every record is as it was written";
    return { ...decodeSnapshot(whole, subject.snapshotName, subject), findings: [kept(message)] };
  }
  const lines = text.split("\n");
  const digests = readLineDigests(lines);
  if (!digests) return undefined;
  const salvage = new Salvage(digests);
  const damaged = lines.flatMap((line, index) => {
    const member = digests.memberIn(line);
    if (salvage.take(member) || index === 0 || line.length <= longestMarker || line.startsWith('"lines":'))
      return [];
    return [unreadable(member, index + 1)];
  });
  for (const { name, text: older } of salvage.isWhole ? [] : history) {
    for (const line of older.split("\n")) {
      const member = digests.memberIn(line);
      if (!salvage.take(member)) continue;
      const found = nameIn(member) ?? "the stack's outputs";
      salvage.findings.push(kept(`${found} was changed; ${name} has it as it was written`));
    }
  }
  return salvage.toBase(damaged, subject, statedChecksum(text));
}

class Salvage {
  readonly findings: RepairFinding[] = [];
  readonly #digests: LineDigests;
  readonly #resources: ResourceRecord[] = [];
  readonly #superseded: ResourceRecord[] = [];
  readonly #pending: PendingOperation[] = [];
  #head: JsonObject | undefined;

  constructor(digests: LineDigests) {
    this.#digests = digests;
  }

  get isWhole(): boolean {
    return this.#head !== undefined && this.#digests.left() === 0;
  }

  /** Whether it is a line of the snapshot that was not found before. */
  take(member: string): boolean {
    const digest = lineDigest(member);
    if (digest === this.#digests.head) {
      const isNew = this.#head === undefined;
      this.#head ??= asObject(parseJson(`{${member}}`));
      return isNew;
    }
    const value = parseJson(member);
    if (isRecord(value) && this.#digests.take("resources", digest)) this.#resources.push(value);
    else if (isRecord(value) && this.#digests.take("superseded", digest)) this.#superseded.push(value);
    else if (isOperation(value) && this.#digests.take("pending", digest)) this.#pending.push(value);
    else return false;
    return true;
  }

  toBase(damaged: readonly RepairFinding[], subject: RepairSubject, checksum: string | undefined): Base {
    const findings = [...this.findings];
    const head = this.#head ?? {};
    const { project, stack, serial, outputs, secretsKey } = head;
    if (this.#head) refuseForeign({ project, stack }, subject, subject.snapshotName);
    else
      findings.push({
        what: "lost",
        message:
          "the stack's outputs and what names its secrets' key: the snapshot's first lines were changed",
      });
    const lost = this.#digests.left();
    if (lost > 0) findings.push(...damaged);
    if (lost > damaged.length)
      findings.push({
        what: "lost",
        message: `${lost - damaged.length} records that are not in the file any more`,
      });
    if (findings.length === 0)
      findings.push(kept("the snapshot was changed between its records; each of them is as it was written"));
    const superseded = this.#superseded;
    const state: StackState = {
      project: subject.project,
      stack: subject.stack,
      serial: Number.isSafeInteger(serial) ? Number(serial) : 0,
      outputs: asObject(outputs) ?? {},
      // What was found in an older snapshot came last.
      resources: inDependencyOrder(new Map(this.#resources.map((record) => [record.urn, record]))),
      ...(superseded.length > 0 && { superseded }),
      pending: this.#pending,
      ...(isSecretsKey(secretsKey) && { secretsKey }),
    };
    return { state, findings, checksum, fence: fenceOf(head) };
  }
}

/** The checksum that a snapshot says it has. */
export function statedChecksum(text: string): string | undefined {
  return /^\{"checksum":"([0-9a-f]{64})",/.exec(text)?.[1];
}

/** The text with the digests of its lines taken anew, where it is whole then. */
function withLinesAnew(text: string): string | undefined {
  const lines = text.split("\n");
  if (lines.length < 4) return undefined;
  const digests: Record<string, string[]> = { resources: [], superseded: [], pending: [] };
  let section: string[] | undefined;
  for (const line of lines) {
    const [, name] = /^"(resources|superseded|pending)":\[/.exec(line) ?? [];
    if (name !== undefined) section = digests[name];
    else if (section && line.startsWith("{")) section.push(lineDigest(line.replace(/(?:,|\],|\]\})$/, "")));
  }
  const head = lineDigest((lines[1] ?? "").replace(/,$/, ""));
  const candidate = lines.with(2, `"lines":${canonicalJson({ head, ...digests })},`).join("\n");
  return verifiedChecksum(candidate) === undefined ? undefined : candidate;
}

/** Beginnings and ends of lists have their own lines too; a record's line is longer. */
const longestMarker = 40;

function unreadable(member: string, number: number): RepairFinding {
  const urn = textIn(member, "urn");
  const id = textIn(member, "id");
  const name = urn === undefined ? `line ${number}` : pathOfUrn(urn);
  const known = id === undefined ? "" : `; its line says the id ${id}, which may be wrong`;
  return {
    what: "lost",
    ...(urn !== undefined && { urn }),
    message: `the record of ${name} was changed, and nobody can say where${known}. Where the thing still exists, take it into the stack again with \`berth import\``,
  };
}

function nameIn(member: string): string | undefined {
  const urn = textIn(member, "urn");
  return urn === undefined ? undefined : `the record of ${pathOfUrn(urn)}`;
}

/** The record's own, also where its line is no JSON any more. */
function textIn(member: string, field: "urn" | "id"): string | undefined {
  const value = asObject(parseJson(member))?.[field];
  return typeof value === "string" ? value : new RegExp(`"${field}":"([^"]+)"`).exec(member)?.[1];
}

function kept(message: string): RepairFinding {
  return { what: "kept", message };
}

function asObject(value: Json | undefined): JsonObject | undefined {
  return isJsonObject(value) ? value : undefined;
}

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
import { isJsonObject, parseJson } from "../parse.ts";
import { isOperation, isRecord, isSecretsKey } from "../shape.ts";
import { decodeSnapshot, lineDigest, refuseForeign } from "../snapshot.ts";
import type { RepairFinding } from "./finding.ts";

/** What of a snapshot is as it was written. */
export interface SalvagedSnapshot {
  readonly state: StackState;
  readonly findings: readonly RepairFinding[];
  /** The checksum that it was written with, where that can be told: a journal that names it belongs to it. */
  readonly checksum: string | undefined;
}

interface Digests {
  readonly head: string;
  readonly resources: Counted;
  readonly superseded: Counted;
  readonly pending: Counted;
}

type Counted = Map<string, number>;

/**
 * Takes from the text of a snapshot each line that is, by its own digest, as it was written. Nothing that
 * is not is taken. `undefined`: not even the digests can be read, so nothing can be told.
 */
export function salvageSnapshot(
  text: string,
  expected: { readonly project: string; readonly stack: string },
  file: string,
): SalvagedSnapshot | undefined {
  const whole = withLinesAnew(text);
  if (whole !== undefined) {
    const message = "the snapshot's digests of its lines were changed; every record is as it was written";
    return { ...decodeSnapshot(whole, file, expected), findings: [{ what: "kept", message }] };
  }
  const lines = text.split("\n");
  const digests = digestsIn(lines);
  if (!digests) return undefined;
  const findings: RepairFinding[] = [];
  const resources: ResourceRecord[] = [];
  const superseded: ResourceRecord[] = [];
  const pending: PendingOperation[] = [];
  let head: JsonObject | undefined;
  for (const [index, line] of lines.entries()) {
    const text = memberIn(line, digests);
    const value = parseJson(text);
    if (lineDigest(text) === digests.head) head = asObject(parseJson(`{${text}}`));
    else if (take(digests.resources, text) && isRecord(value)) resources.push(value);
    else if (take(digests.superseded, text) && isRecord(value)) superseded.push(value);
    else if (take(digests.pending, text) && isOperation(value)) pending.push(value);
    else if (index > 0 && line.length > longestMarker && !line.startsWith('"lines":'))
      findings.push(unreadable(value, text, index + 1));
  }
  const missing = left(digests.resources) + left(digests.superseded) + left(digests.pending);
  const gone = missing - findings.length;
  if (gone > 0)
    findings.push({
      what: "lost",
      message: `${gone} records are not in the file any more, not even in parts`,
    });
  const { project, stack, serial, outputs, secretsKey } = head ?? {};
  if (head) refuseForeign({ project, stack }, expected, file);
  if (!head)
    findings.push({
      what: "lost",
      message: "the first lines are damaged: the stack's outputs and the name of its secrets' key are lost",
    });
  const state: StackState = {
    project: expected.project,
    stack: expected.stack,
    serial: Number.isSafeInteger(serial) ? Number(serial) : 0,
    outputs: asObject(outputs) ?? {},
    resources,
    ...(superseded.length > 0 && { superseded }),
    pending,
    ...(isSecretsKey(secretsKey) && { secretsKey }),
  };
  if (findings.length === 0)
    findings.push({
      what: "kept",
      message: "the snapshot was changed between its records; each of them is as it was written",
    });
  return { state, findings, checksum: statedChecksum(text) };
}

/** The checksum that a snapshot says it has. */
export function statedChecksum(text: string): string | undefined {
  return /^\{"checksum":"([0-9a-f]{64})",/.exec(text)?.[1];
}

function digestsIn(lines: readonly string[]): Digests | undefined {
  const line = lines.find((each) => each.startsWith('"lines":'));
  const value = asObject(parseJson(line?.replace(/^"lines":/, "").replace(/,$/, "") ?? ""));
  if (!value) return undefined;
  const { head, resources, superseded, pending } = value;
  if (typeof head !== "string") return undefined;
  const [first, second, third] = [resources, superseded, pending].map(counted);
  return first && second && third
    ? { head, resources: first, superseded: second, pending: third }
    : undefined;
}

function counted(value: Json | undefined): Counted | undefined {
  if (!Array.isArray(value)) return undefined;
  const counts: Counted = new Map();
  for (const each of value) counts.set(String(each), (counts.get(String(each)) ?? 0) + 1);
  return counts;
}

/** The text with the digests of its lines taken anew, where it is whole then. */
function withLinesAnew(text: string): string | undefined {
  const lines = text.split("\n");
  const digests: Record<string, string[]> = { resources: [], superseded: [], pending: [] };
  let section: string[] | undefined;
  for (const line of lines) {
    const [, name] = /^"(resources|superseded|pending)":\[/.exec(line) ?? [];
    if (name !== undefined) section = digests[name];
    else if (section && line.startsWith("{")) section.push(lineDigest(line.replace(/(?:,|\],|\]\})$/, "")));
  }
  const head = lineDigest((lines[1] ?? "").replace(/,$/, ""));
  const anew = [...lines];
  anew[2] = `"lines":${canonicalJson({ head, ...digests })},`;
  const candidate = anew.join("\n");
  return verifiedChecksum(candidate) === undefined ? undefined : candidate;
}

/** Beginnings and ends of lists have their own lines too; a record's line is longer. */
const longestMarker = 40;

/** What a line holds, without what comes after it: a comma, the end of the list, the end of all. */
function memberIn(line: string, digests: Digests): string {
  for (let length = line.length; length >= line.length - 3 && length > 0; length--) {
    const text = line.slice(0, length);
    const digest = lineDigest(text);
    if (digest === digests.head) return text;
    if (digests.resources.has(digest) || digests.superseded.has(digest) || digests.pending.has(digest))
      return text;
  }
  return line.replace(/[\],}]*$/, "}");
}

function take(counts: Counted, text: string): boolean {
  const digest = lineDigest(text);
  const count = counts.get(digest) ?? 0;
  if (count === 0) return false;
  counts.set(digest, count - 1);
  return true;
}

function left(counts: Counted): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

function unreadable(value: Json | undefined, text: string, number: number): RepairFinding {
  const object = asObject(value);
  const urn = object?.["urn"] ?? /"urn":"([^"]+)"/.exec(text)?.[1];
  const id = object?.["id"] ?? /"id":"([^"]+)"/.exec(text)?.[1];
  const name = typeof urn === "string" ? pathOfUrn(urn) : `line ${number}`;
  const known = typeof id === "string" ? `; its line says the id ${id}, which may be wrong` : "";
  return {
    what: "lost",
    ...(typeof urn === "string" && { urn }),
    message: `the record of ${name} was changed, and nobody can say where${known}. Where the thing still exists, take it into the stack again with \`berth import\``,
  };
}

function asObject(value: Json | undefined): JsonObject | undefined {
  return isJsonObject(value) ? value : undefined;
}

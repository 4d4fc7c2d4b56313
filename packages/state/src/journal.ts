import type { JsonObject, StackState } from "@berth/core";
import { canonicalJson } from "./canonical.ts";
import { verifiedChecksum, withChecksum } from "./checksummed.ts";
import { stateCodes } from "./codes.ts";
import { damaged, stateError } from "./damage.ts";
import { isJournalEntry, type JournalEntry, journalEntryKinds } from "./journal-entry.ts";
import { newestVersion } from "./migration.ts";
import { isJsonObject, parseJson } from "./parse.ts";
import { asJson } from "./shape.ts";
import { type DecodedSnapshot, fenceOf, knownVersion, refuseInconsistent } from "./snapshot.ts";
import { StackTable } from "./stack-table.ts";

const format = "berth.journal";

/** What a journal continues: a snapshot, or nothing at all. */
export interface JournalBase {
  readonly serial: number;
  /** Checksum of the snapshot; empty where there was none. */
  readonly checksum: string;
}

/** A journal's end: the next line is chained to it. */
export interface JournalEnd {
  readonly sequence: number;
  readonly checksum: string;
}

/** What a journal comes to on top of its snapshot. */
export interface ReplayedJournal {
  readonly state: StackState;
  /** Fencing token of the lock under which it was begun; that of the snapshot where it does not count. */
  readonly fence: number;
  /** `undefined`: the journal belongs to an older snapshot or was torn before it began. */
  readonly end?: JournalEnd;
  /** Version of the format that it was written in; absent where nothing of it counts. */
  readonly version?: number;
}

/** First line of a journal. `fence` is the fencing token of the lock under which it is written. */
export function encodeJournalStart(
  base: JournalBase,
  fence: number,
): { readonly text: string; readonly end: JournalEnd } {
  const { text, checksum } = withChecksum(
    `${canonicalJson({ format, version: newestVersion, fence, base: { ...base } }).slice(1)}\n`,
  );
  return { text, end: { sequence: base.serial, checksum } };
}

/** One line: an entry, chained to the line before it, so that none can be changed, left out or moved. */
export function encodeJournalEntry(
  entry: JournalEntry,
  after: JournalEnd,
): { readonly text: string; readonly end: JournalEnd } {
  const sequence = after.sequence + 1;
  const { text, checksum } = withChecksum(
    `${canonicalJson({ sequence, entry: entryJson(entry) }).slice(1)}\n`,
    after.checksum,
  );
  return { text, end: { sequence, checksum } };
}

/**
 * Replays a journal on the snapshot that it continues.
 *
 * A last line that breaks off is what a crash leaves while a line is appended: it was never durable,
 * nobody relied on it, and it does not count. A journal of an older snapshot is what a crash leaves
 * between a snapshot and the removal of its journal: it is in the snapshot already. A journal whose
 * fencing token is lower than the snapshot's was written by somebody who had lost the lock: nobody was
 * told that it counts, and it does not. Everything else that is not as it was written is refused.
 */
export function replayJournal(text: string, file: string, snapshot: DecodedSnapshot): ReplayedJournal {
  const [first, ...rest] = wholeLines(text, file);
  const { state: before } = snapshot;
  if (first === undefined) return { state: before, fence: snapshot.fence };

  const { base, end: start, fence, version: found } = decodeJournalStart(first, file);
  if (fence < snapshot.fence) return { state: before, fence: snapshot.fence };
  const table = new StackTable(before);
  const stale = base.serial < before.serial;
  if (!stale && (base.serial !== before.serial || base.checksum !== snapshot.checksum)) {
    throw damaged(file, "it continues another snapshot than the one beside it");
  }
  let end = start;
  for (const [index, line] of rest.entries()) {
    const decoded = decodeJournalEntry(line, end, file, index + 2);
    end = decoded.end;
    if (!stale) table.apply(decoded.entry);
  }
  if (stale && end.sequence > before.serial)
    throw damaged(file, "it goes on beyond the snapshot beside it, which is not the one it continues");
  if (stale) return { state: before, fence };
  const state = table.state();
  refuseInconsistent(state, file);
  return { state, fence, end, version: found };
}

/** The lines, without a last one that is torn. One that only lacks its line break is whole. */
function wholeLines(text: string, file: string): readonly string[] {
  const parts = text.split("\n");
  const tail = parts.pop() ?? "";
  const lines = parts.map((line) => `${line}\n`);
  if (isJsonObject(parseJson(tail))) return [...lines, `${tail}\n`];
  // A torn line is the beginning of one. A line whose last byte was changed would be taken for it, if it were not looked at.
  if (isJsonObject(parseJson(tail.slice(0, -1))))
    throw damaged(file, `line ${lines.length + 1} does not end as it was written`);
  return lines;
}

/** First line of a journal, as it was read. */
export interface JournalStart {
  readonly base: JournalBase;
  readonly end: JournalEnd;
  readonly fence: number;
  readonly version: number;
}

/** Reads the first line. @throws BERTH4004, BERTH4005 */
export function decodeJournalStart(line: string, file: string): JournalStart {
  const value = parseJson(line);
  if (!isJsonObject(value) || value["format"] !== format)
    throw damaged(file, "line 1 is not the beginning of a journal");
  const found = knownVersion(value["version"], newestVersion, file);
  const checksum = verifiedChecksum(line);
  const base = value["base"];
  if (checksum === undefined || !isJsonObject(base))
    throw damaged(file, "line 1 does not match its checksum");
  const { serial, checksum: snapshot } = base;
  if (!Number.isSafeInteger(serial) || typeof serial !== "number" || typeof snapshot !== "string")
    throw damaged(file, "line 1 does not say which snapshot it continues");
  return {
    base: { serial, checksum: snapshot },
    end: { sequence: serial, checksum },
    fence: fenceOf(value),
    version: found,
  };
}

/** Reads a line that is chained to the one before it. @throws BERTH4004, BERTH4005 */
export function decodeJournalEntry(
  line: string,
  after: JournalEnd,
  file: string,
  number: number,
): { readonly entry: JournalEntry; readonly end: JournalEnd } {
  const checksum = verifiedChecksum(line, after.checksum);
  const value = checksum === undefined ? undefined : parseJson(line);
  if (checksum === undefined || !isJsonObject(value))
    throw damaged(file, `line ${number} does not match its checksum`);
  const { sequence, entry } = value;
  if (sequence !== after.sequence + 1)
    throw damaged(
      file,
      `line ${number} has number ${JSON.stringify(sequence)} where ${after.sequence + 1} was due`,
    );
  if (isJsonObject(entry) && typeof entry["kind"] === "string" && !journalEntryKinds.has(entry["kind"])) {
    throw stateError(
      stateCodes.BERTH4005,
      file,
      `line ${number} was made by a newer berth: this one does not know entries of kind ${JSON.stringify(entry["kind"])}`,
    );
  }
  if (!isJournalEntry(entry)) throw damaged(file, `line ${number} holds no whole entry`);
  return { entry, end: { sequence: after.sequence + 1, checksum } };
}

function entryJson(entry: JournalEntry): JsonObject {
  switch (entry.kind) {
    case "begin":
      return { kind: entry.kind, operation: asJson(entry.operation) };
    case "recorded":
    case "amended":
      return { ...entry, record: asJson(entry.record) };
    case "secrets-key":
      return { kind: entry.kind, key: { ...entry.key } };
    default:
      return entry;
  }
}

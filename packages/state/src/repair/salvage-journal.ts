import { type Json, pathOfUrn, type StackState } from "@berth/core";
import { BerthError } from "@berth/diagnostics";
import { stateCodes } from "../codes.ts";
import { decodeJournalEntry, decodeJournalStart, type JournalEnd } from "../journal.ts";
import { isJsonObject, parseJson } from "../parse.ts";
import { StackTable } from "../stack-table.ts";
import type { RepairFinding } from "./finding.ts";
import type { Base } from "./repair-state.ts";

/** What a damaged journal still comes to. */
export interface SalvagedJournal {
  readonly state: StackState;
  readonly findings: readonly RepairFinding[];
  readonly fence: number;
}

/**
 * Replays a journal up to the first line that is not as it was written, and says of each after it what is lost.
 * One whose fencing token is lower than the snapshot's does not count: nobody was told that it does.
 *
 * @throws BERTH4005 for a journal of a newer berth
 */
export function salvageJournal(text: string, file: string, base: Base): SalvagedJournal {
  const { state: snapshot, checksum } = base;
  const parts = text.split("\n");
  const tail = parts.pop() ?? "";
  const lines = isJsonObject(parseJson(tail)) ? [...parts, tail] : parts;
  const start = attempt(() => decodeJournalStart(`${lines[0] ?? ""}\n`, file));
  const fence = start?.fence ?? 0;
  if (lines.length === 0 || (start && fence < base.fence)) return { state: snapshot, findings: [], fence };
  if (!start) return { state: snapshot, findings: lostFrom(lines, 1, "its first line was changed"), fence };
  const { serial, checksum: continued } = start.base;
  const isOwn =
    checksum === undefined ? serial === snapshot.serial || snapshot.serial === 0 : checksum === continued;
  // A journal of an older snapshot is in the newer one already, where it does not go beyond it.
  const isOlder = !isOwn && serial < snapshot.serial;
  if (!isOwn && !isOlder) return { state: snapshot, findings: lostFrom(lines, 1, foreign), fence };

  const table = new StackTable(isOwn ? { ...snapshot, serial } : snapshot);
  let end: JournalEnd = start.end;
  for (const [index, line] of lines.slice(1).entries()) {
    const after = end;
    const decoded = attempt(() => decodeJournalEntry(`${line}\n`, after, file, index + 2));
    const why = decoded ? foreign : `line ${index + 2} was changed`;
    if (!decoded || (isOlder && decoded.end.sequence > snapshot.serial))
      return { state: table.state(), findings: lostFrom(lines, index + 1, why), fence };
    if (isOwn) table.apply(decoded.entry);
    end = decoded.end;
  }
  return { state: table.state(), findings: [], fence };
}

const foreign = "it continues another snapshot than the one beside it";

/** `undefined` where it is damaged; what a newer berth made is not for this one to repair. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (BerthError.is(error) && error.problems[0]?.code === stateCodes.BERTH4005.code) throw error;
    if (BerthError.is(error)) return undefined;
    throw error;
  }
}

function lostFrom(lines: readonly string[], from: number, why: string): readonly RepairFinding[] {
  const lost = lines.slice(from).filter((line) => line.trim() !== "");
  if (lost.length === 0) return [{ what: "lost", message: `the journal: ${why}; nothing was after it` }];
  return [
    {
      what: "lost",
      message: `the journal: ${why}, so from there on nothing of it counts: ${lost.length} entries`,
    },
    ...lost.map((line, index) => lostEntry(line, from + index + 1)),
  ];
}

function lostEntry(line: string, number: number): RepairFinding {
  const value = parseJson(line);
  const entry = isJsonObject(value) ? value["entry"] : undefined;
  if (!isJsonObject(entry)) return { what: "lost", message: `line ${number}, which cannot be read` };
  const { kind, operation, record } = entry;
  const about = isJsonObject(operation) ? operation : isJsonObject(record) ? record : entry;
  const urn = about["urn"] ?? about["from"];
  const name = typeof urn === "string" ? ` of ${pathOfUrn(urn)}` : "";
  const action = isJsonObject(operation)
    ? ` (${plain(operation["action"])}${idText(operation["operationKey"], "operation key")})`
    : "";
  const id = isJsonObject(record) ? idText(record["id"], "id") : "";
  return {
    what: "lost",
    ...(typeof urn === "string" && { urn }),
    message: `line ${number}: "${plain(kind)}"${name}${action}${id}`,
  };
}

function idText(value: Json | undefined, what: string): string {
  return typeof value === "string" ? `, ${what} ${value}` : "";
}

function plain(value: Json | undefined): string {
  return typeof value === "string" ? value : "unknown";
}

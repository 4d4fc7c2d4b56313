import type { Json, StackState } from "@berth/core";
import { BerthError } from "@berth/diagnostics";
import { verifiedChecksum } from "../checksummed.ts";
import { stateCodes } from "../codes.ts";
import { stateError } from "../damage.ts";
import { isJsonObject, parseJson } from "../parse.ts";
import { decodeSnapshot } from "../snapshot.ts";
import type { KeptSnapshot } from "../storage.ts";
import type { RepairFinding } from "./finding.ts";
import { inconsistentSnapshot } from "./inconsistent-snapshot.ts";
import { mend } from "./mend.ts";
import { salvageJournal } from "./salvage-journal.ts";
import { salvageSnapshot, statedChecksum } from "./salvage-snapshot.ts";

/** What there is of a state. */
export interface RepairTexts {
  readonly snapshot: string | undefined;
  readonly journal: string | undefined;
  /** Older snapshots that were kept, the newest first. */
  readonly history?: readonly KeptSnapshot[];
}

/** Whose state it is, and how its files are called in messages. */
export interface RepairSubject {
  readonly project: string;
  readonly stack: string;
  readonly snapshotName: string;
  readonly journalName: string;
}

/** What a repair comes to. */
export interface RepairedState {
  /** Whole: it breaks no invariant. */
  readonly state: StackState;
  /** The highest fencing token that is recorded; 0 where none is. */
  readonly fence: number;
  /** Everything that it differs in from what was recorded, and damage that cost nothing. Empty: nothing is wrong. */
  readonly findings: readonly RepairFinding[];
}

/**
 * What can be kept of a damaged state. Pure, and never a guess: a value is kept where a checksum says that it is as
 * it was written, and is lost where none does; what cannot stand is dropped and said.
 *
 * @throws BERTH4005 for a newer berth's, BERTH4006 for another stack's, BERTH4030 where nothing can be kept
 * @example
 * const { state, findings } = repairState({ snapshot, journal }, { project: "shop", stack: "dev", snapshotName, journalName });
 * for (const { what, message } of findings) console.log(what, message);
 */
export function repairState(texts: RepairTexts, subject: RepairSubject): RepairedState {
  const base = snapshotOf(texts, subject);
  const {
    state: replayed,
    findings: ofJournal,
    fence,
  } = texts.journal === undefined
    ? { state: base.state, findings: [], fence: base.fence }
    : salvageJournal(texts.journal, subject.journalName, base);
  const { state, findings: ofMending } = mend(replayed);
  return {
    state: { ...state, serial: Math.max(state.serial, lastSequence(texts.journal)) },
    fence: Math.max(base.fence, fence),
    findings: [...base.findings, ...ofJournal, ...ofMending],
  };
}

/** What a journal may continue. */
export interface Base {
  readonly state: StackState;
  readonly findings: readonly RepairFinding[];
  /** What a journal that continues it names; `undefined` where that cannot be told. */
  readonly checksum: string | undefined;
  /** Fencing token: a journal with a lower one does not count. 0 where it cannot be told. */
  readonly fence: number;
}

function snapshotOf(texts: RepairTexts, subject: RepairSubject): Base {
  const { snapshot: text } = texts;
  const file = subject.snapshotName;
  if (text === undefined) return missingSnapshot(texts, subject);
  try {
    return { ...decodeSnapshot(text, file, subject), findings: [] };
  } catch (error) {
    if (!isOf(error, stateCodes.BERTH4004.code, stateCodes.BERTH4007.code)) throw error;
  }
  if (verifiedChecksum(text) !== undefined) return inconsistentSnapshot(text, subject);
  const copy = copyOf(statedChecksum(text), texts, subject);
  if (copy) return copy;
  const salvaged = salvageSnapshot(text, subject, texts.history);
  if (salvaged) return salvaged;
  const older = newestCopy(texts, subject);
  if (older) return older;
  throw stateError(stateCodes.BERTH4030, file, "nothing of it can be told to be as it was written");
}

/** Only what its journal recorded is left of it. */
function missingSnapshot(texts: RepairTexts, subject: RepairSubject): Base {
  const empty: StackState = {
    project: subject.project,
    stack: subject.stack,
    serial: 0,
    resources: [],
    outputs: {},
    pending: [],
  };
  const start = parseJson(texts.journal?.split("\n")[0] ?? "");
  const base = isJsonObject(start) ? start["base"] : undefined;
  const continued = isJsonObject(base) ? base["checksum"] : undefined;
  if (texts.journal === undefined) {
    const older = newestCopy(texts, subject);
    if (older) return older;
  }
  if (typeof continued !== "string" || continued === "")
    return { state: empty, checksum: "", fence: 0, findings: [] };
  const copy = copyOf(continued, texts, subject);
  if (copy) return copy;
  const message = `${subject.snapshotName} is missing: of what it recorded, only what the journal says anew is kept`;
  return { state: empty, checksum: continued, fence: 0, findings: [{ what: "lost", message }] };
}

/** The same snapshot, kept elsewhere. */
function copyOf(
  checksum: string | undefined,
  { history = [] }: RepairTexts,
  subject: RepairSubject,
): Base | undefined {
  if (checksum === undefined) return undefined;
  for (const { name, text } of history) {
    if (statedChecksum(text) !== checksum) continue;
    const copy = intact(text, name, subject);
    if (copy)
      return {
        ...copy,
        findings: [{ what: "kept", message: `the snapshot is damaged; ${name} is a copy of it that is not` }],
      };
  }
  return undefined;
}

function newestCopy({ history = [] }: RepairTexts, subject: RepairSubject): Base | undefined {
  for (const { name, text } of history) {
    const copy = intact(text, name, subject);
    if (!copy) continue;
    const message = `the snapshot is gone or cannot be read: ${name}, of serial ${copy.state.serial}, takes its place, and what was recorded after it is lost`;
    return { ...copy, findings: [{ what: "lost", message }] };
  }
  return undefined;
}

function intact(text: string, name: string, subject: RepairSubject): Omit<Base, "findings"> | undefined {
  try {
    return decodeSnapshot(text, name, subject);
  } catch (error) {
    if (BerthError.is(error)) return undefined;
    throw error;
  }
}

/** The highest number that a line of the journal claims, so that no serial is given twice. */
function lastSequence(journal: string | undefined): number {
  let last = 0;
  for (const line of journal?.split("\n") ?? []) {
    const value = parseJson(line);
    const sequence: Json | undefined = isJsonObject(value) ? value["sequence"] : undefined;
    // A changed digit must not take the serial where no other can follow.
    if (Number.isSafeInteger(sequence) && Number(sequence) < 2 ** 40) last = Math.max(last, Number(sequence));
  }
  return last;
}

function isOf(error: unknown, ...codes: readonly string[]): boolean {
  return BerthError.is(error) && codes.includes(error.problems[0]?.code ?? "");
}

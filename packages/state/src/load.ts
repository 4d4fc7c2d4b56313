import type { StackState } from "@berth/core";
import { BerthError } from "@berth/diagnostics";
import { damaged } from "./damage.ts";
import { type JournalBase, type JournalEnd, replayJournal } from "./journal.ts";
import { newestVersion } from "./migration.ts";
import type { RepairedState } from "./repair/repair-state.ts";
import { examine } from "./repair/repair-stack.ts";
import { type DecodedSnapshot, decodeSnapshot } from "./snapshot.ts";
import type { StackStorage, StackTexts } from "./storage.ts";

/** A stack's state as read, and how the journal goes on from there. */
export interface LoadedState {
  readonly state: StackState;
  readonly base: JournalBase;
  /** The highest fencing token that is recorded; 0 where none is. */
  readonly fence: number;
  /** `undefined`: no journal has anything that is not in the snapshot. */
  readonly end: JournalEnd | undefined;
  readonly hasJournal: boolean;
  /** A part of it has an older format: it is written anew before anything is added. */
  readonly isOld: boolean;
}

/** Reads, verifies and replays. @throws BERTH4004 to BERTH4007; what `repair` would come to is their hint */
export async function loadState(
  storage: StackStorage,
  expected: { readonly project: string; readonly stack: string },
): Promise<LoadedState> {
  try {
    const texts = await storage.read();
    if (texts.snapshot === undefined && texts.journal === undefined) await refuseForgotten(storage);
    return loaded(texts, storage.snapshotName, expected);
  } catch (error) {
    throw await withRepair(error, storage, expected);
  }
}

function loaded(
  texts: StackTexts,
  snapshotName: string,
  expected: { readonly project: string; readonly stack: string },
): LoadedState {
  const empty: StackState = { ...expected, serial: 0, resources: [], outputs: {}, pending: [] };
  const snapshot: DecodedSnapshot =
    texts.snapshot === undefined
      ? { state: empty, checksum: "", fence: 0, version: newestVersion }
      : decodeSnapshot(texts.snapshot, snapshotName, expected);
  const base: JournalBase = { serial: snapshot.state.serial, checksum: snapshot.checksum };
  const { journal, journalName } = texts;
  const { version = newestVersion, ...replayed } =
    journal === undefined
      ? { state: snapshot.state, fence: snapshot.fence }
      : replayJournal(journal, journalName, snapshot);
  const isOld = Math.min(snapshot.version, version) < newestVersion;
  return { end: undefined, ...replayed, base, hasJournal: journal !== undefined, isOld };
}

/** A stack that was removed has no history; one whose snapshot was deleted has. Going on would begin anew beside it. */
async function refuseForgotten(storage: StackStorage): Promise<void> {
  const [newest] = await storage.readHistory();
  if (newest)
    throw damaged(storage.snapshotName, `it is missing, and older ones are kept, as ${newest.name}`);
}

/** A damaged state says what a repair would come to, so that nobody has to try it to know. */
async function withRepair(
  error: unknown,
  storage: StackStorage,
  expected: { readonly project: string; readonly stack: string },
): Promise<unknown> {
  const code = BerthError.is(error) ? error.problems[0]?.code : undefined;
  if (!BerthError.is(error) || (code !== "BERTH4004" && code !== "BERTH4007")) return error;
  try {
    const hint = repairHint(await examine(storage, expected));
    return new BerthError(error.problems.map((each) => ({ ...each, hint })));
  } catch (other) {
    const why = BerthError.is(other) ? other.problems[0]?.code : undefined;
    if (why === undefined) throw other;
    const hint = "nothing of it can be repaired: restore it from a backup";
    return why === "BERTH4030" ? new BerthError(error.problems.map((each) => ({ ...each, hint }))) : error;
  }
}

function repairHint({ state, findings }: RepairedState): string {
  const { length } = state.resources;
  const kept = `${length} ${length === 1 ? "resource" : "resources"}`;
  if (findings.every((each) => each.what === "kept"))
    return `\`berth state repair\` would lose nothing: it keeps all ${kept}`;
  return `\`berth state repair\` would keep ${kept}, but not everything: it shows what is lost, and asks`;
}

import { encodeSnapshot } from "../snapshot.ts";
import type { HeldStorage } from "../storage.ts";
import type { RepairFinding } from "./finding.ts";
import { type RepairedState, repairState } from "./repair-state.ts";

/** What became of a repair. */
export type RepairOutcome =
  /** Nothing was wrong. */
  | { readonly kind: "whole" }
  | { readonly kind: "refused"; readonly findings: readonly RepairFinding[] }
  | {
      readonly kind: "repaired";
      readonly findings: readonly RepairFinding[];
      /** The files as they were, under their new names. */
      readonly kept: readonly string[];
    };

/** What could be kept of a stack's state, as it is stored now. @throws what {@link repairState} throws */
export async function examine(
  storage: Pick<HeldStorage, "read" | "readHistory" | "snapshotName">,
  expected: { readonly project: string; readonly stack: string },
): Promise<RepairedState> {
  const { journalName, ...texts } = await storage.read();
  const { snapshotName } = storage;
  const { project, stack } = expected;
  const subject = { project, stack, snapshotName, journalName };
  return repairState({ ...texts, history: await storage.readHistory() }, subject);
}

/** Writes what could be kept, in one snapshot, once the damaged files are kept and somebody has said yes. */
export async function repairStack(
  storage: HeldStorage,
  { state, findings }: RepairedState,
  approve: (repaired: RepairedState) => Promise<boolean>,
): Promise<RepairOutcome> {
  if (findings.length === 0) return { kind: "whole" };
  if (!(await approve({ state, findings, fence: storage.fence }))) return { kind: "refused", findings };
  const kept = await storage.keepDamaged();
  const serial = state.serial + 1;
  const { text } = encodeSnapshot({ ...state, serial }, storage.snapshotName, storage.fence);
  await storage.writeSnapshot(text, { serial, replaced: undefined });
  await storage.removeJournal();
  return { kind: "repaired", findings, kept };
}

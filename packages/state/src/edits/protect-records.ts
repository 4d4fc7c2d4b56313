import type { ResourceRecord, Urn } from "@berth/core";
import type { StateSession } from "../backend.ts";
import { findRecord } from "./selection.ts";

/**
 * Protects recorded resources, or stops protecting them. The next `up` records what the program says again.
 *
 * @returns those for which that changed something
 * @throws BERTH4031, BERTH4032; then nothing is changed
 */
export async function protectRecords(
  session: StateSession,
  names: readonly string[],
  protect: boolean,
): Promise<readonly Urn[]> {
  const { state } = session;
  const records = new Map(names.map((name) => findRecord(state, name)).map((record) => [record.urn, record]));
  const changing = [...records.values()].filter((record) => record.protect !== protect);
  for (const record of changing) await session.amend({ ...record, protect } satisfies ResourceRecord);
  return changing.map(({ urn }) => urn);
}

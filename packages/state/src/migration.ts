import type { StackState } from "@berth/core";
import { StackTable } from "./stack-table.ts";

/**
 * Version of the format of snapshots and journals that this berth writes. It reads all before it.
 *
 * 1. Records, outputs, pending operations; only dependencies were held to an order.
 * 2. Superseded records and operations on them, moves, forgotten records, recorded options; everything
 *    that a record needs comes before it.
 */
export const newestVersion = 2;

/** Version 1 as version 2: in its order, and without what would close a cycle in it. */
export function fromVersion1(state: StackState): StackState {
  const table = new StackTable({ ...state, resources: [], pending: [] });
  for (const record of state.resources) table.apply({ kind: "amended", record });
  return { ...state, resources: table.state().resources };
}

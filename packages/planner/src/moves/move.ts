import type { Urn } from "@berth/core";

/** A recorded resource that goes by another URN from now on. Nothing is done to the thing itself. */
export interface Move {
  readonly from: Urn;
  readonly to: Urn;
  /** `alias`: the program says so; `content`: it is the same physical thing. */
  readonly by: "alias" | "content";
}

/** Moves by the URN at which each arrives. */
export type Moves = ReadonlyMap<Urn, Move>;

export const noMoves: Moves = new Map();

/** One after the other: where something was before the first, and where it is after the second. */
export function andThen(first: Moves, second: readonly Move[]): Moves {
  const all = new Map(first);
  const taken = new Map<Urn, Move | undefined>(second.map(({ from }) => [from, first.get(from)]));
  for (const from of taken.keys()) all.delete(from);
  for (const move of second) {
    const before = taken.get(move.from);
    const from = before?.from ?? move.from;
    if (from === move.to) all.delete(move.to);
    else all.set(move.to, { ...move, from });
  }
  return all;
}

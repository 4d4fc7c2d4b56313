import type { Urn } from "@berth/core";
import type { Plan } from "@berth/planner";
import type { StateSession } from "@berth/state";

/**
 * Records which resources go by another URN from now on, before anything is done to them. Whatever ends it in between,
 * the next plan finds the rest.
 */
export async function recordMoves({ changes }: Plan, session: StateSession): Promise<void> {
  const moves = new Map(
    changes.flatMap(({ urn, movedFrom }) => (movedFrom === undefined ? [] : [[movedFrom, urn] as const])),
  );
  for (const { from, to } of inSequence(moves, (urn) => session.record(urn) !== undefined))
    await session.move(from, to);
}

/**
 * One move at a time, each to where nothing is. What goes round in a circle is set aside first.
 *
 * @param moves - from where to where, all at once
 * @param isTaken - whether something is recorded there before the first move
 */
export function inSequence(
  moves: ReadonlyMap<Urn, Urn>,
  isTaken: (urn: Urn) => boolean,
): readonly { readonly from: Urn; readonly to: Urn }[] {
  const left = new Map(moves);
  const sequence: { readonly from: Urn; readonly to: Urn }[] = [];
  const move = (from: Urn, to: Urn): void => {
    left.delete(from);
    sequence.push({ from, to });
  };
  const followers = new Map([...moves].map(([from, to]) => [to, from]));
  for (const [start] of moves) {
    if (!left.has(start)) continue;
    // The chain of those that make room for it, the last of which goes first.
    const chain: Urn[] = [];
    let each: Urn | undefined = start;
    while (each !== undefined && left.has(each) && !chain.includes(each)) {
      chain.push(each);
      each = left.get(each);
    }
    const isCircle = each === start && chain.length > 0;
    const aside = `${start}~moving`;
    if (isCircle) {
      let number = 1;
      while (isTaken(`${aside}${number}`) || followers.has(`${aside}${number}`)) number++;
      sequence.push({ from: start, to: `${aside}${number}` });
      for (const next of chain.slice(1).toReversed()) move(next, moves.get(next) ?? next);
      left.delete(start);
      sequence.push({ from: `${aside}${number}`, to: moves.get(start) ?? start });
    } else {
      for (const next of chain.toReversed()) move(next, moves.get(next) ?? next);
    }
  }
  return sequence;
}

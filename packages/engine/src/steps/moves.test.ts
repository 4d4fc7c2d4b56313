import fc from "fast-check";
import { expect, test } from "vitest";
import { inSequence } from "./moves.ts";

test("whatever goes where, one at a time comes to the same as all at once, and nothing is moved onto anything", () => {
  const names = ["a", "b", "c", "d", "e", "f"];
  const permuted = fc.shuffledSubarray(names, { minLength: names.length });
  fc.assert(
    fc.property(fc.subarray(names), permuted, (recorded, targets) => {
      // A permutation, of which those that stay and those that are not recorded are no moves; what is in the way goes aside.
      const moves = new Map<string, string>();
      names.forEach((from, index) => {
        const to = targets[index]!;
        if (recorded.includes(from) && from !== to) moves.set(from, to);
      });
      const arriving = new Set(moves.values());
      for (const each of recorded) if (arriving.has(each) && !moves.has(each)) moves.set(each, `${each}~1`);

      const state = new Map(recorded.map((each) => [each, `what was ${each}`]));
      const expected = new Map(recorded.map((each) => [moves.get(each) ?? each, `what was ${each}`]));
      for (const { from, to } of inSequence(moves, (urn) => state.has(urn))) {
        expect([state.has(from), state.has(to)]).toEqual([true, false]);
        state.set(to, state.get(from)!);
        state.delete(from);
      }
      expect(Object.fromEntries(state)).toEqual(Object.fromEntries(expected));
    }),
  );
});

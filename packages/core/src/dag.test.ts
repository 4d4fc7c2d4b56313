import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Dag, orderOf } from "./dag.ts";

function dagOf(needs: readonly (readonly number[])[]): Dag {
  return { size: needs.length, needs: (index) => needs[index]! };
}

/** The slow and obvious way: the smallest position whose needs are all done, again and again. */
function slowOrder(needs: readonly (readonly number[])[]): readonly number[] | undefined {
  const done: number[] = [];
  while (done.length < needs.length) {
    const next = needs.findIndex((each, i) => !done.includes(i) && each.every((need) => done.includes(need)));
    if (next < 0) return undefined;
    done.push(next);
  }
  return done;
}

const anyGraph = fc
  .integer({ min: 1, max: 14 })
  .chain((size) =>
    fc.array(fc.uniqueArray(fc.nat(size - 1), { maxLength: 3 }), { minLength: size, maxLength: size }),
  );

describe("the order of a graph", () => {
  test("is the smallest possible, or there are real cycles", () => {
    fc.assert(
      fc.property(anyGraph, (needs) => {
        const expected = slowOrder(needs);
        const found = orderOf(dagOf(needs));
        if (expected) {
          expect(found).toEqual({ kind: "ordered", order: expected });
        } else {
          const cycles = found.kind === "cyclic" ? found.cycles : [];
          expect(cycles.length).toBeGreaterThan(0);
          expect(new Set(cycles.flat()).size).toBe(cycles.flat().length);
          for (const cycle of cycles) {
            cycle.forEach((each, i) => expect(needs[each]).toContain(cycle[(i + 1) % cycle.length]));
          }
          const without = needs.map((each) => each.filter((need) => !cycles.flat().includes(need)));
          expect(slowOrder(without)).toBeDefined();
        }
      }),
      { numRuns: 500 },
    );
  });

  test("is that of declaration where it fits", () => {
    expect(orderOf(dagOf([[], [0], [0, 1], []]))).toEqual({ kind: "ordered", order: [0, 1, 2, 3] });
    expect(orderOf(dagOf([[3], [], [0], []]))).toEqual({ kind: "ordered", order: [1, 3, 0, 2] });
    expect(orderOf(dagOf([]))).toEqual({ kind: "ordered", order: [] });
  });

  test("starts a cycle at its smallest position", () => {
    expect(orderOf(dagOf([[], [3], [1], [2]]))).toEqual({ kind: "cyclic", cycles: [[1, 3, 2]] });
    expect(orderOf(dagOf([[1], [0], [1], [4], [3]]))).toEqual({
      kind: "cyclic",
      cycles: [
        [0, 1],
        [3, 4],
      ],
    });
    expect(orderOf(dagOf([[0]]))).toEqual({ kind: "cyclic", cycles: [[0]] });
  });

  test("of chains and fans does not depend on the depth of the stack, and grows about as n does", () => {
    const chain = (size: number): Dag => ({ size, needs: (i) => (i + 1 < size ? [i + 1] : []) });
    const fan = (size: number): Dag => ({ size, needs: (i) => (i === 0 ? [] : [0]) });
    const timeOf = (dag: Dag): number => {
      const start = performance.now();
      expect(orderOf(dag).kind).toBe("ordered");
      return performance.now() - start;
    };
    for (const shape of [chain, fan]) {
      timeOf(shape(20_000));
      const small = Math.min(...[1, 2, 3].map(() => timeOf(shape(20_000))));
      expect(timeOf(shape(200_000))).toBeLessThan(Math.max(small, 2) * 60);
    }
  });
});

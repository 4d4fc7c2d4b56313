import { expect, test } from "vitest";
import { isMet, median } from "./bench.ts";
import { formatTable } from "./table.ts";

test.each([
  [[3, 1, 2], 2],
  [[4, 1, 3, 2], 2.5],
  [[7], 7],
])("the median of %j is %d", (values, expected) => {
  expect(median(values)).toBe(expected);
});

test("no values have no median", () => {
  expect(() => median([])).toThrow(RangeError);
});

test("a value on its target meets it; one that is no number does not", () => {
  const at = (value: number) => ({ name: "x", value, unit: "times", target: { atMost: 3 } });
  expect([2, 3, 3.01, Number.NaN].map((value) => isMet(at(value)))).toEqual([true, true, false, false]);
  expect(isMet({ ...at(5), target: { atLeast: 5 } })).toBe(true);
});

test("a table shows what was found beside what is to reach", () => {
  expect(
    formatTable([
      { name: "node -e 0", value: 38.123, unit: "ms" },
      { name: "berth --version", value: 4.2, unit: "times", target: { atMost: 3 } },
      { name: "Basic", value: 51_234.5, unit: "pods/s", target: { atLeast: 50_000 } },
    ]),
  ).toMatchInlineSnapshot(`
    "node -e 0          38.1  ms
    berth --version     4.2  times   at most 3        MISSED
    Basic            51,235  pods/s  at least 50,000  reached"
  `);
});

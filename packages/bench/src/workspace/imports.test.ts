import { expect, test } from "vitest";
import { importsOf } from "./imports.ts";

test.each([
  [`import "a";`, { specifier: "a", typeOnly: false, names: [] }],
  [`import a from "a";`, { specifier: "a", typeOnly: false, names: ["default"] }],
  [`import * as a from "a";`, { specifier: "a", typeOnly: false, names: ["*"] }],
  [`import { type A, b } from "a";`, { specifier: "a", typeOnly: false, names: ["A", "b"] }],
  [`import { type A } from "a";`, { specifier: "a", typeOnly: true, names: ["A"] }],
  [`import type { A } from "a";`, { specifier: "a", typeOnly: true, names: ["A"] }],
  [`export { b as c } from "a";`, { specifier: "a", typeOnly: false, names: ["b"] }],
  [`export type { B } from "a";`, { specifier: "a", typeOnly: true, names: ["B"] }],
  [`export * from "a";`, { specifier: "a", typeOnly: false, names: ["*"] }],
  [`await import("a");`, { specifier: "a", typeOnly: false, names: ["*"] }],
])("%s", (source, expected) => {
  expect(importsOf("x.ts", `\n${source}`)).toEqual([{ ...expected, line: 2 }]);
});

test("a source that does not parse is told", () => {
  expect(() => importsOf("x.ts", "import {")).toThrow("x.ts does not parse");
});

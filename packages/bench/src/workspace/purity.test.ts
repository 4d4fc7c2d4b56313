import { expect, test } from "vitest";
import { impuritiesOf } from "./purity.ts";

const found = (source: string): readonly string[] => impuritiesOf("x.ts", source).map((each) => each.what);

test.each([
  ["const now = Date.now();", ["Date.now"]],
  ["const now = new Date();", ["new Date()"]],
  ["const now = Date();", ["Date()"]],
  ["const n = Math.random();", ["Math.random"]],
  ["const home = process.env.HOME;", ["process"]],
  ["const all = { process };", ["process"]],
  ["const f = (at = performance.now()) => at;", ["performance"]],
  ["const env = globalThis['process'];", ["globalThis"]],
  ["class A { @at(Date.now()) declare readonly x: number }", ["Date.now"]],
  ["const n = (process as { pid: number }).pid;", ["process"]],
  [`import { readFile } from "node:fs";`, ["readFile of node:fs"]],
  [`import { createHash, randomUUID } from "node:crypto";`, ["randomUUID of node:crypto"]],
  [`import * as os from "node:os";`, ["* of node:os"]],
  [`const os = await import("node:os");`, ["* of node:os"]],
])("%s", (source, expected) => {
  expect(found(source)).toEqual(expected);
});

test.each([
  "const when = new Date(0).getTime() + Date.parse('2026-01-01');",
  "const p = step.process;",
  "const p = { process: 1, fetch() {} };",
  "function f({ process, a: [fetch = 1] }: X) { return process + fetch; }",
  "let x: typeof process;",
  `import type { Stats } from "node:fs";`,
  `import { createHash } from "node:crypto";`,
  `import { fetch } from "./fetch.ts"; fetch();`,
])("pure: %s", (source) => {
  expect(found(source)).toEqual([]);
});

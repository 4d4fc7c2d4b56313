import { expect, test } from "vitest";
import { readDuration } from "./duration.ts";

test.each([
  [90, 90],
  [0.5, 0.5],
  ["90s", 90],
  ["10m", 600],
  ["1h30m", 5400],
  ["1.5h", 5400],
  [604_800, 604_800],
])("%j is %d seconds", (given, seconds) => {
  expect(readDuration(given)).toBe(seconds);
});

test.each([
  0,
  -1,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  604_801,
  "",
  "0s",
  "10",
  "10x",
  "m10",
  "1m1h",
  " 1s",
  null,
  true,
  {},
])("%j is none", (given) => {
  expect(readDuration(given)).toBeUndefined();
});

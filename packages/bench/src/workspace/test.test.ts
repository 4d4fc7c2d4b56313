import { spawnSync } from "node:child_process";
import path from "node:path";
import { expect, test } from "vitest";
import { workspaceRoot } from "./rooms.ts";

function runFixtures(...filter: readonly string[]): { lastLine: string | undefined; status: number | null } {
  const script = path.join(import.meta.dirname, "test.ts");
  const root = path.join(workspaceRoot, "packages/bench/fixtures/test-run");
  const { stdout, status } = spawnSync(process.execPath, [script, "--root", root, ...filter], {
    encoding: "utf8",
  });
  return { lastLine: stdout.trimEnd().split("\n").at(-1), status };
}

test("what keeps tests from running counts as failed", () => {
  expect(runFixtures()).toEqual({ lastLine: "2 passed, 3 failed, 2 skipped", status: 1 });
});

test("success exits with 0", () => {
  expect(runFixtures("passing")).toEqual({ lastLine: "1 passed, 0 failed", status: 0 });
});

test("no test at all is a failure", () => {
  expect(runFixtures("no-such-file")).toEqual({ lastLine: "0 passed, 1 failed", status: 1 });
});

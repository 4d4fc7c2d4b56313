import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { workspaceRoot } from "./rooms.ts";

// A workspace with bootstrap.mjs and a pnpm that only notes that it ran and lays Node where the
// real one would. The real registry's turn is bootstrap.tools.test.ts.
const fakePnpm = `
import fs from "node:fs";
fs.appendFileSync("installs.log", process.argv.slice(2).join(" ") + "\\n");
if (fs.existsSync("broken")) process.exit(3);
await new Promise((resolve) => setTimeout(resolve, 300));
fs.mkdirSync("node_modules/node/bin", { recursive: true });
fs.rmSync("node_modules/node/bin/node", { force: true });
fs.symlinkSync(process.execPath, "node_modules/node/bin/node");
console.log("pnpm's progress");
`;

let root: string;

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "bootstrap-"));
  cpSync(path.join(workspaceRoot, "bootstrap.mjs"), path.join(root, "bootstrap.mjs"));
  writeFileSync(path.join(root, "package.json"), `{ "packageManager": "pnpm@1.2.3" }`);
  writeFileSync(path.join(root, "pnpm-lock.yaml"), "lockfileVersion: 9\n");
  const bin = path.join(root, ".tools/pnpm-1.2.3/node_modules/pnpm/bin");
  mkdirSync(bin, { recursive: true });
  writeFileSync(path.join(bin, "pnpm.mjs"), fakePnpm);
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

const start = (...args: readonly string[]): ChildProcess =>
  spawn(process.execPath, [path.join(root, "bootstrap.mjs"), ...args], { stdio: ["ignore", "pipe", "pipe"] });
const run = (...args: readonly string[]): { stdout: string; stderr: string; status: number | null } => {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [path.join(root, "bootstrap.mjs"), ...args],
    {
      encoding: "utf8",
    },
  );
  return { stdout, stderr, status };
};
const installs = (): number =>
  readFileSync(path.join(root, "installs.log"), "utf8").trimEnd().split("\n").length;

test("installs with progress on stderr once, then says nothing of its own", () => {
  const first = run("-p", "1 + 1");
  expect(first).toMatchObject({ stdout: "2\n", status: 0 });
  expect(first.stderr).toContain("bootstrap: installing");
  expect(first.stderr).toContain("pnpm's progress");
  expect(run("-p", "1 + 1")).toEqual({ stdout: "2\n", stderr: "", status: 0 });
  expect(installs()).toBe(1);
});

test("installs again when the lock file changed", () => {
  run();
  appendFileSync(path.join(root, "pnpm-lock.yaml"), "packages: {}\n");
  run();
  expect(installs()).toBe(2);
});

test("a failed install is a sentence, and the next run installs again", () => {
  writeFileSync(path.join(root, "broken"), "");
  expect(run("-p", "1")).toEqual({
    stdout: "",
    stderr: expect.stringMatching(
      /\nbootstrap: pnpm install failed \(exit code 3\); its messages are above\.\n$/,
    ),
    status: 1,
  });
  rmSync(path.join(root, "broken"));
  expect(run("-p", "1")).toMatchObject({ stdout: "1\n", status: 0 });
});

test("arguments and exit codes pass through", () => {
  expect(run("-e", "process.exit(Number(process.argv[1]))", "--", "42").status).toBe(42);
});

test("the workspace's Node and tools come first in the PATH", () => {
  const [first, second] = run("-p", "process.env.PATH").stdout.split(path.delimiter);
  expect([first, second]).toEqual([
    path.join(root, "node_modules/node/bin"),
    path.join(root, "node_modules/.bin"),
  ]);
});

test("of many at once, one installs and all run", async () => {
  const children = Array.from({ length: 6 }, () => start("-p", "'ran'"));
  const codes = await Promise.all(children.map(async (each) => (await once(each, "close"))[0]));
  expect(codes).toEqual([0, 0, 0, 0, 0, 0]);
  expect(installs()).toBe(1);
});

test("the lock of a process that died is taken over by one of many", async () => {
  const dead = spawnSync(process.execPath, ["-e", ""]).pid;
  writeFileSync(path.join(root, ".tools/install.lock"), String(dead));
  const children = Array.from({ length: 4 }, () => start());
  await Promise.all(children.map((each) => once(each, "close")));
  expect(installs()).toBe(1);
});

test.each([
  ["handles", "process.on('SIGINT', () => process.exit(5));", { code: 5, signal: null }],
  ["dies of", "", { code: null, signal: "SIGINT" }],
])("an interrupt reaches a program that %s it", async (_, handler, expected) => {
  run();
  const child = start("-e", `${handler} setInterval(() => {}, 1000); console.log("ready")`);
  if (child.stdout === null) throw new Error("no pipe");
  await once(child.stdout, "data");
  child.kill("SIGINT");
  const [code, signal] = await once(child, "close");
  expect({ code, signal }).toEqual(expected);
});

test("an interrupt ends the whole installation, and the next run installs", async () => {
  const child = start("-p", "1");
  if (child.stderr === null) throw new Error("no pipe");
  await once(child.stderr, "data");
  await vi.waitUntil(() => existsSync(path.join(root, "installs.log")));
  child.kill("SIGINT");
  expect(await once(child, "close")).toEqual([null, "SIGINT"]);
  expect(readdirSync(path.join(root, ".tools"))).toEqual(["pnpm-1.2.3"]);
  expect(run("-p", "1")).toMatchObject({ stdout: "1\n", status: 0 });
  expect(installs()).toBe(2);
});

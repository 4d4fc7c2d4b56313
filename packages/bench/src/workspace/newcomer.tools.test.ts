import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { workspaceRoot } from "./rooms.ts";

// The workspace as somebody meets it for the first time: an old Node, an empty HOME, an empty npm
// cache, and the registry.
const place = mkdtempSync(path.join(tmpdir(), "newcomer-"));
const home = path.join(place, "home");
const clone = path.join(place, "berth");

afterAll(() => rmSync(place, { recursive: true, force: true }));

/** The `bin` folder of a Node from the registry. */
function nodeFromRegistry(version: string): string {
  const prefix = path.join(place, `node-${version}`);
  execFileSync("npm", ["install", "--prefix", prefix, `node@${version}`], { stdio: "pipe" });
  return path.join(prefix, "node_modules/node/bin");
}

function git(...args: readonly string[]): string {
  return execFileSync("git", args, { cwd: clone, encoding: "utf8" });
}

function asNewcomer(bin: string, command: string, args: readonly string[]) {
  const { VITEST: _, NODE_OPTIONS: __, ...inherited } = process.env;
  const withoutNpm = Object.entries(inherited).filter(([name]) => !name.toLowerCase().startsWith("npm_"));
  const ownPath = (process.env["PATH"] ?? "")
    .split(path.delimiter)
    .filter((each) => !each.includes("node_modules"));
  const { stdout, stderr, status } = spawnSync(command, args, {
    cwd: clone,
    encoding: "utf8",
    env: {
      ...Object.fromEntries(withoutNpm),
      HOME: home,
      npm_config_cache: path.join(place, "npm-cache"),
      PATH: [bin, ...ownPath].join(path.delimiter),
    },
  });
  return { stdout, stderr, status };
}

describe("a fresh clone", () => {
  let node18: string;

  beforeAll(() => {
    mkdirSync(home);
    const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
      cwd: workspaceRoot,
      encoding: "utf8",
    });
    for (const file of listed.split("\0").filter(Boolean)) {
      cpSync(path.join(workspaceRoot, file), path.join(clone, file));
    }
    git("init", "--quiet");
    git("add", ".");
    git("-c", "user.name=newcomer", "-c", "user.email=", "commit", "--quiet", "--message", "A clone");
    node18 = nodeFromRegistry("18.20.8");
  });

  test.each(["12.22.12", "14.21.3", "16.20.2"])("Node %s is refused in a sentence", (version) => {
    expect(asNewcomer(nodeFromRegistry(version), "node", ["bootstrap.mjs"])).toEqual({
      stdout: "",
      stderr: `bootstrap: This workspace needs Node 18 or newer to start; this is Node v${version}.\n`,
      status: 1,
    });
  });

  test("one command under Node 18 installs everything and runs under Node 24", () => {
    const { stdout, stderr, status } = asNewcomer(node18, "node", ["bootstrap.mjs", "-p", "process.version"]);
    expect({ stdout, status }, stderr).toEqual({ stdout: "v24.21.0\n", status: 0 });
  });

  test("tests close with their count alone on the last line of everything that is printed", () => {
    const filter = "packages/diagnostics packages/bench/src/workspace/rooms.test.ts";
    const { stdout } = asNewcomer(node18, "sh", ["-c", `npm test ${filter} 2>&1`]);
    expect(stdout.trimEnd().split("\n").at(-1)).toMatch(/^\d+ passed, 0 failed$/);
  });

  test("git sees nothing of what was installed", () => {
    expect(git("status", "--porcelain")).toBe("");
  });
});

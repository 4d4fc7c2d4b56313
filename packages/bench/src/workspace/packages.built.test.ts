import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Manifest, packageFolders, readManifest, workspaceRoot } from "./rooms.ts";

// The packages as they are published, side by side in one node_modules outside of the workspace:
// nothing of the workspace's conditions and links is left.
const pnpmVersion = String(readManifest(".")["packageManager"]).replace("pnpm@", "");
const pnpm = path.join(workspaceRoot, `.tools/pnpm-${pnpmVersion}/node_modules/pnpm/bin/pnpm.mjs`);
const place = mkdtempSync(path.join(tmpdir(), "packed-"));
const published = packageFolders().filter((each) => readManifest(`packages/${each}`).private !== true);
const folderOf = (name: string): string => path.join(place, "node_modules", name);

function link(name: string, target: string): void {
  if (existsSync(folderOf(name))) return;
  mkdirSync(path.dirname(folderOf(name)), { recursive: true });
  symlinkSync(target, folderOf(name), "junction");
}

function manifestOf(room: string): Manifest {
  return JSON.parse(readFileSync(path.join(folderOf(`@berth/${room}`), "package.json"), "utf8")) as Manifest;
}

describe.skipIf(!existsSync(pnpm))("packed (needs the pnpm that `npm test` brings)", () => {
  beforeAll(() => {
    const filters = published.map((each) => `--filter=@berth/${each}`);
    const args = [pnpm, "--recursive", ...filters, "pack", "--pack-destination", place];
    execFileSync(process.execPath, args, { cwd: workspaceRoot, stdio: "pipe" });
    for (const room of published) {
      const target = folderOf(`@berth/${room}`);
      mkdirSync(target, { recursive: true });
      const tarball = path.join(
        place,
        `berth-${room}-${String(readManifest(`packages/${room}`)["version"])}.tgz`,
      );
      execFileSync("tar", ["-xzf", tarball, "--strip-components=1", "-C", target]);
    }
    for (const room of published) {
      for (const name of Object.keys(readManifest(`packages/${room}`).dependencies ?? {})) {
        if (!name.startsWith("@berth/"))
          link(name, path.join(workspaceRoot, "packages", room, "node_modules", name));
      }
    }
  });

  afterAll(() => rmSync(place, { recursive: true, force: true }));

  test.each(published)("%s holds what its exports name, the licence, and no tests", (room) => {
    const files = readdirSync(folderOf(`@berth/${room}`), { recursive: true, encoding: "utf8" });
    const entries = JSON.stringify(manifestOf(room).exports);
    const named = [...entries.matchAll(/"\.\/([^"]+\.\w+)"(?!:)/g)];
    expect(files).toEqual(expect.arrayContaining(["LICENSE", ...named.map((each) => each[1])]));
    expect(files.filter((each) => /\.(test|test-d|contract)\.|tsbuildinfo|fixtures/.test(each))).toEqual([]);
  });

  test.each(published)("%s depends on versions, not on the workspace", (room) => {
    const ranges = Object.values(manifestOf(room).dependencies ?? {});
    expect(ranges.filter((each) => !/^\d+\.\d+\.\d+$/.test(each))).toEqual([]);
  });

  test.each(published)("%s is imported by plain Node", (room) => {
    const program = `await import("@berth/${room}")`;
    const args = ["--input-type=module", "--eval", program];
    const { stderr, status } = spawnSync(process.execPath, args, { cwd: place, encoding: "utf8" });
    expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
  });
});

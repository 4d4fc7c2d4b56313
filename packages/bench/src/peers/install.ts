import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { workspaceRoot } from "../workspace/rooms.ts";

/** Where peers are installed, with a lock file of their own: nothing of berth depends on them. */
export const peersFolder = path.join(workspaceRoot, "packages/bench/peers");

/** Installs the peers as their lock file says, unless that was done already. Needs the npm registry. */
export function installPeers(progress: (line: string) => void): void {
  const lock = readFileSync(path.join(peersFolder, "pnpm-lock.yaml"), "utf8");
  const installed = path.join(peersFolder, "node_modules/.installed-lock.yaml");
  if (existsSync(installed) && readFileSync(installed, "utf8") === lock) return;
  progress("installing alchemy and cdk8s, 200 MB");
  const { packageManager }: { packageManager: string } = JSON.parse(
    readFileSync(path.join(workspaceRoot, "package.json"), "utf8"),
  );
  const isWindows = process.platform === "win32";
  execFileSync(
    isWindows ? "npm.cmd" : "npm",
    ["exec", "--yes", "--", packageManager, "install", "--frozen-lockfile", "--no-optional", "--silent"],
    { cwd: peersFolder, stdio: ["ignore", "ignore", "inherit"], shell: isWindows },
  );
  writeFileSync(installed, lock);
}

/** The version that the lock file names. */
export function versionOf(peer: string): string {
  const file = path.join(peersFolder, "node_modules", peer, "package.json");
  const { version }: { version: string } = JSON.parse(readFileSync(file, "utf8"));
  return version;
}

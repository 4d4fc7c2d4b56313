import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { workspaceRoot } from "./rooms.ts";

/**
 * Installs a folder that is no part of the workspace as its own lock file says, unless that was done
 * already. Needs the npm registry.
 */
export function installApart(folder: string, onStart: () => void): void {
  const lock = readFileSync(path.join(folder, "pnpm-lock.yaml"), "utf8");
  const installed = path.join(folder, "node_modules/.installed-lock.yaml");
  if (existsSync(installed) && readFileSync(installed, "utf8") === lock) return;
  onStart();
  const { packageManager }: { packageManager: string } = JSON.parse(
    readFileSync(path.join(workspaceRoot, "package.json"), "utf8"),
  );
  const isWindows = process.platform === "win32";
  execFileSync(
    isWindows ? "npm.cmd" : "npm",
    ["exec", "--yes", "--", packageManager, "install", "--frozen-lockfile", "--no-optional", "--silent"],
    { cwd: folder, stdio: ["ignore", "ignore", "inherit"], shell: isWindows },
  );
  writeFileSync(installed, lock);
}

import { execFileSync } from "node:child_process";
import { bundleCommand } from "./bundle.ts";
import { workspaceRoot } from "./rooms.ts";

/**
 * Builds what is out of date: the packages, and the command as one bundle. vitest's global setup of
 * the projects that test what is built, and `npm run build`.
 */
export async function setup(): Promise<void> {
  execFileSync("tsc", ["--build"], {
    cwd: workspaceRoot,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  await bundleCommand();
}

if (import.meta.main) await setup();

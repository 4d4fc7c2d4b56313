import { execFileSync } from "node:child_process";
import { workspaceRoot } from "./rooms.ts";

/** vitest's global setup of the projects that test what is built: builds what is out of date. */
export function setup(): void {
  execFileSync("tsc", ["--build"], {
    cwd: workspaceRoot,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
}

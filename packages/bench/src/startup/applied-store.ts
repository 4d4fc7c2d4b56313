import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { workspaceRoot } from "../workspace/rooms.ts";

const example = path.join(workspaceRoot, "examples/aks-store");

/** Runs `use` on a copy of the store's project whose stack `bench` has been applied; removes it after. */
export async function withAppliedStore<T>(command: string, use: (project: string) => Promise<T>): Promise<T> {
  const project = mkdtempSync(path.join(tmpdir(), "berth-bench-"));
  try {
    const own = new Set(["node_modules", ".berth", "dist"].map((each) => path.join(example, each)));
    cpSync(example, project, { recursive: true, filter: (source) => !own.has(source) });
    symlinkSync(path.join(example, "node_modules"), path.join(project, "node_modules"), "junction");
    execFileSync(process.execPath, [command, "up", "--yes", "--cwd", project, "--stack", "bench"], {
      stdio: "pipe",
    });
    return await use(project);
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
}

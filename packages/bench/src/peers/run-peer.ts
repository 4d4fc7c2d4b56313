import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Spent } from "../scale/spent.ts";
import { peersFolder } from "./install.ts";

/**
 * Runs a peer's script in a process of its own, under this Node, and returns what its phases
 * took. It sends no telemetry, and has a home of its own, so that it finds and leaves nothing in the user's.
 */
export function runPeer(
  script: "alchemy" | "cdk8s",
  args: readonly string[],
): Readonly<Record<string, Spent>> {
  const folder = mkdtempSync(path.join(tmpdir(), "berth-bench-"));
  try {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [path.join(peersFolder, `${script}.mjs`), folder, ...args],
      {
        cwd: folder,
        encoding: "utf8",
        env: {
          PATH: process.env["PATH"],
          HOME: folder,
          USERPROFILE: folder,
          DO_NOT_TRACK: "1",
          ALCHEMY_TELEMETRY_DISABLED: "1",
          ALCHEMY_CI_STATE_STORE_CHECK: "false",
        },
      },
    );
    if (status !== 0) throw new Error(`${script} ${args.join(" ")} exited with ${status}: ${stderr}`);
    const phases: Readonly<Record<string, Spent>> = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
    return phases;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

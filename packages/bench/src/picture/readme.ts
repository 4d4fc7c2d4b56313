/** Draws the picture of the README: what `berth preview` prints of the store, in a terminal's colours. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setup as build } from "../workspace/build.ts";
import { workspaceRoot } from "../workspace/rooms.ts";
import { terminalSvg } from "./terminal-svg.ts";

/** The picture that README.md shows. */
export const picture = path.join(workspaceRoot, "docs/preview.svg");

/** The picture as it would be drawn now; the command has to be built. */
export function drawn(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "berth-picture-"));
  try {
    for (const file of ["berth.yaml", "store.ts"])
      cpSync(path.join(workspaceRoot, "examples/aks-store", file), path.join(folder, file));
    const command = path.join(workspaceRoot, "packages/cli/dist/berth.js");
    const env = { PATH: process.env["PATH"], FORCE_COLOR: "1" };
    const output = execFileSync(process.execPath, [command, "preview"], {
      cwd: folder,
      encoding: "utf8",
      env,
    });
    return terminalSvg(`\u001b[1m$ berth preview\u001b[22m\n\n${output}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  await build();
  writeFileSync(picture, drawn());
}

/**
 * `npm run demo`: the store through the whole house, with the command that users have, in a
 * temporary folder: preview, up, an empty preview, an edit, destroy.
 */
import { spawn } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { styleText } from "node:util";
import { applyEdits, storeEdits } from "./demo/store-edits.ts";
import { setup as build } from "./workspace/build.ts";
import { workspaceRoot } from "./workspace/rooms.ts";

const command = join(workspaceRoot, "packages/cli/dist/berth.js");

await build();
const folder = await mkdtemp(join(tmpdir(), "berth-demo-"));
try {
  await cp(join(workspaceRoot, "examples/aks-store"), folder, {
    recursive: true,
    filter: (path) => !/node_modules|\.berth$/.test(path),
  });
  await demonstrate();
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function demonstrate(): Promise<void> {
  chapter("1. What would it take? The preview of Azure's quickstart store, before anything exists");
  await berth(2, "preview", "--detailed-exitcode");

  chapter("2. Make it so (on the local cloud), and look again: no change");
  await berth(0, "up", "--yes");
  await berth(0, "preview", "--detailed-exitcode");

  chapter(`3. An edit: ${storeEdits.map((edit) => edit.what).join(", ")}`);
  const program = join(folder, "store.ts");
  await writeFile(program, applyEdits(await readFile(program, "utf8"), storeEdits));
  await berth(2, "preview", "--detailed-exitcode");
  await berth(0, "up", "--yes");
  await berth(0, "preview", "--detailed-exitcode");

  chapter("4. Take it down: nothing is left");
  await berth(0, "destroy", "--yes");
  await berth(0, "stack", "show");
  console.log(
    styleText("green", "\nThe demo went through: previewed, applied, unchanged, edited, destroyed."),
  );
}

function chapter(title: string): void {
  console.log(`\n${styleText(["bold", "cyan"], `── ${title}`)}\n`);
}

/** Runs the built command and holds it to its exit code: a demo that goes wrong must not look right. */
async function berth(expected: number, ...words: string[]): Promise<void> {
  console.log(styleText("bold", `$ berth ${words.join(" ")}`));
  const child = spawn(process.execPath, [command, ...words], { cwd: folder, stdio: "inherit" });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  if (code !== expected) throw new Error(`berth ${words.join(" ")} exited with ${code}, not ${expected}`);
  console.log();
}

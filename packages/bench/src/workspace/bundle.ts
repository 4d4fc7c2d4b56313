import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { rolldown } from "rolldown";
import { packageFolders, readManifest, workspaceRoot } from "./rooms.ts";

/** Packages that programs import: they are entries of their own, so that programs share the bundle's copies. */
const forPrograms = ["core", "azure", "kubernetes"];

const dist = path.join(workspaceRoot, "packages/cli/dist");
const stamp = path.join(dist, "bundle/.stamp");

/**
 * Bundles the built command into `packages/cli/dist/berth.js` and chunks beside it: five hundred
 * small modules take longer to find than to run. Does nothing where the bundle is newer than what it is made of.
 */
export async function bundleCommand(): Promise<void> {
  if (isFresh()) return;
  rmSync(path.join(dist, "bundle"), { recursive: true, force: true });
  const inputs = forPrograms.map((room) => [
    room,
    path.join(workspaceRoot, "packages", room, "dist/index.js"),
  ]);
  const bundle = await rolldown({
    input: { berth: "virtual:berth", ...Object.fromEntries(inputs) },
    platform: "node",
    // A native module, and helpers that are found from the program's compiled code.
    external: [/^oxc-transform/, /^@oxc-project/],
    plugins: [
      {
        name: "entry",
        resolveId: (id) => (id === "virtual:berth" ? id : undefined),
        load: (id) => (id === "virtual:berth" ? entryText() : undefined),
      },
    ],
  });
  await bundle.write({
    dir: dist,
    format: "esm",
    entryFileNames: (chunk) => (chunk.name === "berth" ? "berth.js" : "bundle/[name].js"),
    chunkFileNames: "bundle/[name]-[hash].js",
  });
  await bundle.close();
  writeFileSync(stamp, "");
}

/** Says where the bundle's own packages are before any of them is loaded, then runs the command. */
function entryText(): string {
  const entries = forPrograms.map(
    (room) => `"@berth/${room}": new URL("./bundle/" + "${room}.js", import.meta.url).href`,
  );
  return `#!/usr/bin/env node
globalThis[Symbol.for("berth.own-packages")] = {
  version: ${JSON.stringify(readManifest("packages/cli")["version"])},
  entries: { ${entries.join(", ")} },
};
const { start } = await import(${JSON.stringify(path.join(dist, "start.js"))});
await start();
`;
}

/** The compiler writes `berth.js` too: whatever is newer than the stamp was not made by the bundler. */
function isFresh(): boolean {
  if (!existsSync(stamp)) return false;
  const made = statSync(stamp).mtimeMs;
  const files = packageFolders().flatMap((room) =>
    builtFiles(path.join(workspaceRoot, "packages", room, "dist")),
  );
  return files.every((file) => statSync(file).mtimeMs <= made);
}

function builtFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((each) => each.endsWith(".js") && !each.startsWith("bundle"))
    .map((each) => path.join(folder, each));
}

import { readFileSync } from "node:fs";
import path from "node:path";
import { installApart } from "../workspace/install-apart.ts";
import { workspaceRoot } from "../workspace/rooms.ts";

/** Where peers are installed, with a lock file of their own: nothing of berth depends on them. */
export const peersFolder = path.join(workspaceRoot, "packages/bench/peers");

/** Installs the peers as their lock file says, unless that was done already. Needs the npm registry. */
export function installPeers(progress: (line: string) => void): void {
  installApart(peersFolder, () => progress("installing alchemy and cdk8s, 200 MB"));
}

/** The version that the lock file names. */
export function versionOf(peer: string): string {
  const file = path.join(peersFolder, "node_modules", peer, "package.json");
  const { version }: { version: string } = JSON.parse(readFileSync(file, "utf8"));
  return version;
}

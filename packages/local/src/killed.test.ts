import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openLocalCloud } from "./local-cloud.ts";
import { openTestClient } from "./testing.ts";

const kills = process.env["BERTH_LONG"] === "1" ? 40 : 3;

/** Runs the writer until it has acknowledged some, kills it at a moment of its own, and returns what it acknowledged. */
async function writeAndKill(directory: string, count: number): Promise<string[]> {
  const script = join(import.meta.dirname, "fixtures/writer.ts");
  const child = spawn(process.execPath, ["--conditions=@berth/source", script, directory], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
    if (output.split("\n").length > count) child.kill("SIGKILL");
  });
  await new Promise((resolve) => child.on("close", resolve));
  return output.split("\n").slice(0, -1);
}

test(
  "a killed process leaves a cloud that holds all it acknowledged, whole, and that the next one takes over",
  { timeout: 120_000 },
  async () => {
    const directory = mkdtempSync(join(tmpdir(), "berth-killed-"));
    const acknowledged: string[] = [];
    for (let kill = 0; kill < kills; kill++) acknowledged.push(...(await writeAndKill(directory, 3 + kill)));
    const client = await openTestClient(await openLocalCloud({ directory }));
    const { items: deployments } = (await client.send("GET", "/apis/apps/v1/deployments")).body;
    const names = deployments.map((each: { metadata: { name: string } }) => each.metadata.name);
    expect(names).toEqual(expect.arrayContaining(acknowledged));
    const { items: pods } = (await client.send("GET", "/api/v1/pods")).body;
    expect(pods).toHaveLength(2 * names.length);
    const uids = [...deployments, ...pods].map((each: { metadata: { uid: string } }) => each.metadata.uid);
    expect(new Set(uids).size).toBe(uids.length);
    await client.cloud.close();
    rmSync(directory, { recursive: true });
  },
);

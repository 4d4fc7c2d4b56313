import type * as fs from "node:fs";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openLocalCloud } from "./local-cloud.ts";
import { openTestClient, testDeployment, testNode, testService } from "./testing.ts";

/** Writes until the disk is full; a write that does not fit is cut off, as real ones are. */
const disk = vi.hoisted(() => ({ room: Number.POSITIVE_INFINITY }));

vi.mock("node:fs", async (original) => {
  const real = await original<typeof fs>();
  const writeSync = (file: number, bytes: Buffer | string, ...rest: number[]) => {
    if (typeof bytes === "string") return real.writeSync(file, bytes);
    const [offset = 0, length = bytes.length, position = null] = rest;
    if (disk.room <= 0)
      throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    const fitting = Math.min(length, disk.room);
    disk.room -= fitting;
    return real.writeSync(file, bytes, offset, fitting, position);
  };
  return { ...real, writeSync };
});

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "berth-full-"));
});
afterEach(() => {
  disk.room = Number.POSITIVE_INFINITY;
  rmSync(directory, { recursive: true });
});

test("a request that the disk refuses fails with a code and changes nothing; the next one goes on", async () => {
  const client = await openTestClient(await openLocalCloud({ directory }));
  await client.create(testNode("n1"), testService("web"));
  const state = async () => {
    const paths = [
      "/api/v1/services",
      "/api/v1/pods",
      "/apis/apps/v1/deployments",
      "/apis/apps/v1/replicasets",
    ];
    return Promise.all(paths.map(async (path) => (await client.send("GET", path)).body));
  };
  const before = await state();
  for (const room of [0, 1, 7, 100, 1500]) {
    disk.room = room;
    await expect(
      client.send("POST", "/apis/apps/v1/namespaces/default/deployments", testDeployment("web", 2)),
    ).rejects.toThrow("BERTH5204");
    expect(await state()).toEqual(before);
  }
  disk.room = Number.POSITIVE_INFINITY;
  await client.create(testDeployment("web", 2));
  const after = await state();
  await client.cloud.close();
  const again = await openTestClient(await openLocalCloud({ directory }));
  expect((await again.send("GET", "/api/v1/pods")).body).toEqual(after[1]);
  await again.cloud.close();
});

test("a log that cannot be made shorter stays long, and loses nothing", async () => {
  const client = await openTestClient(await openLocalCloud({ directory }));
  const text = "x".repeat(100_000);
  const map = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "a", namespace: "default" },
    data: { text },
  };
  await client.create(map);
  for (let turn = 0; turn < 40; turn++) {
    // Room for this write, none for writing everything again.
    disk.room = turn < 30 ? 250_000 : Number.POSITIVE_INFINITY;
    const patch = { data: { turn: String(turn) } };
    const answer = await client.send(
      "PATCH",
      "/api/v1/namespaces/default/configmaps/a",
      patch,
      "application/merge-patch+json",
    );
    expect(answer.status).toBe(200);
  }
  await client.cloud.close();
  const again = await openTestClient(await openLocalCloud({ directory }));
  expect((await again.send("GET", "/api/v1/namespaces/default/configmaps/a")).body.data.turn).toBe("39");
  await again.cloud.close();
});

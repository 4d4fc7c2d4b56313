import { mkdtempSync, readFileSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openLocalCloud } from "./local-cloud.ts";
import { openTestClient, testDeployment, testNode, testService } from "./testing.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "berth-cloud-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

test("what a cloud holds is there when it is opened again, and its counters go on", async () => {
  const first = await openTestClient(await openLocalCloud({ directory }));
  await first.create(testNode("n1"), testService("web"), testDeployment("web", 2));
  const before = (await first.send("GET", "/api/v1/pods")).body;
  await first.cloud.close();

  const second = await openTestClient(await openLocalCloud({ directory }));
  expect((await second.send("GET", "/api/v1/pods")).body).toEqual(before);
  await second.create(testService("other"), testDeployment("other", 1));
  const { items } = (await second.send("GET", "/api/v1/pods")).body;
  const uids = items.map((each: { metadata: { uid: string } }) => each.metadata.uid);
  const addresses = items.map((each: { status: { podIP: string } }) => each.status.podIP);
  expect(new Set(uids).size).toBe(3);
  expect(new Set(addresses).size).toBe(3);
  await second.cloud.close();
});

test("one process at a time has it open, and others may look", async () => {
  const writer = await openTestClient(await openLocalCloud({ directory }));
  await expect(openLocalCloud({ directory })).rejects.toThrow("BERTH5201");
  const reader = await openTestClient(await openLocalCloud({ directory, readOnly: true }));
  expect((await reader.send("GET", "/api/v1/namespaces")).body.items).toHaveLength(4);
  await expect(reader.send("POST", "/api/v1/nodes", testNode("n1"))).rejects.toThrow("BERTH5205");
  await writer.cloud.close();
  await (await openLocalCloud({ directory })).close();
});

test("a write that the disk cut off never happened: neither the object nor what it led to", async () => {
  const first = await openTestClient(await openLocalCloud({ directory }));
  await first.create(testNode("n1"));
  await first.create(testDeployment("web", 3));
  await first.cloud.close();
  const log = join(directory, "cloud.log");
  truncateSync(log, readFileSync(log).length - 10);
  const second = await openTestClient(await openLocalCloud({ directory }));
  expect((await second.send("GET", "/api/v1/nodes")).body.items).toHaveLength(1);
  expect((await second.send("GET", "/apis/apps/v1/deployments")).body.items).toEqual([]);
  expect((await second.send("GET", "/api/v1/pods")).body.items).toEqual([]);
  await second.cloud.close();
});

test("requests that come together are answered one after another", async () => {
  const client = await openTestClient();
  await client.create(testNode("n1"));
  const names = Array.from({ length: 20 }, (_, index) => `web-${index}`);
  await Promise.all(names.map((name) => client.create(testService(name))));
  const { items } = (await client.send("GET", "/api/v1/namespaces/default/services")).body;
  const addresses = items.map((each: { spec: { clusterIP: string } }) => each.spec.clusterIP);
  expect(new Set(addresses).size).toBe(21);
});

test("the same requests give the same bytes", async () => {
  const run = async () => {
    const client = await openTestClient();
    await client.create(testNode("n1"), testNode("n2"), testService("web"), testDeployment("web", 3));
    await client.send("DELETE", "/api/v1/nodes/n2");
    return JSON.stringify((await client.send("GET", "/api/v1/pods")).body);
  };
  expect(await run()).toBe(await run());
});

test("a host that is nowhere in the cloud gets 502", async () => {
  const cloud = await openLocalCloud({ memory: true });
  expect((await cloud.transport(new Request("https://example.org/"))).status).toBe(502);
});

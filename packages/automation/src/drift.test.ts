import { declare } from "@berth/core";
import { type ApplyOperation, destroy, preview, up } from "@berth/engine";
import { type LocalCloud, openLocalCloud } from "@berth/local";
import { type Plan, planStack } from "@berth/planner";
import { memoryBackend, openSecrets } from "@berth/state";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { providersOver } from "./cloud.ts";
import { definitionsOf } from "./definitions.ts";
import { everything } from "./fixtures/everything.ts";
import { loadProgram } from "./loader/load-program.ts";

const subscription = "00000000-0000-4000-8000-000000000000";
const group = `/subscriptions/${subscription}/resourceGroups/store`;
const clusterId = `${group}/providers/Microsoft.ContainerService/managedClusters/store`;
const folder = mkdtempSync(join(tmpdir(), "berth-drift-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let cloud: LocalCloud;
let operation: ApplyOperation;

beforeEach(async () => {
  cloud = await openLocalCloud({ memory: true });
});
afterEach(() => cloud.close());

async function start(program: () => unknown = everything): Promise<void> {
  operation = operationOn(await declare({ project: "shop", stack: "dev" }, program));
  const { problems } = await up(operation);
  expect(problems).toEqual([]);
}

function operationOn(graph: ApplyOperation["graph"]): ApplyOperation {
  return {
    graph,
    definition: definitionsOf(graph),
    providers: providersOver(cloud.transport, subscription),
    backend: memoryBackend({ project: graph.project }),
    secrets: (recorded) =>
      openSecrets({ recorded, passphrase: undefined, keyFile: join(folder, "secrets.key") }),
    plan: planStack,
  };
}

const linesOf = ({ drift = [] }: Plan): readonly string[] =>
  drift.flatMap(({ name, type, kind, properties }) =>
    kind === "gone"
      ? [`${type} ${name} is gone`]
      : properties.map(({ path, before, after }) => `${name} ${path}: ${text(before)} → ${text(after)}`),
  );
const text = (value: unknown): string => (value === undefined ? "nothing" : JSON.stringify(value));

async function drift(): Promise<readonly string[]> {
  const { plan } = await preview({ ...operation, refresh: true });
  expect(plan.problems.filter((each) => each.severity === "error" || each.code === "BERTH6031")).toEqual([]);
  return linesOf(plan);
}

/** As a portal does: reads, changes, writes. */
async function editArm(path: string, change: (resource: Resource) => void): Promise<void> {
  const url = `https://management.azure.com${path}?api-version=2026-06-01`;
  const live = (await (await cloud.transport(new Request(url))).json()) as Resource;
  change(live);
  const answer = await cloud.transport(new Request(url, { method: "PUT", body: JSON.stringify(live) }));
  if (!answer.ok) throw new Error(await answer.text());
}

interface Resource {
  location?: string;
  tags: Record<string, string>;
  properties: Record<string, unknown>;
}

async function deleteArm(path: string): Promise<void> {
  const url = `https://management.azure.com${path}?api-version=2026-06-01`;
  const answer = await cloud.transport(new Request(url, { method: "DELETE" }));
  if (!answer.ok) throw new Error(await answer.text());
}

/** As kubectl does. */
async function kubectl(method: "PATCH" | "DELETE", path: string, body?: object): Promise<void> {
  const record = (await operation.backend.read("dev")).resources.find(
    (each) => each.type === "azure:ManagedCluster",
  );
  const azure = operation.providers(() => undefined).get("azure");
  const connection = record && (await azure?.connect?.(record));
  if (!connection) throw new Error("there is no cluster");
  const headers = { "content-type": "application/strategic-merge-patch+json" };
  const content = body === undefined ? {} : { body: JSON.stringify(body) };
  const request = new Request(connection.server + path, { method, headers, ...content });
  const answer = await connection.transport(request);
  if (!answer.ok) throw new Error(await answer.text());
}

const deployments = "/apis/apps/v1/namespaces/shop/deployments";
const core = "/api/v1/namespaces";

test("nothing that nobody touched is drift, of any type, and a second look says the same", async () => {
  await start();
  expect(await drift()).toEqual([]);
  const { plan } = await preview({ ...operation, refresh: true });
  expect([plan.changes, plan.steps]).toEqual([[], []]);
  const serial = (await operation.backend.read("dev")).serial;
  await up({ ...operation, refresh: true });
  expect((await operation.backend.read("dev")).serial, "nothing is written").toBe(serial);
});

test("nor is it in any example", async () => {
  const directory = join(import.meta.dirname, "../../../examples/aks-store");
  const graph = await loadProgram({
    directory,
    entry: "store.ts",
    project: "aks-store",
    stack: "dev",
    config: {},
  });
  operation = operationOn(graph);
  expect((await up(operation)).problems.filter((each) => each.severity === "error")).toEqual([]);
  expect(await drift()).toEqual([]);
});

const secretMark = '{"$berth":"secret"}';

describe("an edit from outside is seen as exactly that, taken back, and then there is none", () => {
  test.each<[string, () => Promise<void>, readonly string[]]>([
    [
      "kubectl scale",
      () => kubectl("PATCH", `${deployments}/web`, { spec: { replicas: 5 } }),
      ["web spec.replicas: 2 → 5"],
    ],
    [
      "kubectl set image and env",
      () =>
        kubectl("PATCH", `${deployments}/web`, {
          spec: {
            template: {
              spec: {
                containers: [
                  {
                    name: "web",
                    image: "nginx:1.28",
                    env: [
                      { name: "TOKEN", value: "stolen" },
                      { name: "DEBUG", value: "1" },
                    ],
                  },
                ],
              },
            },
          },
        }),
      [
        `web spec.template.spec.containers[name=web].env[name=TOKEN].value: ${secretMark} → ${secretMark}`,
        'web spec.template.spec.containers[name=web].image: "nginx:1.29" → "nginx:1.28"',
      ],
    ],
    [
      "a secret among arguments that moves",
      () =>
        kubectl("PATCH", `${deployments}/web`, {
          spec: { template: { spec: { containers: [{ name: "web", args: ["-c", "x", "the-argument"] }] } } },
        }),
      [expect.stringContaining("web spec.template.spec.containers[name=web].args: ")],
    ],
    [
      "a label of ours changed, one of theirs added",
      () => kubectl("PATCH", `${core}/shop`, { metadata: { labels: { team: "other", theirs: "1" } } }),
      ['shop metadata.labels.team: "web" → "other"'],
    ],
    [
      "an entry of a config map taken away",
      () => kubectl("PATCH", `${core}/shop/configmaps/settings`, { data: { currency: null } }),
      ['settings data.currency: "EUR" → nothing'],
    ],
    [
      "a secret entry written in plain sight",
      () => kubectl("PATCH", `${core}/shop/configmaps/settings`, { data: { currency: "the-password" } }),
      ['settings data.currency: "EUR" → "[secret]"'],
    ],
    [
      "a service's selector",
      () => kubectl("PATCH", `${core}/shop/services/inner`, { spec: { selector: { app: "other" } } }),
      ['inner spec.selector: {"app":"web"} → {"app":"other"}'],
    ],
    ["kubectl delete", () => kubectl("DELETE", `${deployments}/web`), ["kubernetes:Deployment web is gone"]],
    [
      "tags of a group",
      () => editArm(group, (live) => Object.assign(live.tags, { team: "other", cost: "42" })),
      ['store tags.team: "web" → "other"'],
    ],
    [
      "a pool that was scaled",
      () => editArm(`${clusterId}/agentPools/user`, (live) => (live.properties["count"] = 3)),
      ["user count: 2 → 3"],
    ],
    [
      "a pool's labels and taints",
      () =>
        editArm(`${clusterId}/agentPools/user`, ({ properties }) => {
          properties["nodeLabels"] = { other: "1" };
          properties["nodeTaints"] = ["a=b:PreferNoSchedule"];
        }),
      [
        'user nodeLabels.tier: "web" → nothing',
        'user nodeTaints["dedicated=web:PreferNoSchedule"]: "dedicated=web:PreferNoSchedule" → nothing',
      ],
    ],
    [
      "the system pool, in its cluster",
      () => editArm(`${clusterId}/agentPools/system`, (live) => (live.properties["count"] = 4)),
      ["store systemPool.count: 2 → 4"],
    ],
    ["a pool deleted", () => deleteArm(`${clusterId}/agentPools/user`), ["azure:NodePool user is gone"]],
    [
      "a network's addresses",
      () =>
        editArm(`${group}/providers/Microsoft.Network/virtualNetworks/net`, ({ properties }) => {
          properties["addressSpace"] = { addressPrefixes: ["10.224.0.0/12", "10.0.0.0/16"] };
        }),
      ['net addressPrefixes["10.0.0.0/16"]: nothing → "10.0.0.0/16"'],
    ],
  ])("%s", async (_, edit, expected) => {
    await start();
    await edit();
    expect(await drift()).toEqual(expected);
    const result = await up({ ...operation, refresh: true });
    expect(result.problems).toEqual([]);
    expect(JSON.stringify(result.plan)).not.toMatch(/the-password|the-token|the-argument|stolen/);
    expect(await drift()).toEqual([]);
    expect((await preview(operation)).plan.changes).toEqual([]);
  });
});

test("a cluster deleted outside, with all that stood on it, is made again, and destroyed without a trace", async () => {
  await start();
  await deleteArm(clusterId);
  const { plan } = await preview(operation);
  const made = plan.changes.map(({ action, name, reason }) => `${action} ${name} ${reason.kind}`);
  expect(made).toContain("create store gone");
  expect(made).toContain("create user gone");
  expect(made).toContain("create inner gone");
  expect(plan.changes).toHaveLength(9);
  expect((await up(operation)).problems).toEqual([]);
  expect(await drift()).toEqual([]);

  await deleteArm(clusterId);
  const gone = await destroy(operation);
  expect([gone.status, gone.problems]).toEqual(["succeeded", []]);
  expect((await operation.backend.read("dev")).resources).toEqual([]);
});

test("a resource group deleted outside takes everything with it", async () => {
  await start();
  await deleteArm(group);
  // No look at every resource is asked for: a cluster that is gone is reason enough.
  const { plan } = await preview(operation);
  expect(new Set(plan.changes.map((each) => `${each.action} ${each.reason.kind}`))).toEqual(
    new Set(["create gone"]),
  );
  expect((await up(operation)).problems).toEqual([]);
  expect(await drift()).toEqual([]);
});

import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as azure from "@berth/azure";
import { Config, Secret } from "@berth/core";
import { BerthError } from "@berth/diagnostics";
import * as k8s from "@berth/kubernetes";
import { describe, expect, test } from "vitest";
import { expectPlan, testStack } from "./index.ts";
import "./vitest.ts";

const location = "westeurope";

/** A cluster of a system pool and a user pool, and a workload on the latter. */
function shop({ nodes = 1, cpu = "100m", image = "nginx:1.29" } = {}) {
  return (): object => {
    const group = new azure.ResourceGroup("shop", { location });
    const cluster = new azure.ManagedCluster("shop", {
      resourceGroupName: group.name,
      location,
      kubernetesVersion: "1.36",
      systemPool: { vmSize: "Standard_D2s_v5", count: 1 },
    });
    new azure.NodePool("user", { cluster, vmSize: "Standard_D4s_v5", count: nodes });
    const labels = { app: "web" };
    new k8s.Deployment("web", {
      spec: {
        replicas: new Config().getNumber("replicas") ?? 2,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            nodeSelector: { "kubernetes.azure.com/agentpool": "user" },
            containers: [{ name: "web", image, resources: { requests: { cpu } } }],
          },
        },
      },
    });
    return { group: group.name, token: new Config().getSecret("token") ?? "" };
  };
}

const messageOf = (run: () => void): string => {
  try {
    run();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return "nothing was thrown";
};

test("a stack's life: first preview, up, no change, edits, destroy", async () => {
  const stack = await testStack(shop());
  const first = await stack.preview();
  expect(first).toCreate("azure:NodePool", "user");
  expect(first).toCreate("kubernetes:Deployment");
  expect(first).not.toUpdate("azure:NodePool");
  expect(first).toPlace("web", { on: "user", pods: 2 });
  expect(first).toPlace("default/web", { on: "user#1" });
  expect(first).not.toPlace("web", { on: "system" });
  expect(first).not.toPlace("web", { pods: 3 });
  expect(first).not.toChangeNothing();
  expect(first).not.toLeaveUnplaced();

  const result = await stack.up();
  expect(result).toCreate("azure:NodePool", "user");
  expect(await stack.preview()).toChangeNothing();

  stack.configure({ replicas: 3 });
  const edited = await stack.preview();
  expect(edited).toUpdate("kubernetes:Deployment", "web", "spec.replicas");
  expect(edited).toUpdate("kubernetes:Deployment", "web", "spec");
  expect(edited).not.toUpdate("kubernetes:Deployment", "web", "spec.repl");
  expect(edited).not.toMove("web");

  stack.edit(shop({ cpu: "3" }));
  const heavy = await stack.preview();
  expect(heavy).toLeaveUnplaced("web");
  expect(heavy).toHaveProblem("BERTH3201");
  expect(heavy).not.toPlace("web");

  stack.edit(() => ({}));
  expect(await stack.preview()).toDelete("azure:NodePool", "user");
  await stack.destroy();
  expect((await stack.stack.state()).resources).toEqual([]);
});

test("a pod moves when its node goes", async () => {
  const stack = await testStack(shop({ nodes: 2 }));
  await stack.up();
  stack.edit(shop({ nodes: 1 }));
  const plan = await stack.preview();
  expect(plan).toMove("web", { to: "user", from: "user" });
  expect(plan).not.toMove("web", { to: "system" });
  expect(plan).toUpdate("azure:NodePool", "user", "count");
  expect(messageOf(() => expectPlan(plan).toMove("web-00000"))).toMatch(/it has no pod web-00000/);
});

test("configuration: values and secrets; outputs show what they are", async () => {
  const stack = await testStack(shop(), { config: { replicas: 1, token: new Secret("hunter2") } });
  const plan = await stack.preview();
  expect(plan).toPlace("web", { pods: 1 });
  expect(JSON.stringify(plan)).not.toContain("hunter2");
  await stack.up();
  expect(await stack.outputs()).toEqual({ group: "shop", token: "hunter2" });
});

describe("what a matcher says", () => {
  const planned = async () => (await testStack(shop())).preview();

  test.each([
    [
      "another name",
      (p: Parameters<typeof expectPlan>[0]) => expectPlan(p).toCreate("azure:NodePool", "usr"),
      /expected the plan to create azure:NodePool usr\ndid you mean azure:NodePool user\?/,
    ],
    ["another type", (p) => expectPlan(p).toCreate("azure:NodePol"), /did you mean azure:NodePool\?/],
    [
      "another action",
      (p) => expectPlan(p).toUpdate("azure:NodePool", "user"),
      /to update azure:NodePool user\nit creates azure:NodePool user/,
    ],
    [
      "the opposite",
      (p) => expectPlan(p).not.toCreate("azure:NodePool", "user"),
      /not to create azure:NodePool user\nit creates/,
    ],
    [
      "another node",
      (p) => expectPlan(p).toPlace("web", { on: "system" }),
      /to place web on system\n {2}default\/Deployment\/web: web#1, web#2 goes to user#1/,
    ],
    [
      "another workload",
      (p) => expectPlan(p).toPlace("wep"),
      /it has no workload wep; did you mean web\?\n {2}default\/Deployment\/web/,
    ],
    ["no problem", (p) => expectPlan(p).toHaveProblem("BERTH3201"), /it has\n  \S+ BERTH5306 [^\n]+$/],
    [
      "changes",
      (p) => expectPlan(p).toChangeNothing(),
      /to change nothing\nit\n {2}creates azure:ResourceGroup shop/,
    ],
    ["all placed", (p) => expectPlan(p).toLeaveUnplaced(), /all pods have a node/],
    [
      "stays",
      (p) => expectPlan(p).toMove("web"),
      /to move web\n {2}default\/Deployment\/web: web#1, web#2 goes to/,
    ],
  ] satisfies [string, (plan: Parameters<typeof expectPlan>[0]) => void, RegExp][])(
    "where the plan says %s",
    async (_, expecting, message) => {
      const plan = await planned();
      expect(messageOf(() => expecting(plan))).toMatch(message);
    },
  );

  test("through vitest's own expect", async () => {
    const plan = await planned();
    expect(messageOf(() => expect(plan).toDelete("azure:NodePool", "user"))).toMatch(
      /it creates azure:NodePool user/,
    );
    expect(messageOf(() => expect({}).toChangeNothing())).toMatch(/this is no plan/);
  });
});

test("what is refused before there is a plan has problems, too", async () => {
  const stack = await testStack(() => void new azure.ResourceGroup("shop", { location: "westeurop" }));
  const refused = await stack.preview().then(
    (plan) => plan,
    (error: unknown) => error,
  );
  expect(BerthError.is(refused)).toBe(true);
  expect(refused).toHaveProblem((refused as BerthError).problems[0]?.code ?? "", "westeurop");
  expect(messageOf(() => expect(refused).toChangeNothing())).toMatch(/BERTH\d{4}/);
});

test("a project with files: its name and its stack's values count, and nothing is written", async () => {
  const folder = await mkdtemp(join(tmpdir(), "berth-testing-"));
  await writeFile(join(folder, "berth.yaml"), "name: shop\nentry: main.ts\n");
  await expect(testStack(join(folder, "nowhere"))).resolves.toBeDefined();
  await expect(testStack(tmpdir())).rejects.toThrow(/BERTH7201/);
});

test("a stack in a test starts in milliseconds", async () => {
  const times: number[] = [];
  for (let run = 0; run < 15; run++) {
    const begun = performance.now();
    const stack = await testStack(shop());
    expect(await stack.preview()).toPlace("web", { on: "user" });
    times.push(performance.now() - begun);
  }
  const median = times.toSorted((a, b) => a - b)[7] ?? Number.NaN;
  // Measured: 10 to 32 ms (docs/benchmarks.md); this machine may be busier.
  expect(median).toBeLessThan(250);
});

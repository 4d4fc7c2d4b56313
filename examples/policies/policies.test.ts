import * as azure from "@berth/azure";
import * as k8s from "@berth/kubernetes";
import { testStack } from "@berth/testing";
import { expect, test } from "vitest";
import { policies } from "./policies.ts";

interface Shop {
  readonly nodes?: number;
  readonly replicas?: number;
  readonly image?: string;
  readonly spread?: boolean;
}

/** A cluster with a pool for the shop, and the shop. */
const shop =
  ({ nodes = 3, replicas = 3, image = "shop:1.0.0", spread = true }: Shop = {}) =>
  (): void => {
    const location = "westeurope";
    const group = new azure.ResourceGroup("shop", { location, tags: { stage: "test" } });
    const cluster = new azure.ManagedCluster("shop", {
      resourceGroupName: group.name,
      location,
      kubernetesVersion: "1.36",
      systemPool: { vmSize: "Standard_D2s_v5", count: 1 },
    });
    new azure.NodePool("user", { cluster, vmSize: "Standard_D2s_v5", count: nodes });
    const web = new k8s.Workload("web", {
      image,
      replicas,
      ports: [{ containerPort: 80, name: "http" }],
      resources: { requests: { cpu: "100m" } },
      nodeSelector: { agentpool: "user" },
    });
    if (spread) web.spreadAcross("node");
    web.exposeInternally({ name: "http", port: 80 });
  };

const findings = (
  problems: readonly { policy?: string; severity: string; message: string }[],
): readonly string[] =>
  problems.flatMap(({ policy, severity, message }) =>
    policy === undefined ? [] : [`${severity} ${policy}: ${message}`],
  );

test("a shop that keeps to the rules passes, and its resources are tagged", async () => {
  const stack = await testStack(shop(), { policies });
  const plan = await stack.preview();
  expect(findings(plan.problems)).toEqual([]);
  expect(plan.policies?.remediations.map(({ policy, path, after }) => [policy, path, after])).toEqual([
    ["team-tag", "tags.team", "platform"],
    ["team-tag", "tags", { team: "platform" }],
  ]);
  expect((await stack.up()).status).toBe("succeeded");
  expect((await stack.preview()).changes).toEqual([]);
});

test("taking two nodes away at once evicts too many pods of one service", async () => {
  const stack = await testStack(shop(), {
    policies,
    policySettings: { "spread-replicas": { level: "advisory" } },
  });
  await stack.up();
  stack.edit(shop({ nodes: 1 }));
  expect(findings((await stack.preview()).problems)).toEqual([
    "error few-evictions: 2 pods of default/web would be evicted, and 1 may be",
    expect.stringContaining("warning spread-replicas: 3 replicas of default/Deployment/web would run on"),
  ]);
});

test("two replicas do not share a node", async () => {
  const stack = await testStack(shop({ nodes: 1, replicas: 2, spread: false }), { policies });
  expect(findings((await stack.preview()).problems)).toEqual([
    "error spread-replicas: 2 replicas of default/Deployment/web would run on user#1",
  ]);
  const except = ["default/Deployment/web"];
  const excepted = await testStack(shop({ nodes: 1, replicas: 2, spread: false }), {
    policies,
    policySettings: { "spread-replicas": { except } },
  });
  expect(findings((await excepted.preview()).problems)).toEqual([]);
});

test("a budget is kept", async () => {
  const stack = await testStack(shop({ nodes: 30 }), { policies });
  expect(findings((await stack.preview()).problems)).toEqual([
    expect.stringMatching(
      /^error monthly-budget: the stack would cost \$\d+\.\d\d a month, and \$1000\.00 are granted$/,
    ),
  ]);
});

test("an image without a version is advised against", async () => {
  const stack = await testStack(shop({ image: "shop" }), { policies });
  expect(findings((await stack.preview()).problems)).toEqual([
    "warning pinned-images: the image shop has no version",
  ]);
  expect((await stack.up()).status).toBe("succeeded");
});

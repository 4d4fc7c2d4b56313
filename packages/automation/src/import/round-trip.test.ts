import { declare, type Graph } from "@berth/core";
import { type ApplyOperation, findResources, type ImportQuestion, preview, up } from "@berth/engine";
import { type LocalCloud, openLocalCloud } from "@berth/local";
import { planStack } from "@berth/planner";
import { memoryBackend, openSecrets, type StateBackend } from "@berth/state";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import { providersOver } from "../cloud.ts";
import { definitionsOf } from "../definitions.ts";
import { everything } from "../fixtures/everything.ts";
import { loadProgram } from "../loader/load-program.ts";
import { programText } from "./program-text.ts";

const subscription = "00000000-0000-4000-8000-000000000000";
const group = `/subscriptions/${subscription}/resourceGroups/store`;
// Inside the package, from where programs find berth's packages.
const parent = join(import.meta.dirname, "../../.berth");
mkdirSync(parent, { recursive: true });
const folder = mkdtempSync(join(parent, "import-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const packages = new Map([
  ["azure", { from: "@berth/azure", as: "azure" }],
  ["kubernetes", { from: "@berth/kubernetes", as: "k8s" }],
]);

let cloud: LocalCloud;
beforeEach(async () => {
  cloud = await openLocalCloud({ memory: true });
});
afterEach(() => cloud.close());

function operationOn(graph: Graph, backend: StateBackend): ApplyOperation {
  return {
    graph,
    definition: definitionsOf(graph),
    providers: providersOver(cloud.transport, subscription),
    backend,
    secrets: (recorded) =>
      openSecrets({ recorded, passphrase: undefined, keyFile: join(folder, "secrets.key") }),
    plan: planStack,
  };
}

async function declared(program: () => unknown): Promise<Graph> {
  return declare({ project: "shop", stack: "dev" }, program);
}

/** A program as a file. */
async function loaded(text: string): Promise<Graph> {
  writeFileSync(join(folder, "main.ts"), text);
  return loadProgram({ directory: folder, entry: "main.ts", project: "shop", stack: "b", config: {} });
}

async function textFor(question: ImportQuestion, operation: ApplyOperation): Promise<string> {
  const { resources } = await findResources(operation, question);
  return programText(resources, packages).text;
}

const actions = async (operation: ApplyOperation): Promise<readonly string[]> => {
  const { plan } = await preview(operation);
  expect(plan.problems.filter((each) => each.severity === "error")).toEqual([]);
  return plan.changes.map(({ action, type, name }) => `${action} ${type} ${name}`);
};

test("everything that a stack made is written as a program, imported by another, and then nothing changes", async () => {
  expect(
    (await up(operationOn(await declared(everything), memoryBackend({ project: "shop" })))).problems,
  ).toEqual([]);

  const backend = memoryBackend({ project: "shop" });
  const nothing = operationOn({ ...(await declared(() => undefined)), stack: "b" }, backend);
  const container = { type: "azure:ResourceGroup", inputs: { name: "store" } };
  const ofAzure = await textFor({ container }, nothing);
  expect(ofAzure).toMatchInlineSnapshot(`
    "import * as azure from "@berth/azure";

    const store = new azure.ResourceGroup("store", {
      location: "westeurope",
      tags: { team: "web" },
    }, { import: "/subscriptions/00000000-0000-4000-8000-000000000000/resourceGroups/store" });

    const net = new azure.VirtualNetwork(
      "net",
      {
        resourceGroupName: store.name,
        location: "westeurope",
        addressPrefixes: ["10.224.0.0/12"],
        tags: { team: "web" },
      },
      {
        import: "/subscriptions/00000000-0000-4000-8000-000000000000/resourceGroups/store/providers/Microsoft.Network/virtualNetworks/net",
      },
    );

    const nodes = new azure.Subnet(
      "nodes",
      { resourceGroupName: store.name, virtualNetworkName: net.name, addressPrefix: "10.224.0.0/16" },
      {
        import: "/subscriptions/00000000-0000-4000-8000-000000000000/resourceGroups/store/providers/Microsoft.Network/virtualNetworks/net/subnets/nodes",
      },
    );

    const storeManagedCluster = new azure.ManagedCluster(
      "store",
      {
        resourceGroupName: store.name,
        location: "westeurope",
        kubernetesVersion: "1.36",
        systemPool: {
          vmSize: "Standard_D2s_v5",
          count: 2,
          availabilityZones: ["1", "3"],
          vnetSubnetId: nodes.id,
        },
        tags: { team: "web" },
      },
      {
        import: "/subscriptions/00000000-0000-4000-8000-000000000000/resourceGroups/store/providers/Microsoft.ContainerService/managedClusters/store",
      },
    );

    new azure.NodePool(
      "user",
      {
        cluster: storeManagedCluster,
        kubernetesVersion: "1.36",
        mode: "System",
        vmSize: "Standard_D4s_v5",
        count: 2,
        maxPods: 250,
        vnetSubnetId: nodes.id,
        osDiskSizeGB: 64,
        nodeLabels: { tier: "web" },
        nodeTaints: ["dedicated=web:PreferNoSchedule", "a=b:PreferNoSchedule"],
      },
      {
        import: "/subscriptions/00000000-0000-4000-8000-000000000000/resourceGroups/store/providers/Microsoft.ContainerService/managedClusters/store/agentPools/user",
      },
    );
    "
  `);
  const first = operationOn(await loaded(ofAzure), backend);
  expect(await actions(first)).toEqual([
    "import azure:ResourceGroup store",
    "import azure:VirtualNetwork net",
    "import azure:Subnet nodes",
    "import azure:ManagedCluster store",
    "import azure:NodePool user",
  ]);
  // Those that carry tags say whose they are: another stack's.
  const { plan } = await preview(first);
  const takenOver = plan.problems.filter((each) => each.code === "BERTH3053");
  expect([takenOver.length, takenOver[0]?.message]).toEqual([4, expect.stringContaining("shop/dev")]);
  const imported = await up(first);
  expect([imported.status, imported.problems]).toEqual(["succeeded", []]);
  expect(await actions(first)).toEqual([]);

  const ofCluster = await textFor({ cluster: "store" }, first);
  expect(ofCluster).toMatchInlineSnapshot(`
    "import * as k8s from "@berth/kubernetes";

    const shop = new k8s.Namespace("shop", {
      metadata: { labels: { team: "web" } },
    }, { import: "v1 Namespace shop" });

    new k8s.ConfigMap("settings", {
      metadata: { namespace: shop.metadata.name },
      data: { currency: "EUR", empty: "", password: "the-password" },
    }, { import: "v1 ConfigMap shop/settings" });

    new k8s.Deployment("web", {
      metadata: { namespace: shop.metadata.name },
      spec: {
        replicas: 2,
        selector: { matchLabels: { app: "web" } },
        strategy: { rollingUpdate: { maxSurge: "50%", maxUnavailable: 0 } },
        template: {
          metadata: { labels: { app: "web" } },
          spec: {
            containers: [
              {
                args: ["-c", "the-argument"],
                env: [
                  { name: "EMPTY" },
                  { name: "TOKEN", value: "the-token" },
                  { name: "NODE", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
                ],
                image: "nginx:1.29",
                name: "web",
                ports: [{ containerPort: 80, name: "http" }],
                readinessProbe: { httpGet: { port: "http" } },
                resources: {
                  limits: { cpu: "1", memory: "512Mi" },
                  requests: { cpu: "100m", memory: "64Mi" },
                },
                volumeMounts: [{ mountPath: "/settings", name: "settings" }],
              },
            ],
            nodeSelector: { "kubernetes.io/os": "linux" },
            tolerations: [{ key: "dedicated", operator: "Exists" }],
            topologySpreadConstraints: [
              {
                labelSelector: { matchLabels: { app: "web" } },
                maxSkew: 1,
                topologyKey: "kubernetes.io/hostname",
                whenUnsatisfiable: "ScheduleAnyway",
              },
            ],
            volumes: [
              {
                configMap: { items: [{ key: "currency", path: "c" }], name: "settings" },
                name: "settings",
              },
            ],
          },
        },
      },
    }, { import: "apps/v1 Deployment shop/web" });

    new k8s.StatefulSet("queue", {
      spec: {
        selector: { matchLabels: { app: "queue" } },
        serviceName: "queue",
        template: {
          metadata: { labels: { app: "queue" } },
          spec: { containers: [{ image: "rabbitmq:4", name: "queue" }] },
        },
        volumeClaimTemplates: [
          {
            metadata: { name: "data" },
            spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
          },
        ],
      },
    }, { import: "apps/v1 StatefulSet default/queue" });

    new k8s.Service("queue", {
      spec: { clusterIP: "None", ports: [{ port: 5672 }], selector: { app: "queue" } },
    }, { import: "v1 Service default/queue" });

    new k8s.Service("inner", {
      metadata: { namespace: shop.metadata.name },
      spec: { ports: [{ port: 80 }], selector: { app: "web" } },
    }, { import: "v1 Service shop/inner" });

    new k8s.Service("web", {
      metadata: { namespace: shop.metadata.name },
      spec: {
        ports: [{ name: "http", port: 80, targetPort: "http" }],
        selector: { app: "web" },
        type: "LoadBalancer",
      },
    }, { import: "v1 Service shop/web" });
    "
  `);
  const whole = [
    ...new Set(`${ofAzure}\n${ofCluster}`.split("\n").filter((line) => line.startsWith("import "))),
  ];
  const body = `${ofAzure}\n${ofCluster}`.replaceAll(/^import .*\n/gm, "");
  const second = operationOn(await loaded(`${whole.join("\n")}\n${body}`), backend);
  expect((await actions(second)).every((each) => each.startsWith("import kubernetes:"))).toBe(true);
  const all = await up(second);
  expect([all.status, all.problems]).toEqual(["succeeded", []]);
  expect(await actions(second)).toEqual([]);
  expect((await preview({ ...second, refresh: true })).plan.drift).toEqual([]);

  const without = `${whole.join("\n")}\n${body.replaceAll(/,\s*\{\s*import: "[^\n]*"[\s,]*\}/g, "")}`;
  expect(without).not.toContain("import: ");
  expect(await actions(operationOn(await loaded(without), backend))).toEqual([]);

  // What the stack has is not imported again.
  const again = await findResources(second, { container, cluster: "store" });
  expect([again.resources, again.recorded.length]).toEqual([[], 12]);
});

test("a cluster and what stands on it may be imported by one program at once", async () => {
  const source = operationOn(await declared(everything), memoryBackend({ project: "shop" }));
  await up(source);
  const container = { type: "azure:ResourceGroup", inputs: { name: "store" } };
  const fresh = memoryBackend({ project: "shop" });
  const empty = operationOn({ ...(await declared(() => undefined)), stack: "b" }, fresh);
  const text = await textFor({ container }, empty);
  const program = `${text}\nimport * as k8s from "@berth/kubernetes";\nnew k8s.Namespace("shop", { metadata: { labels: { team: "web" } } }, { import: "v1 Namespace shop" });\n`;
  const both = operationOn(await loaded(program), fresh);
  expect(await actions(both)).toContain("import kubernetes:Namespace shop");
  expect((await up(both)).problems).toEqual([]);
  expect(await actions(both)).toEqual([]);
});

test("what is asked for by id is found, or said to be missing, all of it", async () => {
  const source = operationOn(await declared(everything), memoryBackend({ project: "shop" }));
  await up(source);
  const single = { type: "kubernetes:ConfigMap", id: "v1 ConfigMap shop/settings", name: "my-settings" };
  const backend = memoryBackend({ project: "shop" });
  const empty = operationOn({ ...(await declared(() => undefined)), stack: "b" }, backend);
  await expect(findResources(empty, { resources: [single] })).rejects.toMatchObject({
    problems: [{ code: "BERTH6037" }],
  });
  await expect(findResources(source, { cluster: "stor" })).rejects.toMatchObject({
    problems: [{ code: "BERTH6037", hint: 'did you mean "store"?' }],
  });
  const wrong = [
    { type: "azure:Group", id: "x" },
    { type: "azure:VirtualNetwork", id: `${group}/providers/Microsoft.Network/virtualNetworks/none` },
    { type: "azure:Provider", id: "x" },
  ];
  await expect(findResources(empty, { resources: wrong })).rejects.toMatchObject({
    problems: [{ code: "BERTH6035" }, { code: "BERTH6036" }, { code: "BERTH6035" }],
  });
  const pool = {
    type: "azure:NodePool",
    id: `${group}/providers/Microsoft.ContainerService/managedClusters/store/agentPools/user`,
    name: "workers",
  };
  expect(await textFor({ resources: [pool] }, empty)).toMatchInlineSnapshot(`
    "import * as azure from "@berth/azure";

    new azure.NodePool(
      "workers",
      {
        name: "user",
        cluster: azure.ManagedCluster.get("store", "/subscriptions/00000000-0000-4000-8000-000000000000/resourceGroups/store/providers/Microsoft.ContainerService/managedClusters/store"),
        kubernetesVersion: "1.36",
        mode: "System",
        vmSize: "Standard_D4s_v5",
        count: 2,
        maxPods: 250,
        vnetSubnetId: "/subscriptions/00000000-0000-4000-8000-000000000000/resourceGroups/store/providers/Microsoft.Network/virtualNetworks/net/subnets/nodes",
        osDiskSizeGB: 64,
        nodeLabels: { tier: "web" },
        nodeTaints: ["dedicated=web:PreferNoSchedule", "a=b:PreferNoSchedule"],
      },
      {
        import: "/subscriptions/00000000-0000-4000-8000-000000000000/resourceGroups/store/providers/Microsoft.ContainerService/managedClusters/store/agentPools/user",
      },
    );
    "
  `);
});

import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Plan } from "@berth/automation";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { applyEdits, storeEdits } from "../../bench/src/demo/store-edits.ts";
import { type Ended, ProjectFolder } from "./harness.ts";
import { clusterObjects, collectionsOf, type JsonObject } from "./local-cloud.ts";
import { actualPlacement, nodeOrdinals, plannedPlacement } from "./placement.ts";

/**
 * The main job: Azure's quickstart store, previewed, applied, edited, destroyed, each time by the built
 * command in a process of its own. The tests are the chapters of one story, in their order.
 */
let store: ProjectFolder;
beforeAll(() => {
  store = ProjectFolder.store();
});
afterAll(() => store[Symbol.dispose]());

function sizeOf({ summary }: Plan): Record<string, number> {
  const { create, update, replace, delete: deleted } = summary;
  return { create, update, replace, delete: deleted };
}

describe("before anything exists", () => {
  let text: string;
  let plan: Plan;

  test("preview plans it, and exits with 2 where details are wanted", async () => {
    const { code, stdout, stderr } = await store.berth("preview", "--json", "--detailed-exitcode");
    expect([code, stderr]).toEqual([2, ""]);
    text = stdout;
    plan = JSON.parse(text) as Plan;
  });

  test("the plan is valid by its published schema, and small", () => {
    const schema = JSON.parse(
      readFileSync(resolve(import.meta.dirname, "../../../docs/plan.schema.json"), "utf8"),
    ) as object;
    const validate = new Ajv2020({ strict: false, allErrors: true }).compile(schema);
    validate(plan);
    expect(validate.errors ?? []).toEqual([]);
    expect(Buffer.byteLength(text)).toBeLessThan(300_000);
  });

  test("its bytes are the same on a second run, and in another folder", async () => {
    using other = ProjectFolder.copy(store.path, "elsewhere with spaces");
    const [again, elsewhere] = await Promise.all([
      store.berth("preview", "--json"),
      other.berth("preview", "--json"),
    ]);
    expect(again.stdout).toBe(text);
    expect(elsewhere.stdout).toBe(text);
  });

  test("it creates what the program declares", () => {
    expect(sizeOf(plan)).toEqual({ create: 13, update: 0, replace: 0, delete: 0 });
    expect(plan.changes.map((change) => `${change.type} ${change.name}`).toSorted()).toMatchInlineSnapshot(`
      [
        "azure:ManagedCluster store",
        "azure:NodePool user",
        "azure:ResourceGroup store",
        "azure:Subnet nodes",
        "azure:VirtualNetwork store",
        "kubernetes:Deployment order-service",
        "kubernetes:Deployment product-service",
        "kubernetes:Deployment store-front",
        "kubernetes:Service order-service",
        "kubernetes:Service product-service",
        "kubernetes:Service rabbitmq",
        "kubernetes:Service store-front",
        "kubernetes:StatefulSet rabbitmq",
      ]
    `);
    for (const change of plan.changes) expect(change.site).toMatchObject({ file: "store.ts" });
  });

  test("every pod is placed, with node, zone, reason and certainty", () => {
    const [cluster] = plan.clusters;
    expect(plan.clusters).toHaveLength(1);
    expect(cluster).toMatchObject({
      observed: "synthesised",
      change: "new",
      unplaced: [],
      stuck: [],
      unknown: [],
    });
    for (const group of cluster!.placement) {
      expect(group, group.workload).toMatchObject({
        change: "new",
        node: expect.stringMatching(/^(system|user)#[12]$/),
      });
      expect(group.zone, group.workload).toMatch(/^westeurope-[123]$/);
      expect(group.why, group.workload).toMatch(/\S/);
      expect(group.certainty, group.workload).toMatch(/forced|unique|tied|sensitive/);
    }
    expect(plannedPlacement(plan).filter((line) => line.includes(" default/"))).toMatchInlineSnapshot(`
      [
        "user#1 default/Deployment/order-service: 1",
        "user#1 default/Deployment/product-service: 1",
        "user#1 default/StatefulSet/rabbitmq: 1",
        "user#2 default/Deployment/store-front: 1",
      ]
    `);
  });

  test("services have static addresses, resolved ports and endpoints", () => {
    const services = plan.clusters[0]!.services.filter((each) => each.resource !== undefined);
    expect(
      services.map((each) => [
        each.service,
        each.type,
        each.clusterIP,
        each.external,
        each.endpoints.map((end) => end.pod),
      ]),
    ).toMatchInlineSnapshot(`
        [
          [
            "default/order-service",
            "ClusterIP",
            "10.0.0.2",
            undefined,
            [
              "order-service#1",
            ],
          ],
          [
            "default/product-service",
            "ClusterIP",
            "10.0.0.3",
            undefined,
            [
              "product-service#1",
            ],
          ],
          [
            "default/rabbitmq",
            "ClusterIP",
            "10.0.0.4",
            undefined,
            [
              "rabbitmq-0",
            ],
          ],
          [
            "default/store-front",
            "LoadBalancer",
            "10.0.0.5",
            "pending",
            [
              "store-front#1",
            ],
          ],
        ]
      `);
    for (const service of services) {
      for (const port of service.ports) expect(port.resolved, service.service).toHaveLength(1);
    }
  });

  test("each node's use is told, with the limiting resource, and the monthly cost", () => {
    const nodes = plan.clusters[0]!.nodes;
    expect(nodes.map((each) => each.name)).toEqual(["system#1", "system#2", "user#1", "user#2"]);
    for (const node of nodes) {
      expect(node.resources.map((each) => each.resource)).toEqual(
        expect.arrayContaining(["cpu", "memory", "pods"]),
      );
      expect(node.resources.map((each) => each.resource)).toContain(node.limiting);
      for (const each of node.resources) expect(each.requested).toBeLessThanOrEqual(each.allocatable);
    }
    expect(plan.cost).toMatchObject({ before: 0, unpriced: [] });
    expect(plan.cost.after).toBeGreaterThan(100);
    expect(plan.cost.sources).not.toEqual([]);
  });
});

describe("applied", () => {
  let planned: Plan;
  let ended: Ended;
  let requests: readonly { method: string; url: string; body?: string }[];

  beforeAll(async () => {
    planned = await store.plan();
    const log = join(store.path, "requests.jsonl");
    const recorder = new URL("./fixtures/record-requests.ts", import.meta.url).href;
    ended = await store.run(["up", "--yes"], {
      env: { NODE_OPTIONS: `--import=${recorder}`, BERTH_REQUESTS: log },
    });
    requests = store
      .read("requests.jsonl")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as (typeof requests)[number]);
    store.remove("requests.jsonl");
  });

  test("up does every step", () => {
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.stderr).toContain(`Done: ${planned.steps.length} of ${planned.steps.length} steps.`);
  });

  test("what runs where is what the preview showed, the system's pods among it", () => {
    const actual = actualPlacement(clusterObjects(store));
    expect(actual.length).toBeGreaterThan(10);
    expect(actual).toEqual(plannedPlacement(planned));
  });

  test("what is recorded is shown", async () => {
    expect((await store.succeed("stack", "show")).stdout).toMatchInlineSnapshot(`
      "azure:ResourceGroup     store                            /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/store
      azure:VirtualNetwork    store                            /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/store/providers/Microsoft.Network/virtualNetworks/store
      azure:Subnet            nodes                            /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/store/providers/Microsoft.Network/virtualNetworks/store/subnets/nodes
      azure:ManagedCluster    store                            /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/store/providers/Microsoft.ContainerService/managedClusters/store
      azure:NodePool          user                             /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/store/providers/Microsoft.ContainerService/managedClusters/store/agentPools/user
      kubernetes:Deployment   order-service/order-service      apps/v1 Deployment default/order-service
      kubernetes:Deployment   product-service/product-service  apps/v1 Deployment default/product-service
      kubernetes:Deployment   store-front/store-front          apps/v1 Deployment default/store-front
      kubernetes:Service      order-service/order-service      v1 Service default/order-service
      kubernetes:Service      product-service/product-service  v1 Service default/product-service
      kubernetes:Service      rabbitmq                         v1 Service default/rabbitmq
      kubernetes:Service      store-front/store-front          v1 Service default/store-front
      kubernetes:StatefulSet  rabbitmq                         apps/v1 StatefulSet default/rabbitmq
      "
    `);
    expect((await store.succeed("stack", "outputs")).stdout).toMatchInlineSnapshot(`
      "address: 198.18.0.1
      "
    `);
  });

  test("services have the addresses that the preview showed", () => {
    const actual = clusterObjects(store).filter((each) => each.kind === "Service");
    for (const { service, clusterIP } of planned.clusters[0]!.services) {
      const found = actual.find((each) => `${each.metadata.namespace}/${each.metadata.name}` === service);
      expect(found?.spec?.["clusterIP"], service).toBe(clusterIP);
    }
  });

  test("the objects sent are Azure's quickstart, our annotation and the assigned addresses", () => {
    const recorded = JSON.parse(
      readFileSync(new URL("./fixtures/aks-store-quickstart.json", import.meta.url), "utf8"),
    ) as JsonObject[];
    const sent = requests
      .filter((each) => each.method === "PATCH" && each.body !== undefined)
      .map((each) => JSON.parse(each.body!) as SentObject);
    expect(sent.map(nameOf).toSorted()).toEqual(
      recorded.map((each) => nameOf(each as SentObject)).toSorted(),
    );
    for (const object of sent) {
      const wanted = recorded.find((each) => nameOf(each as SentObject) === nameOf(object)) as SentObject;
      const { annotations, namespace, ...metadata } = object.metadata;
      expect(Object.keys(annotations ?? {})).toEqual(["berth.dev/owner"]);
      expect(["default", undefined]).toContain(namespace);
      const { clusterIP, clusterIPs, ...spec } = object.spec;
      if (object.kind === "Service") {
        expect(clusterIP).toBe(
          planned.clusters[0]!.services.find((each) => each.service === `default/${metadata.name}`)
            ?.clusterIP,
        );
        expect([undefined, [clusterIP]]).toContainEqual(clusterIPs);
      }
      expect({ ...object, metadata, spec: object.kind === "Service" ? spec : object.spec }).toEqual(wanted);
    }
  });

  test("the next preview is empty", async () => {
    const { code, stdout } = await store.berth("preview", "--detailed-exitcode", "--json");
    expect(sizeOf(JSON.parse(stdout) as Plan)).toEqual({ create: 0, update: 0, replace: 0, delete: 0 });
    expect(code).toBe(0);
  });

  test("and so it is from the saved snapshot, in another folder, without the local cloud", async () => {
    using other = ProjectFolder.copy(store.path, "elsewhere");
    other.remove(".berth/local");
    const { code, stdout, stderr } = await other.berth(
      "preview",
      "--offline",
      "--detailed-exitcode",
      "--json",
    );
    expect([code, stderr]).toEqual([0, ""]);
    expect((JSON.parse(stdout) as Plan).clusters[0]?.observed).toBe("saved");
    expect(other.has(".berth/local")).toBe(false);
  });

  test("a second up has nothing to do, and leaves every byte as it is", async () => {
    const before = store.bytes();
    const { stderr } = await store.succeed("up", "--yes");
    expect(stderr).toContain("Nothing to do.");
    expect(store.bytes()).toEqual(before);
  });
});

interface SentObject extends JsonObject {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly annotations?: JsonObject;
  };
  readonly spec: JsonObject;
}

function nameOf({ kind, metadata }: SentObject): string {
  return `${kind} ${metadata.name}`;
}

describe("edited: three replicas, a new image, a third node", () => {
  let plan: Plan;

  beforeAll(async () => {
    store.write("store.ts", applyEdits(store.read("store.ts"), storeEdits));
    plan = await store.plan();
  });

  test("preview shows these three updates, and nothing else", async () => {
    expect((await store.berth("preview", "--detailed-exitcode")).code).toBe(2);
    expect(sizeOf(plan)).toEqual({ create: 0, update: 3, replace: 0, delete: 0 });
    expect(
      plan.changes.map(({ type, name, action, certainty, properties }) => ({
        type,
        name,
        action,
        certainty,
        properties,
      })),
    ).toMatchInlineSnapshot(`
        [
          {
            "action": "update",
            "certainty": "will",
            "name": "user",
            "properties": [
              {
                "after": 3,
                "before": 2,
                "certainty": "will",
                "kind": "change",
                "path": "count",
              },
            ],
            "type": "azure:NodePool",
          },
          {
            "action": "update",
            "certainty": "will",
            "name": "order-service",
            "properties": [
              {
                "after": "ghcr.io/azure-samples/aks-store-demo/order-service:2.3.0",
                "before": "ghcr.io/azure-samples/aks-store-demo/order-service:2.2.0",
                "certainty": "will",
                "kind": "change",
                "path": "spec.template.spec.containers[name=order-service].image",
              },
            ],
            "type": "kubernetes:Deployment",
          },
          {
            "action": "update",
            "certainty": "will",
            "name": "store-front",
            "properties": [
              {
                "after": 3,
                "before": 1,
                "certainty": "will",
                "kind": "change",
                "path": "spec.replicas",
              },
            ],
            "type": "kubernetes:Deployment",
          },
        ]
      `);
    expect(plan.outputs.filter((each) => each.action !== "no-op")).toEqual([]);
    expect(plan.problems).toEqual([]);
  });

  test("as people see it", async () => {
    const { stdout } = await store.succeed("preview");
    expect(stdout).toMatchInlineSnapshot(`
      "aks-store/dev: 3 to update, 10 unchanged · pods: 3 new, 1 gone, 3 staying · +$167.90 a month ($671.60)

      Resources
        ~ azure:NodePool user  store.ts:34:1
            ~ count: 2 → 3
        ~ kubernetes:Deployment order-service/order-service  store.ts:107:1
            ~ spec.template.spec.containers[name=order-service].image: "ghcr.io/azure-samples/aks-store-demo/order-service:2.2.0" → "ghcr.io/azure-samples/aks-store-demo/order-service:2.3.0"
        ~ kubernetes:Deployment store-front/store-front  store.ts:145:20
            ~ spec.replicas: 1 → 3

      Placement in store
        Kubernetes 1.36, AKS scheduler defaults, observed live
          aks-system-89740069-vmss000000  Standard_D2s_v5  westeurope-1
            cpu ███░░░░░░░ 534m/1.9  memory ██░░░░░░░░ 625Mi/5.5Gi  pods 10  limiting: cpu
              10 system pods: azure-cns, azure-ip-masq-agent, cloud-node-manager, …
          aks-system-89740069-vmss000001  Standard_D2s_v5  westeurope-2
            cpu ███░░░░░░░ 514m/1.9  memory ██░░░░░░░░ 615Mi/5.5Gi  pods 9  limiting: cpu
              9 system pods: azure-cns, azure-ip-masq-agent, cloud-node-manager, …
          aks-user-89740069-vmss000000  Standard_D4s_v5  westeurope-1
            cpu █░░░░░░░░░ 362m/3.86  memory █░░░░░░░░░ 799Mi/11.1Gi  pods 9  limiting: cpu
            - order-service-qhdb494h7m-pc2ct
              product-service-fzlwc72kvg-mkts2  stays
            + store-front#1  first of 2 equals at 666, among 5 nodes  tied with user#3
              rabbitmq-0  stays
              6 system pods: azure-cns, azure-ip-masq-agent, cloud-node-manager, …
          aks-user-89740069-vmss000001  Standard_D4s_v5  westeurope-2
            cpu █░░░░░░░░░ 351m/3.86  memory █░░░░░░░░░ 670Mi/11.1Gi  pods 7  limiting: cpu
              store-front-l7454k46n9-krpb8  stays
              6 system pods: azure-cns, azure-ip-masq-agent, cloud-node-manager, …
        + user#3  Standard_D4s_v5  westeurope-3
            cpu █░░░░░░░░░ 352m/3.86  memory █░░░░░░░░░ 720Mi/11.1Gi  pods 0 → 8  limiting: cpu
            + order-service#1  best of 5 nodes: 667 against 666  unique
            + store-front#2  best of 5 nodes: 666 against 586  unique
              6 system pods: azure-cns, azure-ip-masq-agent, cloud-node-manager, …

      Services
        Service                    Type                     Cluster IP  Ports        Endpoints
        ~ default/order-service    ClusterIP                10.0.0.2    3000         1 +order-service#1 -order-service-qhdb494h7m-pc2ct
          default/product-service  ClusterIP                10.0.0.3    3002         1
          default/rabbitmq         ClusterIP                10.0.0.4    5672, 15672  1
        ~ default/store-front      LoadBalancer 198.18.0.1  10.0.0.5    80→8080      1 → 3 +store-front#1 +store-front#2

      Monthly cost
        Resource                    What                  Before    After    Change
        azure:ManagedCluster store  2 × Standard_D2s_v5  $167.90  $167.90
        azure:NodePool user         3 × Standard_D4s_v5  $335.80  $503.70  +$167.90
        Total                                            $503.70  $671.60  +$167.90
        730 hours a month. Prices: Azure retail prices of 2026-06-18
      "
    `);
  });

  test("pulumi-azure#467: a pool's size changes that pool, and touches no workload", () => {
    const pool = plan.changes.find((change) => change.type.includes("NodePool"));
    expect(pool?.properties.map((each) => each.path)).toEqual(["count"]);
    expect(pool?.action).toBe("update");
    for (const change of plan.changes) {
      for (const { upstream = [], path } of change.properties) expect([path, upstream]).toEqual([path, []]);
    }
    expect(plan.changes.map((change) => change.name)).not.toContain("product-service");
    const moved = plan.clusters[0]!.placement.filter((group) => group.change === "moved");
    expect(moved).toEqual([]);
  });

  test("pods are added, replaced, staying", () => {
    const own = plan.clusters[0]!.placement.filter((group) => !group.system);
    expect(own.map(({ workload, change, pods }) => `${workload} ${change} ${pods.length}`).toSorted())
      .toMatchInlineSnapshot(`
      [
        "default/Deployment/order-service gone 1",
        "default/Deployment/order-service new 1",
        "default/Deployment/product-service stays 1",
        "default/Deployment/store-front new 1",
        "default/Deployment/store-front new 1",
        "default/Deployment/store-front stays 1",
        "default/StatefulSet/rabbitmq stays 1",
      ]
    `);
    expect(plan.summary.pods).toMatchObject({ unplaced: 0, moved: 0 });
  });

  test("endpoints are told before and after", () => {
    const services = plan.clusters[0]!.services.filter((each) => each.resource !== undefined);
    expect(
      services.map(({ service, change, endpointsBefore, endpoints }) => [
        service,
        change,
        endpointsBefore,
        endpoints.filter((each) => each.change !== "gone").length,
      ]),
    ).toMatchInlineSnapshot(`
        [
          [
            "default/order-service",
            "changed",
            1,
            1,
          ],
          [
            "default/product-service",
            "stays",
            1,
            1,
          ],
          [
            "default/rabbitmq",
            "stays",
            1,
            1,
          ],
          [
            "default/store-front",
            "changed",
            1,
            3,
          ],
        ]
      `);
  });

  test("up makes exactly that, and the next preview is empty", async () => {
    const ordinals = nodeOrdinals(clusterObjects(store));
    await store.succeed("up", "--yes");
    expect(actualPlacement(clusterObjects(store))).toEqual(plannedPlacement(plan, ordinals));
    const { code, stdout } = await store.berth("preview", "--detailed-exitcode");
    expect(code, stdout).toBe(0);
  });
});

describe("destroyed", () => {
  test("nothing is left: not in the state, not in the local cloud", async () => {
    await store.succeed("destroy", "--yes");
    const { stdout } = await store.succeed("stack", "show", "--json");
    expect(JSON.parse(stdout)).toMatchObject({ resources: [], pending: [], outputs: {} });
    expect([...collectionsOf(store).keys()]).toEqual([]);
    const left = [...store.bytes(".berth/state/dev").keys()].map((file) =>
      file.slice(".berth/state/dev/".length),
    );
    expect(left.filter((file) => !/^(lock|history)\b/.test(file))).toEqual(["snapshot.json"]);
  });

  test("and again, there is nothing to do", async () => {
    const { stderr } = await store.succeed("destroy", "--yes");
    expect(stderr).toContain("Nothing to do.");
  });
});

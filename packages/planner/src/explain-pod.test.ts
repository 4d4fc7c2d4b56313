import { BerthError } from "@berth/diagnostics";
import { expect, test } from "vitest";
import { explainPod } from "./explain-pod.ts";
import { Cluster, KubernetesObject, Pool, workload } from "./testing/cloud.ts";
import { graphOf, TestStack } from "./testing/stack.ts";

const clusterUrn = "urn:berth:dev:shop::acme:Cluster::store";

const store =
  ({ web = 2, cpu = "500m", user = 2 } = {}) =>
  () => {
    const cluster = new Cluster("store", { name: "store" });
    const pool = { cluster: cluster.id, name: "user", count: user, zones: ["a", "b"] };
    new Pool("user", pool);
    new KubernetesObject("web", workload("Deployment", "web", { replicas: web, cpu }) as never);
  };

async function explained(stack: TestStack, program: () => void, pod: string, node?: string) {
  return explainPod(stack.request(await graphOf(program)), { pod, ...(node !== undefined && { node }) });
}

async function refused(promise: Promise<unknown>) {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown) => thrown,
  );
  if (!BerthError.is(error)) throw error;
  return error.problems.map(({ code, message, hint }) => [code, message, hint].join(" | "));
}

test("the table is that of the decision: the plan's own words and node, the chosen node's total the highest", async () => {
  const stack = new TestStack();
  const program = store({ web: 3 });
  const plan = await stack.preview(program);
  for (const group of plan.clusters[0]!.placement.filter((each) => !each.system)) {
    for (const pod of group.pods) {
      const { nodes, ...said } = await explained(stack, program, pod);
      const { node, why, certainty } = group;
      expect(said).toMatchObject({ pod, namespace: "default", fate: "new", node, why, certainty });
      const chosen = nodes.filter((each) => each.chosen);
      expect(chosen.map((each) => each.node)).toEqual([group.node]);
      const totals = nodes.map((each) => each.scores?.total ?? -1);
      expect(chosen[0]?.scores?.total).toBe(Math.max(...totals));
    }
  }
});

test("each pod sees the cluster as it was at its turn, not as it ends", async () => {
  const used = async (pod: string) => {
    const { nodes } = await explained(new TestStack(), store({ web: 3 }), pod);
    return nodes.map(({ amounts }) => amounts.find((each) => each.resource === "cpu")?.used);
  };
  expect(await used("web#1")).toEqual([100, 100, 100]);
  const third = (await used("web#3")).reduce<number>((sum, each) => sum + (each ?? 0), 0);
  expect(third).toBe(300 + 2 * 500);
});

test("a pod that finds no node: the message, and node by node what is short", async () => {
  const found = await explained(new TestStack(), store({ web: 4, cpu: "3" }), "web#4", "user#2");
  expect(found).toMatchObject({
    fate: "unplaced",
    asked: "user#2",
    why: expect.stringContaining("0/3 nodes are available: 3 Insufficient cpu."),
    nodes: [
      {
        node: "user#2",
        zone: "b",
        feasible: false,
        chosen: false,
        amounts: expect.arrayContaining([
          { resource: "cpu", requested: 3000, used: 3100, capacity: 4000, shortBy: 2100 },
        ]),
      },
    ],
  });
  expect(found.nodes[0]?.filters.at(-1)).toEqual({
    plugin: "NodeResourcesFit",
    verdict: "refused",
    reasons: ["Insufficient cpu"],
    resolvable: true,
  });
});

test("with a node, only that one is told, and the chosen one; beside the chosen one, the next best", async () => {
  const told = async (asked: string) => {
    const { nodes } = await explained(new TestStack(), store(), "default/web#1", asked);
    return nodes.map((each) => [each.node, each.chosen]);
  };
  expect(await told("system#1")).toEqual([
    ["system#1", false],
    ["user#1", true],
  ]);
  expect(await told("user#1")).toEqual([
    ["user#1", true],
    ["user#2", false],
  ]);
});

test("a pod that runs stays, and nothing is made up about it; one that goes says why", async () => {
  const stack = new TestStack();
  await stack.up(store());
  stack.observe({
    cluster: clusterUrn,
    objects: [
      { apiVersion: "v1", kind: "Node", metadata: { name: "n0", labels: { pool: "user" } } },
      {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "lonely", namespace: "default", uid: "1" },
        spec: { nodeName: "n0", containers: [{ name: "c", image: "i" }] },
      },
    ],
  });
  expect(await explained(stack, store(), "lonely", "n0")).toMatchObject({
    fate: "stays",
    node: "n0",
    why: "it runs there already, and a pod that runs keeps its node",
    nodes: [],
  });
});

test("a pod that the plan takes away says why", async () => {
  const stack = new TestStack();
  await stack.up(store());
  expect(await explained(stack, store({ web: 1 }), "web#2")).toMatchObject({
    fate: "gone",
    why: "its workload is to have fewer pods",
    nodes: [],
  });
});

test("names that are not there: the nearest, and the pods of a workload", async () => {
  const ask = (pod: string, node?: string) => refused(explained(new TestStack(), store(), pod, node));
  expect(await ask("wbe#1")).toEqual(['BERTH3204 | there is no pod "wbe#1" | did you mean web#1?']);
  expect(await ask("web")).toEqual([
    'BERTH3204 | there is no pod "web" | did you mean web#1? (web has 2 pods)',
  ]);
  expect(await ask("")).toEqual(['BERTH3204 | there is no pod "" | `berth preview` names them']);
  expect(await ask("web#1", "usr#1")).toEqual([
    'BERTH3206 | there is no node "usr#1" | did you mean user#1?',
  ]);
});

test("a name that several pods have is asked back", async () => {
  const two = () => {
    store({ web: 1 })();
    const other = workload("Deployment", "web", { replicas: 1, namespace: "other" });
    new KubernetesObject("other", other as never);
  };
  expect(await refused(explained(new TestStack(), two, "web#1"))).toEqual([
    "BERTH3205 | web#1 may be default/web#1, other/web#1 | say which of them",
  ]);
  expect(await explained(new TestStack(), two, "other/web#1")).toMatchObject({ namespace: "other" });
});

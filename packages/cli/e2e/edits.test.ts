import { afterAll, beforeAll, expect, test } from "vitest";
import { ProjectFolder } from "./harness.ts";
import { clusterObjects } from "./local-cloud.ts";
import { actualPlacement, nodeOrdinals, plannedPlacement } from "./placement.ts";

/**
 * A story of edits to the store, each previewed and applied. What the preview shows is what happens, also where
 * it is a replacement or a deletion; afterwards there is nothing to do.
 */
let store: ProjectFolder;
beforeAll(async () => {
  store = ProjectFolder.store();
  await store.succeed("up", "--yes");
});
afterAll(() => store[Symbol.dispose]());

const front = "image: `${registry}/store-front:2.2.0`,\n  replicas:";
const pool = 'vmSize: "Standard_D2s_v5",\n  count:';
const product = 'new k8s.Workload("product-service"';
const extra = `new k8s.Workload("extra", { image: "extra:1", replicas: 3 }).spreadAcross("zone");\n${product}`;

test.each([
  { what: "a rollout", from: "product-service:2.2.0", to: "product-service:2.3.0", changes: "update 1" },
  { what: "forty replicas", from: `${front} 1`, to: `${front} 40`, changes: "update 1" },
  { what: "two replicas", from: `${front} 40`, to: `${front} 2`, changes: "update 1" },
  { what: "no replicas", from: `${front} 2`, to: `${front} 0`, changes: "update 1" },
  { what: "replicas again", from: `${front} 0`, to: `${front} 3`, changes: "update 1" },
  {
    what: "what a stateful set does not let change",
    from: 'serviceName: "rabbitmq"',
    to: 'serviceName: "queue"',
    changes: "replace 1",
  },
  {
    what: "other machines in the pool",
    from: "Standard_D4s_v5",
    to: "Standard_D2s_v5",
    changes: "replace 1",
  },
  { what: "no machines in the pool", from: `${pool} 2`, to: `${pool} 0`, changes: "update 1" },
  { what: "machines again", from: `${pool} 0`, to: `${pool} 4`, changes: "update 1" },
  {
    what: "another port",
    from: "exposePublicly({ port: 80 })",
    to: "exposePublicly({ port: 81 })",
    changes: "update 1",
  },
  { what: "one more workload, spread", from: product, to: extra, changes: "create 1" },
  { what: "one workload less", from: extra, to: product, changes: "delete 1" },
])("$what", async ({ from, to, changes }) => {
  store.edit("store.ts", from, to);
  const plan = await store.plan();
  const { summary } = plan;
  const counts = (["create", "update", "replace", "delete"] as const).filter((action) => summary[action] > 0);
  expect(counts.map((action) => `${action} ${summary[action]}`).join(", ")).toBe(changes);
  const ordinals = nodeOrdinals(clusterObjects(store));
  await store.succeed("up", "--yes");
  const unplaced = plan.clusters
    .flatMap((cluster) => cluster.unplaced)
    .reduce((sum, each) => sum + each.pods.length, 0);
  const actual = actualPlacement(clusterObjects(store));
  expect(actual.filter((line) => !line.startsWith("undefined "))).toEqual(plannedPlacement(plan, ordinals));
  expect(actual.some((line) => line.startsWith("undefined "))).toBe(unplaced > 0);
  const { code, stdout } = await store.berth("preview", "--detailed-exitcode");
  expect(code, stdout).toBe(0);
});

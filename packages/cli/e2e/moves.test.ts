import { afterAll, beforeAll, expect, test } from "vitest";
import { applyEdits, type Edit } from "../../bench/src/demo/store-edits.ts";
import { ProjectFolder } from "./harness.ts";
import { collectionsOf } from "./local-cloud.ts";

/** What the store is made of, under other logical names: the things themselves keep theirs. */
const renames: readonly Edit[] = [
  {
    what: "the network",
    from: 'new azure.VirtualNetwork("store", {',
    to: 'new azure.VirtualNetwork("net", {\n  name: "store",',
  },
  {
    what: "the cluster",
    from: 'new azure.ManagedCluster("store", {',
    to: 'new azure.ManagedCluster("shop", {\n  name: "store",',
  },
  {
    what: "the pool",
    from: 'new azure.NodePool("user", {',
    to: 'new azure.NodePool("workers", {\n  name: "user",',
  },
  {
    what: "the queue",
    from: 'new k8s.StatefulSet("rabbitmq", {',
    to: 'new k8s.StatefulSet("queue", {\n  metadata: { name: "rabbitmq" },',
  },
];

let store: ProjectFolder;
beforeAll(async () => {
  store = ProjectFolder.store();
  await store.succeed("up", "--yes");
});
afterAll(() => store[Symbol.dispose]());

const cloud = () => JSON.stringify([...collectionsOf(store)].map(([name, values]) => [name, [...values]]));

test("what gets another logical name is moved, and nothing happens to it", async () => {
  const before = cloud();
  store.write("store.ts", applyEdits(store.read("store.ts"), renames));
  const { stdout } = await store.succeed("preview");
  expect(stdout).toMatch(/4 to move, \d+ unchanged/);
  expect(stdout).toContain("» azure:NodePool workers");
  expect(stdout).toContain("recorded as user until now, as the same physical thing");
  await store.succeed("up", "--yes");
  expect(cloud()).toBe(before);
  expect((await store.berth("preview", "--detailed-exitcode")).code).toBe(0);
});

test("and is updated and destroyed as what it is now", async () => {
  const more = {
    what: "more nodes",
    from: 'count: 2,\n  availabilityZones: ["1", "2", "3"],\n});',
    to: 'count: 3,\n  availabilityZones: ["1", "2", "3"],\n});',
  };
  const program = applyEdits(store.read("store.ts"), [more]);
  store.write("store.ts", program.replace("rabbitmq:4.3.2", "rabbitmq:4.3.3"));
  const { stdout } = await store.succeed("preview");
  expect(stdout).toContain("2 to update");
  await store.succeed("up", "--yes");
  expect((await store.berth("preview", "--detailed-exitcode")).code).toBe(0);
  await store.succeed("destroy", "--yes");
});

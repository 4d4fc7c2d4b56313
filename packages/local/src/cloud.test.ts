import { expect, test } from "vitest";
import { Cloud } from "./cloud.ts";
import { NoLog } from "./store/log.ts";
import { COUNTERS, Store } from "./store/store.ts";
import { testCluster, testDeployment, testNode } from "./testing.ts";

const pods = { apiVersion: "v1", kind: "Pod" };

function cloudWithCluster(): Cloud {
  const cloud = new Cloud(new Store(new NoLog()));
  cloud.transact((transaction) => {
    transaction.createCluster(testCluster);
    transaction.cluster("test")?.put(testNode("n1"));
  });
  return cloud;
}

test("a removed cluster leaves nothing, and the next one shares nothing with it", () => {
  const cloud = cloudWithCluster();
  const first = cloud.cluster("test");
  cloud.transact((transaction) => transaction.removeCluster("test"));
  expect(cloud.clusters()).toEqual([]);
  expect([...cloud.collection(COUNTERS).keys()].filter((key) => key.startsWith("clusters/"))).toEqual([]);
  const second = cloud.transact((transaction) => transaction.createCluster(testCluster));
  expect(second.number).not.toBe(first?.number);
  expect(second.token).not.toBe(first?.token);
});

test("what a transaction did that throws, or that only looks, never happened, in the simulation neither", () => {
  const cloud = cloudWithCluster();
  const deploy = (end: () => void) =>
    cloud.transact((transaction) => {
      transaction.cluster("test")?.put(testDeployment("web", 2));
      end();
    });
  expect(() =>
    deploy(() => {
      throw new Error("no");
    }),
  ).toThrow("no");
  cloud.transact((transaction) => {
    transaction.cluster("test")?.put(testDeployment("web", 2));
    transaction.discard();
  });
  const record = cloud.cluster("test");
  expect(record && [...cloud.objects(record, pods)]).toEqual([]);
  deploy(() => {});
  expect(record && [...cloud.objects(record, pods)]).toHaveLength(2);
});

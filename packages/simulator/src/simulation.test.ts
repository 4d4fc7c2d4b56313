import type { Node } from "@berth/objects";
import { describe, expect, test } from "vitest";
import type { SimulationEvent } from "./events.ts";
import { createSimulation } from "./simulation.ts";
import { countedNames, node, podsIn, service, threeNodes, workload } from "./testing.ts";

function start(objects = threeNodes(), naming = countedNames()) {
  return createSimulation({ kubernetes: "1.36", flavour: "aks", objects, naming });
}

function told(events: readonly SimulationEvent[], kind: SimulationEvent["kind"]) {
  return events.filter((event) => event.kind === kind);
}

const web = { apiVersion: "apps/v1", kind: "Deployment", namespace: "default", name: "web" };

describe("a deployment with a service", () => {
  test("gets its pods, spread over the nodes, ready, behind endpoints", () => {
    const cluster = start();
    cluster.put(workload("Deployment", "web", { replicas: 3 }));
    cluster.put(service("web"));
    const events = cluster.settle();
    expect(told(events, "pod-bound").map((event) => event.kind === "pod-bound" && event.node)).toEqual([
      "n1",
      "n2",
      "n3",
    ]);
    expect(told(events, "pod-ready")).toHaveLength(3);
    expect(events.at(-1)).toMatchObject({
      kind: "endpoints-changed",
      ready: [expect.any(String), expect.any(String), expect.any(String)],
    });
    expect(cluster.get(web)).toMatchObject({
      status: { replicas: 3, readyReplicas: 3, availableReplicas: 3 },
    });
    const [slice] = cluster.list({ apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice" });
    expect(slice).toMatchObject({
      ports: [{ name: "", port: 8080, protocol: "TCP" }],
      endpoints: [{ nodeName: "n1", zone: "z1" }, { nodeName: "n2" }, { nodeName: "n3" }],
    });
    expect(cluster.stuck()).toEqual([]);
  });

  test("rests: a second settle does nothing", () => {
    const cluster = start();
    cluster.put(workload("Deployment", "web", { replicas: 3 }));
    cluster.settle();
    cluster.takeChanges();
    expect(cluster.settle()).toEqual([]);
    expect(cluster.takeChanges()).toEqual([]);
  });

  test("replaces the pods of a node that is removed", () => {
    const cluster = start();
    cluster.put(workload("Deployment", "web", { replicas: 3 }));
    cluster.settle();
    cluster.remove({ apiVersion: "v1", kind: "Node", name: "n2" });
    const events = cluster.settle();
    expect(told(events, "pod-deleted")).toMatchObject([{ node: "n2", cause: "node-removed", workload: web }]);
    expect(told(events, "pod-bound")).toHaveLength(1);
  });

  test("rests stuck when the surge pod has no place, and goes on when there is one", () => {
    const cluster = start([node("n1", "z1", "1")]);
    cluster.put(workload("Deployment", "web", { replicas: 1 }, "web:v1", "600m"));
    cluster.settle();
    cluster.put(workload("Deployment", "web", { replicas: 1 }, "web:v2", "600m"));
    const events = cluster.settle();
    expect(told(events, "pod-unschedulable")).toMatchObject([
      { decision: { kind: "unschedulable", message: expect.stringContaining("1 Insufficient cpu") } },
    ]);
    expect(cluster.stuck()).toMatchObject([
      { workload: web, desired: 1, updated: 1, ready: 1, unschedulable: [{ kind: "Pod" }] },
    ]);
    expect(cluster.unschedulable()).toHaveLength(1);
    cluster.put(node("n2", "z2"));
    cluster.settle();
    expect(cluster.stuck()).toEqual([]);
    expect(podsIn(cluster.objects()).map((pod) => pod.spec?.nodeName)).toEqual(["n2"]);
  });
});

test("what belongs to a deleted object goes with it, or is left where it is orphaned", () => {
  const cluster = start();
  cluster.put(workload("Deployment", "web", { replicas: 2 }));
  cluster.put(workload("StatefulSet", "db", { replicas: 2 }));
  cluster.settle();
  cluster.remove(web);
  cluster.settle();
  expect(podsIn(cluster.objects()).map((pod) => pod.metadata?.name)).toEqual(["db-0", "db-1"]);
  cluster.remove({ ...web, kind: "StatefulSet", name: "db" }, "Orphan");
  cluster.settle();
  expect(podsIn(cluster.objects())).toHaveLength(2);
});

test("a daemon set runs on every node that suits it, new ones too", () => {
  const cluster = start();
  cluster.put(workload("DaemonSet", "agent"));
  cluster.settle();
  cluster.put(node("n4", "z1"));
  const tainted: Node = { ...node("n5", "z1"), spec: { taints: [{ key: "gpu", effect: "NoSchedule" }] } };
  cluster.put(tainted);
  cluster.settle();
  expect(podsIn(cluster.objects()).map((pod) => pod.spec?.nodeName)).toEqual(["n1", "n2", "n3", "n4"]);
});

test("the same calls give the same bytes", () => {
  const run = () => {
    const cluster = start();
    cluster.put(service("web"));
    cluster.put(workload("Deployment", "web", { replicas: 5 }));
    cluster.settle();
    cluster.put(workload("Deployment", "web", { replicas: 4 }, "web:v2"));
    cluster.settle();
    return JSON.stringify([...cluster.objects()]);
  };
  expect(run()).toBe(run());
});

test("sets that were observed without their revisions keep their pods, and still roll", () => {
  const cluster = start();
  cluster.put(workload("StatefulSet", "db", { replicas: 2 }));
  cluster.put(workload("DaemonSet", "agent"));
  cluster.settle();
  const observed = [...cluster.objects()].filter((object) => object.kind !== "ControllerRevision");
  const later = start(observed as Node[], countedNames("later"));
  expect(later.settle()).toEqual([]);
  later.put(workload("StatefulSet", "db", { replicas: 2 }, "db:v2"));
  later.put(workload("DaemonSet", "agent", {}, "agent:v2"));
  expect(told(later.settle(), "pod-deleted")).toHaveLength(5);
  expect(later.stuck()).toEqual([]);
});

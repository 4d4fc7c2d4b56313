import { BerthError } from "@berth/diagnostics";
import type { Node, Pod } from "@berth/objects";
import { describe, expect, test } from "vitest";
import type { Decision } from "./decision.ts";
import { createScheduler, type SchedulerOptions } from "./scheduler.ts";
import { node, pod } from "./test-objects.ts";

function scheduler(nodes: readonly Node[], options: Partial<SchedulerOptions> = {}) {
  return createScheduler({ nodes, kubernetes: "1.36", flavour: "upstream", ...options });
}

function codesOf(run: () => unknown): string[] {
  try {
    run();
  } catch (error) {
    if (BerthError.is(error)) return error.problems.map((each) => `${each.code} ${each.path ?? ""}`.trim());
    throw error;
  }
  return [];
}

const three = ["a", "b", "c"].map((name) => node(name));

describe("a placement", () => {
  test("takes the first of the best in the order of nodes, and says how certain it is", () => {
    const cluster = scheduler(three);
    expect(cluster.decide(pod("p", { cpu: "1" }))).toMatchObject({
      node: "a",
      certainty: "tied",
      tied: 3,
      feasible: 3,
      best: ["a", "b", "c"],
    });
    cluster.assume(pod("q", { cpu: "1" }), "a");
    cluster.assume(pod("r", { cpu: "1" }), "b");
    expect(cluster.decide(pod("p", { cpu: "1" }))).toMatchObject({
      node: "c",
      certainty: "unique",
      best: ["c"],
    });
    expect(cluster.decide(pod("p", { cpu: "4" }))).toMatchObject({
      node: "c",
      certainty: "forced",
      best: ["c"],
    });
  });

  test("is image-sensitive where images decided it", () => {
    const images = [{ names: ["app:latest"], sizeBytes: 900_000_000 }];
    const cluster = scheduler([node("a"), node("b", { images })]);
    expect(cluster.decide(pod("p", { cpu: "1" }))).toMatchObject({ node: "b", certainty: "image-sensitive" });
    cluster.assume(pod("q", { cpu: "3", memory: "12Gi" }), "b");
    expect(cluster.decide(pod("p", { cpu: "1" }))).toMatchObject({ node: "a", certainty: "unique" });
  });

  test("is order-sensitive where the same pods in another order lie elsewhere", () => {
    const nodes = [node("small", { allocatable: { cpu: "2" } }), node("large")];
    const steady = [pod("one", { cpu: "2500m" }), pod("two", { cpu: "1500m" })];
    const certainties = (pods: readonly Pod[], orders: number) =>
      scheduler(nodes)
        .schedule(pods, { orders })
        .map(({ decision }) => (decision.kind === "placed" ? decision.certainty : decision.kind));
    expect(certainties(steady, 0)).toEqual(["forced", "unique"]);
    expect(certainties(steady, 1)).toEqual(["forced", "order-sensitive"]);
    const alike = [pod("one", { cpu: "2" }), pod("two", { cpu: "2" })];
    expect(certainties(alike, 3)).toEqual(certainties(alike, 0));
  });

  test("can be read late, whatever happened since", () => {
    const cluster = scheduler(three);
    const early = cluster.decide(pod("p", { cpu: "1" }));
    const refused = cluster.decide(pod("q", { cpu: "9" }));
    for (const [i, name] of ["a", "b", "c"].entries()) cluster.assume(pod(`x-${i}`, { cpu: "3" }), name);
    cluster.removeNode("b");
    cluster.updateNode(node("a", { unschedulable: true }));
    expect(early.kind === "placed" && [early.best, early.scores.get("b")?.total]).toEqual([
      ["a", "b", "c"],
      early.kind === "placed" && early.total,
    ]);
    expect(
      refused.kind === "unschedulable" && refused.reasons.map((each) => each.shortages[0]?.shortBy),
    ).toEqual([5000, 5000, 5000]);
  });

  test("cannot be read once the past is forgotten", () => {
    const cluster = scheduler(three);
    const decision = cluster.decide(pod("p", { cpu: "1" }));
    cluster.assume(pod("p", { cpu: "1" }), "a");
    cluster.forget();
    expect(codesOf(() => decision.kind === "placed" && decision.best)).toEqual(["BERTH2109"]);
    expect(cluster.decide(pod("q", { cpu: "1" }))).toMatchObject({ node: "b", best: ["b", "c"] });
  });
});

describe("what changes is told", () => {
  test("pods come and go; a node that comes back has its pods", () => {
    const cluster = scheduler([node("a", { allocatable: { pods: "1" } })]);
    const first = pod("first");
    cluster.assume(first, "a");
    expect(cluster.nodeOf(first)).toBe("a");
    expect(cluster.decide(pod("second")).kind).toBe("unschedulable");
    cluster.removeNode("a");
    expect(cluster.decide(pod("second"))).toMatchObject({ message: "no nodes available to schedule pods" });
    cluster.addNode(node("a", { allocatable: { pods: "1" } }));
    expect(cluster.decide(pod("second")).kind).toBe("unschedulable");
    expect(cluster.remove(first)).toBe(true);
    expect(cluster.remove(first)).toBe(false);
    expect(cluster.decide(pod("second"))).toMatchObject({ node: "a" });
  });

  test("pods that exist count, those that ended do not", () => {
    const on = (name: string, phase: string): Pod => ({
      ...pod(name, {}, { spec: { nodeName: "a" } }),
      status: { phase: phase as "Running" },
    });
    const full = (phase: string) =>
      scheduler([node("a", { allocatable: { pods: "1" } })], { pods: [on("old", phase)] }).decide(pod("new"))
        .kind;
    expect(["Running", "Pending", "Succeeded", "Failed"].map(full)).toEqual([
      "unschedulable",
      "unschedulable",
      "placed",
      "placed",
    ]);
  });

  test("gates keep a pod out of the queue", () => {
    const gated = pod("gated", {}, { spec: { schedulingGates: [{ name: "a" }, { name: "b" }] } });
    expect(scheduler(three).decide(gated)).toEqual({
      kind: "gated",
      gates: ["a", "b"],
      message: "waiting for scheduling gates: [a b]",
    });
  });

  test("the queue takes priority first, then arrival", () => {
    const cluster = scheduler([node("a", { allocatable: { pods: "2" } })]);
    const pods = [
      pod("low"),
      pod("high", {}, { spec: { priority: 10 } }),
      pod("middle", {}, { spec: { priority: 5 } }),
    ];
    expect(
      cluster.schedule(pods).map(({ pod: each, decision }) => [each.metadata?.name, decision.kind]),
    ).toEqual([
      ["high", "placed"],
      ["middle", "placed"],
      ["low", "unschedulable"],
    ]);
  });
});

describe("the table of all nodes", () => {
  test("tells each node's verdict, and the scores of those that are feasible", () => {
    const cluster = scheduler([
      node("a"),
      node("b", { unschedulable: true }),
      node("c", { allocatable: { cpu: "1" } }),
      node("d"),
    ]);
    cluster.assume(pod("x", { cpu: "1", memory: "1Gi" }), "d");
    const table = cluster.explain(pod("p", { cpu: "2" }));
    expect(table.map((each) => [each.node, each.feasible, each.best, each.filters.at(-1)?.plugin])).toEqual([
      ["a", true, true, "InterPodAffinity"],
      ["b", false, false, "NodeUnschedulable"],
      ["c", false, false, "NodeResourcesFit"],
      ["d", true, false, "InterPodAffinity"],
    ]);
    expect(table[2]?.filters.at(-1)).toMatchObject({
      verdict: "refused",
      shortages: [{ resource: "cpu", shortBy: 1000 }],
    });
    expect(table[0]?.scores?.plugins).toMatchObject({ TaintToleration: 300, NodeResourcesFit: 74 });
  });

  test("is kept with a decision as it was when it was made, with the arithmetic of every node", () => {
    const cluster = scheduler([node("a"), node("c", { allocatable: { cpu: "1" } })]);
    const asked = pod("p", { cpu: "2" });
    const table = cluster.explain(asked);
    const decision = cluster.decide(asked);
    cluster.assume(pod("x", { cpu: "2" }), "a");
    const later = cluster.decide(asked);
    cluster.removeNode("a");
    expect(decision.kind === "placed" && decision.nodes).toEqual(table);
    const cpu = (each: Decision) =>
      each.kind === "gated"
        ? []
        : each.nodes.map((one) => one.amounts.find(({ resource }) => resource === "cpu"));
    expect(cpu(decision)).toEqual([
      { resource: "cpu", requested: 2000, used: 0, capacity: 4000, shortBy: 0 },
      { resource: "cpu", requested: 2000, used: 0, capacity: 1000, shortBy: 1000 },
    ]);
    expect(cpu(later)[0]).toMatchObject({ used: 2000, shortBy: 0 });
  });
});

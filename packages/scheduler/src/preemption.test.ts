import type { Node, Pod } from "@berth/objects";
import { describe, expect, test } from "vitest";
import type { Decision } from "./decision.ts";
import { createScheduler, type SchedulerOptions } from "./scheduler.ts";
import { node, pod } from "./test-objects.ts";

function scheduler(nodes: readonly Node[], options: Partial<SchedulerOptions> = {}) {
  return createScheduler({ nodes, kubernetes: "1.36", flavour: "upstream", ...options });
}

function at(name: string, priority: number, second: number, requests = { cpu: "1" }): Pod {
  const startTime = `2026-01-01T00:00:${String(second).padStart(2, "0")}Z`;
  return { ...pod(name, requests, { labels: { app: name }, spec: { priority } }), status: { startTime } };
}

function budget(app: string, disruptionsAllowed: number) {
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name: app, namespace: "default" },
    spec: { selector: { matchLabels: { app } } },
    status: { disruptionsAllowed },
  };
}

const important = (cpu: string) => pod("important", { cpu }, { spec: { priority: 100 } });

/** Nodes of 2 CPUs with the pods that run there. */
function cluster(placed: Record<string, Pod[]>, objects: NonNullable<SchedulerOptions["objects"]> = []) {
  const made = scheduler(
    Object.keys(placed).map((name) => node(name, { allocatable: { cpu: "2" } })),
    { objects },
  );
  for (const [name, pods] of Object.entries(placed)) for (const each of pods) made.assume(each, name);
  return made;
}

function victims(decision: Decision): (string | undefined)[] {
  if (decision.kind !== "preempts") return [decision.kind];
  return [decision.node, ...decision.victims.map((each) => each.metadata?.name)];
}

// scheduling.md §1.9.
describe("preemption", () => {
  test("as few as needed go, the least important first: lower priority, then later start", () => {
    expect(victims(cluster({ a: [at("old", 0, 1), at("young", 0, 2)] }).decide(important("1")))).toEqual([
      "a",
      "young",
    ]);
    expect(victims(cluster({ a: [at("low", 0, 1), at("middle", 5, 2)] }).decide(important("1")))).toEqual([
      "a",
      "low",
    ]);
  });

  test("equal priority never goes, nor does preemptionPolicy Never preempt", () => {
    expect(cluster({ a: [at("equal", 100, 1), at("equal2", 100, 1)] }).decide(important("1"))).toMatchObject({
      message:
        "0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.",
    });
    const never = pod("never", { cpu: "1" }, { spec: { priority: 100, preemptionPolicy: "Never" } });
    expect(cluster({ a: [at("low", 0, 1), at("low2", 0, 1)] }).decide(never)).toMatchObject({
      message:
        "0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: not eligible due to preemptionPolicy=Never.",
    });
  });

  test.each<[string, Record<string, Pod[]>, string]>([
    [
      "fewest budgets violated",
      { a: [at("guarded", 0, 1, { cpu: "2" })], b: [at("free", 0, 1, { cpu: "2" })] },
      "b",
    ],
    [
      "lowest of the highest priorities",
      { a: [at("p5", 5, 1, { cpu: "2" })], b: [at("p1", 1, 1, { cpu: "2" })] },
      "b",
    ],
    [
      "lowest sum of priorities",
      { a: [at("x", 5, 1), at("y", 4, 1)], b: [at("z", 5, 1), at("w", 1, 1)] },
      "b",
    ],
    ["fewest pods", { a: [at("x", 0, 1), at("y", 0, 1)], b: [at("z", 0, 1, { cpu: "2" })] }, "b"],
    [
      "the latest start of the most important",
      { a: [at("x", 0, 1, { cpu: "2" })], b: [at("z", 0, 9, { cpu: "2" })] },
      "b",
    ],
    ["else the first", { a: [at("x", 0, 1, { cpu: "2" })], b: [at("z", 0, 1, { cpu: "2" })] }, "a"],
  ])("the node is chosen by: %s", (_, placed, expected) => {
    const decision = cluster(placed, [budget("guarded", 0)]).decide(important("2"));
    expect(decision).toMatchObject({
      kind: "preempts",
      node: expected,
      message: "0/2 nodes are available: 2 Insufficient cpu.",
    });
  });

  test("candidates that the criteria leave equal are all told", () => {
    const decision = cluster({ a: [at("x", 0, 1, { cpu: "2" })], b: [at("z", 0, 1, { cpu: "2" })] }).decide(
      important("2"),
    );
    expect(decision.kind === "preempts" && decision.candidates.map((each) => each.node)).toEqual(["a", "b"]);
  });

  test("budgets spare whom they can: others go first", () => {
    const placed = { a: [at("guarded", 0, 5), at("free", 0, 1)] };
    expect(victims(cluster(placed, [budget("guarded", 0)]).decide(important("1")))).toEqual(["a", "free"]);
    expect(victims(cluster(placed, [budget("guarded", 1)]).decide(important("1")))).toEqual(["a", "guarded"]);
  });

  test("a pod that never fits is not helped", () => {
    expect(cluster({ a: [at("low", 0, 1)] }).decide(important("3"))).toMatchObject({
      message:
        "0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.",
    });
  });

  test("before 1.35 nothing is said of resource claims", () => {
    const made = scheduler([node("a")], { kubernetes: "1.34" });
    expect(made.decide(pod("p", { cpu: "9" }))).toMatchObject({
      message:
        "0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.",
    });
  });
});

describe("a nominated pod", () => {
  test("keeps its room from pods that are not more important, and gets it", () => {
    const made = scheduler([node("a", { allocatable: { cpu: "2" } }), node("b")]);
    made.nominate(important("2"), "a");
    expect(made.decide(pod("small", { cpu: "1" }))).toMatchObject({ node: "b", certainty: "forced" });
    expect(made.decide(pod("vital", { cpu: "1" }, { spec: { priority: 200 } }))).toMatchObject({
      feasible: 2,
    });
    expect(made.decide(important("2"))).toMatchObject({ node: "a", certainty: "forced" });
    made.assume(important("2"), "a");
    expect(made.decide(pod("small", { cpu: "1" }))).toMatchObject({ node: "b", certainty: "forced" });
    made.remove(important("2"));
    expect(made.decide(pod("small", { cpu: "1" }))).toMatchObject({ feasible: 2 });
  });

  test("seeks no further victim while one is leaving its node", () => {
    const leaving: Pod = {
      ...at("leaving", 0, 1, { cpu: "2" }),
      metadata: { name: "leaving", namespace: "default", deletionTimestamp: "2026-01-01T00:00:09Z" },
      status: { conditions: [{ type: "DisruptionTarget", status: "True", reason: "PreemptionByScheduler" }] },
    };
    const made = cluster({ a: [leaving], b: [at("other", 0, 1, { cpu: "2" })] });
    made.nominate(important("2"), "a");
    expect(made.decide(important("2"))).toMatchObject({
      message:
        "0/2 nodes are available: 2 Insufficient cpu. no new claims to deallocate, preemption: not eligible due to a terminating pod on the nominated node.",
    });
  });
});

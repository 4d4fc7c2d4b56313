import { describe, expect, test } from "vitest";
import type { Placed } from "./decision.ts";
import { createScheduler, type Scheduler } from "./scheduler.ts";
import { node, pod, service } from "./test-objects.ts";

// Vectors of scheduling.md §1.5.1 and traces of §1.5.2: computed from the formulas, and the 1.36
// totals confirmed on a real kube-scheduler 1.36.2.

function placed(scheduler: Scheduler, of: ReturnType<typeof pod>): Placed {
  const decision = scheduler.decide(of);
  if (decision.kind !== "placed") throw new Error(`not placed: ${decision.kind}`);
  return decision;
}

function totals(decision: Placed): number[] {
  return [...decision.scores.values()].map((scores) => scores.total);
}

describe("a node of 4 CPUs and 16 GiB", () => {
  test.each([
    // used cpu, used memory, pod cpu, pod memory, LeastAllocated, Balanced ≤1.35, Balanced ≥1.36
    ["0", "0", "1000m", "4Gi", 75, 100, 75],
    ["0", "0", "1000m", "1Gi", 84, 90, 70],
    ["2000m", "2Gi", "500m", "4Gi", 49, 87, 78],
    ["1000m", "8Gi", "1000m", "512Mi", 48, 98, 80],
    ["3900m", "15Gi", "100m", "200Mi", 2, 97, 74],
  ])(
    "with %s and %s used scores a pod of %s and %s",
    (usedCpu, usedMemory, cpu, memory, least, before, since) => {
      for (const [kubernetes, balanced] of [
        ["1.35", before],
        ["1.36", since],
      ] as const) {
        const scheduler = createScheduler({ nodes: [node("a"), node("b")], kubernetes, flavour: "upstream" });
        scheduler.assume(pod("used", { cpu: usedCpu, memory: usedMemory }), "a");
        const { plugins } = placed(scheduler, pod("new", { cpu, memory })).scores.get("a")!;
        expect([plugins.NodeResourcesFit, plugins.NodeResourcesBalancedAllocation]).toEqual([
          least,
          balanced,
        ]);
      }
    },
  );
});

describe("one Deployment behind a Service, without constraints of its own", () => {
  const web = { labels: { app: "web" } };
  const behind = [service("web", { app: "web" })];

  test.each([
    [
      "1.36",
      [
        [663, 663, 663],
        [586, 663, 663],
        [586, 586, 663],
        [654, 654, 654],
      ],
    ],
    [
      "1.35",
      [
        [686, 686, 686],
        [606, 686, 686],
        [606, 606, 686],
        [674, 674, 674],
      ],
    ],
  ])("A: three empty nodes in three zones, %s", (kubernetes, expected) => {
    const nodes = ["1", "2", "3"].map((zone) => node(`n${zone}`, { zone }));
    const scheduler = createScheduler({ nodes, objects: behind, kubernetes, flavour: "upstream" });
    const decisions = expected.map((_, i) => {
      const replica = pod(`web-${i}`, { cpu: "500m", memory: "1Gi" }, web);
      const decision = placed(scheduler, replica);
      scheduler.assume(replica, decision.node);
      return decision;
    });
    expect(decisions.map(totals)).toEqual(expected);
    expect(decisions.map((each) => each.best)).toEqual([
      ["n1", "n2", "n3"],
      ["n2", "n3"],
      ["n3"],
      ["n1", "n2", "n3"],
    ]);
    expect(decisions.map((each) => each.certainty)).toEqual(["tied", "tied", "unique", "tied"]);
  });

  test.each([
    [
      "upstream",
      [
        [662, 662, 637],
        [582, 638, 637],
      ],
      "n1",
    ],
    [
      "aks",
      [
        [662, 662, 637],
        [530, 622, 637],
      ],
      "n2",
    ],
  ] as const)("B: zones weigh more on AKS than upstream: %s", (flavour, expected, second) => {
    const nodes = [node("n0", { zone: "1" }), node("n1", { zone: "1" }), node("n2", { zone: "2" })];
    const scheduler = createScheduler({ nodes, objects: behind, kubernetes: "1.36", flavour });
    scheduler.assume(pod("other", { cpu: "1000m", memory: "4Gi" }), "n2");
    const decisions = [0, 1].map((i) => {
      const replica = pod(`web-${i}`, { cpu: "500m", memory: "2Gi" }, web);
      const decision = placed(scheduler, replica);
      scheduler.assume(replica, decision.node);
      return decision;
    });
    expect(decisions.map(totals)).toEqual(expected);
    expect(decisions[1]?.node).toBe(second);
  });

  test.each([
    ["1.35", [661, 671], "n1"],
    ["1.36", [651, 650], "n0"],
  ])("C: the same pod goes elsewhere on %s", (kubernetes, expected, chosen) => {
    const nodes = [node("n0", { zone: "1" }), node("n1", { zone: "2" })];
    const scheduler = createScheduler({ nodes, objects: behind, kubernetes, flavour: "upstream" });
    scheduler.assume(pod("x", { cpu: "0", memory: "4Gi" }), "n0");
    scheduler.assume(pod("y", { cpu: "1000m", memory: "2Gi" }), "n1");
    const decision = placed(scheduler, pod("web-0", { cpu: "100m", memory: "2Gi" }, web));
    expect(totals(decision)).toEqual(expected);
    expect(decision.node).toBe(chosen);
  });
});

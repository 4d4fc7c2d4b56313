import type { Node, Pod } from "@berth/objects";
import { describe, expect, test } from "vitest";
import { createScheduler } from "../scheduler.ts";
import { node, pod } from "../test-objects.ts";
import { countNodes } from "./count-nodes.ts";
import { loadHighs } from "./highs.ts";
import { cheapestMix } from "./mix.ts";
import type { NodeShape, SizingProblem } from "./problem.ts";
import { waysOut } from "./ways-out.ts";

function shape(name: string, cpu: string, memory: string, rest: Partial<NodeShape> = {}): NodeShape {
  const made = (index: number): Node =>
    node(`${name}-${index}`, { zone: `${(index % 3) + 1}`, allocatable: { cpu, memory, pods: "30" } });
  return { name, node: made, ...rest };
}

function replicas(
  name: string,
  count: number,
  ...rest: [Parameters<typeof pod>[1], Parameters<typeof pod>[2]?]
): Pod[] {
  return Array.from({ length: count }, (_, i) => pod(`${name}-${i}`, ...rest));
}

const problem = (pending: readonly Pod[], rest: Partial<SizingProblem> = {}): SizingProblem => ({
  pending,
  kubernetes: "1.36",
  flavour: "upstream",
  ...rest,
});
const apart = (app: string) => ({
  labels: { app },
  spec: {
    affinity: {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: { app } } },
        ],
      },
    },
  },
});

describe("how many nodes", () => {
  const d4 = shape("d4", "4", "16Gi");

  test.each<[string, Pod[], number, string]>([
    ["cpu", replicas("p", 9, { cpu: "1" }), 3, "cpu"],
    ["memory", replicas("p", 9, { cpu: "100m", memory: "8Gi" }), 5, "memory"],
    ["the number of pods", replicas("p", 61, { cpu: "1m" }), 3, "pods"],
    ["pods that keep apart", replicas("p", 7, { cpu: "1m" }, apart("p")), 7, "pods that keep apart"],
    ["nothing", [], 0, ""],
  ])("is bounded by %s, and that many are enough", (_, pending, nodes, because) => {
    const counts = countNodes(problem(pending), d4);
    expect(counts).toMatchObject({
      shape: "d4",
      lowerBound: { nodes, because },
      autoscaler: { nodes, unplaced: [] },
      exact: { nodes },
    });
  });

  test("what is free already counts, and daemons take their part of each node", () => {
    const existing = [node("old")];
    const daemons = (on: Node) => [pod(`agent-${on.metadata?.name}`, { cpu: "1" })];
    const counts = countNodes(problem(replicas("p", 10, { cpu: "1" }), { nodes: existing }), {
      ...d4,
      daemons,
    });
    expect(counts).toMatchObject({
      lowerBound: { nodes: 2 },
      autoscaler: { nodes: 2 },
      exact: { nodes: 2, oneMoreToo: true },
    });
  });

  test("adding up is not placing: 3 pods of 3 CPUs do not share 4", () => {
    expect(countNodes(problem(replicas("p", 3, { cpu: "3" })), d4)).toMatchObject({
      lowerBound: { nodes: 3 },
      autoscaler: { nodes: 3 },
      exact: { nodes: 3 },
    });
    expect(countNodes(problem(replicas("p", 4, { cpu: "2500m" })), d4)).toMatchObject({
      lowerBound: { nodes: 3 },
      autoscaler: { nodes: 4 },
      exact: { nodes: 4 },
    });
  });

  test("the scheduler spreads where the autoscaler packs: it needs more", () => {
    const pending = [...replicas("small", 4, { cpu: "1" }), ...replicas("large", 2, { cpu: "3" })];
    const { autoscaler, exact } = countNodes(problem(pending), d4);
    expect(autoscaler.nodes).toBe(3);
    expect(exact.nodes).toBeGreaterThanOrEqual(3);
  });

  test("a pod that no node of the shape takes is told, with the message", () => {
    const counts = countNodes(problem([pod("huge", { cpu: "5" })]), { ...d4, limit: 3 });
    expect(counts.autoscaler).toMatchObject({ nodes: 0, unplaced: [{ metadata: { name: "huge" } }] });
    expect(counts.exact.nodes).toBeUndefined();
    expect(counts.exact.unplaced[0]?.message).toMatch(/^0\/3 nodes are available: 3 Insufficient cpu/);
  });

  test("a limit that is too low is told likewise", () => {
    const counts = countNodes(problem(replicas("p", 9, { cpu: "1" })), { ...d4, limit: 2 });
    expect(counts).toMatchObject({ lowerBound: { nodes: 3 }, autoscaler: { nodes: 2 } });
    expect([counts.autoscaler.unplaced.length, counts.exact.unplaced.length]).toEqual([1, 1]);
  });
});

describe("the cheapest mix", async () => {
  const solve = await loadHighs();
  const d2 = shape("d2", "2", "8Gi", { price: 70 });
  const d4 = shape("d4", "4", "16Gi", { price: 130 });
  const e4 = shape("e4", "4", "32Gi", { price: 180 });
  const mix = (pending: Pod[], shapes: NodeShape[], limits?: Parameters<typeof cheapestMix>[3]) =>
    cheapestMix(problem(pending), shapes, solve, limits);

  test("takes the sizes that cost least together", () => {
    expect(mix(replicas("p", 10, { cpu: "1" }), [d2, d4])).toEqual({
      kind: "mix",
      nodes: { d2: 1, d4: 2 },
      price: 330,
      bound: 330,
    });
    expect(mix(replicas("p", 4, { cpu: "1", memory: "7Gi" }), [d2, e4])).toEqual({
      kind: "mix",
      nodes: { d2: 0, e4: 1 },
      price: 180,
      bound: 180,
    });
  });

  test("stays within each shape's limit and what they share", () => {
    expect(mix(replicas("p", 10, { cpu: "1" }), [d2, { ...d4, limit: 1 }])).toMatchObject({
      nodes: { d2: 3, d4: 1 },
    });
    const cores = [{ name: "cores", limit: 11, uses: { d2: 2, d4: 4 } }];
    expect(mix(replicas("p", 10, { cpu: "1" }), [d2, d4], cores)).toMatchObject({ nodes: { d2: 1, d4: 2 } });
    expect(mix(replicas("p", 12, { cpu: "1" }), [d2, d4], cores)).toMatchObject({ kind: "no-mix" });
  });

  test("is checked by scheduling: what only adds up is not enough", () => {
    const found = mix(replicas("p", 5, { cpu: "10m" }, apart("p")), [d2, d4]);
    expect(found).toMatchObject({ kind: "mix", nodes: { d2: 5, d4: 0 }, price: 350 });
  });

  test("where nothing has a price the fewest nodes are sought", () => {
    const bare = [shape("d2", "2", "8Gi"), shape("d4", "4", "16Gi")];
    expect(mix(replicas("p", 8, { cpu: "1" }), bare)).toMatchObject({ nodes: { d2: 0, d4: 2 }, price: 2 });
  });

  test("a pod too large for every shape is told", () => {
    expect(mix([pod("huge", { cpu: "16" })], [{ ...d2, limit: 2 }])).toMatchObject({
      kind: "no-mix",
      unplaced: [{ pod: { metadata: { name: "huge" } } }],
    });
  });
});

describe("what would place a pod that is unschedulable", () => {
  const shapes = [shape("large", "16", "64Gi", { price: 500 }), shape("medium", "8", "32Gi", { price: 250 })];
  const full = (taints: Parameters<typeof node>[1] = {}) => {
    const scheduler = createScheduler({
      nodes: [node("a", taints), node("b", taints)],
      kubernetes: "1.36",
      flavour: "upstream",
    });
    for (const name of ["a", "b"])
      scheduler.assume(pod(`on-${name}`, { cpu: "2" }, { labels: { app: "web" } }), name);
    return scheduler;
  };

  test("a little less, else one more node, the cheapest first", () => {
    const scheduler = full();
    expect(waysOut(scheduler, pod("p", { cpu: "2500m" }), shapes)).toEqual([
      { kind: "request-less", resource: "cpu", from: 2500, to: 2000, node: "a" },
      { kind: "add-node", shape: "medium", price: 250, node: "medium-0" },
      { kind: "add-node", shape: "large", price: 500, node: "large-0" },
    ]);
    expect(waysOut(scheduler, pod("p", { cpu: "10" }), shapes).map(({ kind }) => kind)).toEqual([
      "add-node",
      "request-less",
    ]);
    expect([scheduler.hasNode("medium-0"), scheduler.decide(pod("q", { cpu: "2" })).kind]).toEqual([
      false,
      "placed",
    ]);
  });

  test("a requirement that could be a preference", () => {
    const web = replicas("web", 1, { cpu: "100m" }, apart("web"))[0]!;
    expect(waysOut(full(), web)).toEqual([
      {
        kind: "relax",
        path: "spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution",
        node: "a",
      },
    ]);
    expect(waysOut(full(), pod("p", {}, { spec: { nodeSelector: { gpu: "yes" } } }))).toEqual([
      { kind: "relax", path: "spec.nodeSelector", node: "a" },
    ]);
  });

  test("a toleration", () => {
    const tainted = full({ taints: [{ key: "spot", value: "yes", effect: "NoSchedule" }] });
    expect(waysOut(tainted, pod("p", { cpu: "1" }))).toEqual([
      { kind: "tolerate", taints: ["spot=yes:NoSchedule"], node: "a" },
    ]);
  });

  test("nothing for a pod that is placed, nor where nothing helps", () => {
    expect(waysOut(full(), pod("p", { cpu: "1" }), shapes)).toEqual([]);
    expect(waysOut(full(), pod("p", { "example.com/gpu": "1" }), shapes)).toEqual([]);
  });
});

import { BerthError } from "@berth/diagnostics";
import type { Node, PodSpec } from "@berth/objects";
import { describe, expect, test } from "vitest";
import { createScheduler, type SchedulerOptions } from "./scheduler.ts";
import { node, pod } from "./test-objects.ts";

function scheduler(
  nodes: readonly Node[] = ["a", "b", "c"].map((name) => node(name)),
  options: Partial<SchedulerOptions> = {},
) {
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

const deciding = (spec: Partial<PodSpec>) => () => scheduler().decide(pod("p", {}, { spec }));
const requesting = (requests: Record<string, string | number>) => () =>
  scheduler().decide(pod("p", requests));
const requests = "spec.containers[0].resources.requests";

describe("absurd and hostile input", () => {
  test.each<[string, () => unknown, string[]]>([
    ["an unknown version", () => scheduler([], { kubernetes: "1.99" }), ["BERTH2102 kubernetes"]],
    ["a version that is none", () => scheduler([], { kubernetes: "latest" }), ["BERTH2102 kubernetes"]],
    ["NaN as a quantity", requesting({ cpu: Number.NaN }), [`BERTH2101 ${requests}["cpu"]`]],
    ["infinity", requesting({ cpu: Number.POSITIVE_INFINITY }), [`BERTH2101 ${requests}["cpu"]`]],
    [
      "two wrong quantities: both told",
      requesting({ cpu: "lots", memory: "-1Gi" }),
      [`BERTH2101 ${requests}["cpu"]`, `BERTH2101 ${requests}["memory"]`],
    ],
    [
      "a node that gives nonsense",
      () => scheduler([node("a", { allocatable: { cpu: "four" } })]),
      ['BERTH2101 status.allocatable["cpu"]'],
    ],
    [
      "a node without a name",
      () => scheduler([{ apiVersion: "v1", kind: "Node" }]),
      ["BERTH2106 metadata.name"],
    ],
    [
      "a pod without anything",
      () => scheduler().decide({ apiVersion: "v1", kind: "Pod" }),
      ["BERTH2106 metadata.name", "BERTH2106 spec"],
    ],
    ["a priority that is no number", deciding({ priority: Number.NaN }), ["BERTH2106 spec.priority"]],
    ["two nodes of one name", () => scheduler([node("a"), node("a")]), ["BERTH2105"]],
    ["an unknown node", () => scheduler().assume(pod("p"), "z"), ["BERTH2103"]],
    [
      "a pod that runs already",
      () => scheduler(undefined, { pods: [pod("p", {}, { spec: { nodeName: "a" } })] }).assume(pod("p"), "b"),
      ["BERTH2104"],
    ],
    [
      "an operator that does not exist",
      deciding({
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchExpressions: [{ key: "a", operator: "Like" as "In" }] }],
            },
          },
        },
      }),
      ["BERTH2003"],
    ],
    [
      "a negative weight",
      deciding({
        affinity: {
          nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: -5, preference: {} }] },
        },
      }),
      ["BERTH2106 spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight"],
    ],
    [
      "a skew of nothing",
      deciding({
        topologySpreadConstraints: [{ maxSkew: 0, topologyKey: "zone", whenUnsatisfiable: "DoNotSchedule" }],
      }),
      ["BERTH2106 spec.topologySpreadConstraints[0].maxSkew"],
    ],
    [
      "thirty kinds of devices",
      requesting(Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`example.com/d${i}`, "1"]))),
      ["BERTH2106 spec"],
    ],
  ])("%s", (_, run, expected) => {
    expect(codesOf(run)).toEqual(expected);
  });

  test("a decision that fails leaves the cluster as it was", () => {
    const made = scheduler();
    expect(codesOf(() => made.decide(pod("p", { cpu: "x" })))).not.toEqual([]);
    expect(codesOf(() => made.assume(pod("p", { cpu: "x" }), "a"))).not.toEqual([]);
    expect(made.decide(pod("q", { cpu: "1" }))).toMatchObject({ node: "a", tied: 3, best: ["a", "b", "c"] });
    made.assume(pod("q", { cpu: "1" }), "b");
    expect(made.decide(pod("r", { cpu: "1" }))).toMatchObject({ best: ["a", "c"] });
  });

  test("10,000 labels, and labels named like what every object has", () => {
    const labels = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`label-${i}`, `${i}`]));
    const made = scheduler([
      node("a", { labels }),
      node("b", { labels: JSON.parse('{"constructor":"x","__proto__":"y"}') }),
    ]);
    expect(made.decide(pod("p", {}, { labels, spec: { nodeSelector: labels } }))).toMatchObject({
      node: "a",
      certainty: "forced",
    });
    expect(made.decide(pod("q", {}, { spec: { nodeSelector: { toString: "x" } } })).kind).toBe(
      "unschedulable",
    );
    expect(made.decide(pod("r", {}, { spec: { nodeSelector: { constructor: "x" } } }))).toMatchObject({
      node: "b",
    });
  });

  test("amounts beyond what a double counts exactly are still told apart by size", () => {
    const made = scheduler([
      node("a", { allocatable: { memory: "7Ei", cpu: "9e12" } }),
      node("b", { allocatable: { memory: "1Pi" } }),
    ]);
    expect(made.decide(pod("p", { memory: "1Ti" })).kind).toBe("placed");
    expect(made.decide(pod("q", { memory: "2Pi" }))).toMatchObject({ node: "a", certainty: "forced" });
  });

  test("an empty cluster, an empty queue, a pod without containers", () => {
    expect(scheduler([]).decide(pod("p"))).toMatchObject({ message: "no nodes available to schedule pods" });
    expect(scheduler([]).explain(pod("p"))).toEqual([]);
    expect(scheduler().schedule([])).toEqual([]);
    expect(scheduler().decide(pod("p", {}, { spec: { containers: [] } })).kind).toBe("placed");
  });

  test("namespaces that select each other in a circle are just labels", () => {
    const made = scheduler();
    for (const [name, selects] of [
      ["a", "b"],
      ["b", "a"],
    ] as const) {
      made.putObject({ apiVersion: "v1", kind: "Namespace", metadata: { name, labels: { selects } } });
    }
    const podAffinityTerm = {
      topologyKey: "kubernetes.io/hostname",
      labelSelector: {},
      namespaceSelector: { matchLabels: { selects: "a" } },
    };
    const affinity = {
      podAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm }] },
    };
    made.assume(pod("x", {}, { namespace: "b", spec: { affinity } }), "c");
    expect(made.decide(pod("y", {}, { namespace: "a", spec: { affinity } }))).toMatchObject({
      node: "c",
      certainty: "unique",
    });
  });
});

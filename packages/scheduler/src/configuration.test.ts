import { BerthError } from "@berth/diagnostics";
import { describe, expect, test } from "vitest";
import type { KubeSchedulerConfiguration, SchedulerProfile } from "./configuration.ts";
import type { PluginName } from "./framework/plugin-name.ts";
import { createScheduler } from "./scheduler.ts";
import { node, pod, service } from "./test-objects.ts";

const nodes = [
  node("empty", { labels: { disk: "hdd" } }),
  node("busy", { labels: { disk: "ssd" }, taints: [{ key: "old", effect: "PreferNoSchedule" }] }),
];
const busy = pod("busy", { cpu: "2", memory: "8Gi" });
const incoming = pod("incoming", { cpu: "1", memory: "4Gi" });

function schedulerWith(profile: SchedulerProfile, kubernetes = "1.36") {
  const scheduler = createScheduler({
    nodes,
    kubernetes,
    flavour: "upstream",
    configuration: { profiles: [profile] },
  });
  scheduler.assume(busy, "busy");
  return scheduler;
}

function scoresOf(profile: SchedulerProfile, plugin: PluginName, of = incoming): unknown {
  const decision = schedulerWith(profile).decide(of);
  if (decision.kind !== "placed") return decision.kind;
  return ["empty", "busy"].map((name) => decision.scores.get(name)?.plugins[plugin]);
}

const fit = (scoringStrategy: Record<string, unknown>) => ({
  pluginConfig: [{ name: "NodeResourcesFit", args: { scoringStrategy } }],
});

describe("a profile", () => {
  test("sets weights everywhere or at one point; what it does not name keeps its own", () => {
    const taints = (profile: SchedulerProfile) => scoresOf(profile, "TaintToleration");
    expect(taints({})).toEqual([300, 0]);
    expect(
      taints({ plugins: { multiPoint: { enabled: [{ name: "TaintToleration", weight: 7 }] } } }),
    ).toEqual([700, 0]);
    expect(taints({ plugins: { score: { enabled: [{ name: "TaintToleration", weight: 2 }] } } })).toEqual([
      200, 0,
    ]);
    expect(taints({ plugins: { score: { enabled: [{ name: "TaintToleration" }] } } })).toEqual([100, 0]);
  });

  test("turns plugins off, one or all", () => {
    expect(
      scoresOf({ plugins: { score: { disabled: [{ name: "TaintToleration" }] } } }, "TaintToleration"),
    ).toEqual([undefined, undefined]);
    const only = {
      plugins: { score: { disabled: [{ name: "*" }], enabled: [{ name: "NodeResourcesFit", weight: 5 }] } },
    };
    expect(scoresOf(only, "NodeResourcesFit")).toEqual([375, 125]);
    expect(scoresOf(only, "ImageLocality")).toEqual([undefined, undefined]);
  });

  test("changes the order of filters, and with it the reason that a node reports", () => {
    const tainted = node("n", { taints: [{ key: "gpu", effect: "NoSchedule" }], allocatable: { cpu: "0" } });
    const message = (profile: SchedulerProfile) => {
      const scheduler = createScheduler({
        nodes: [tainted],
        kubernetes: "1.36",
        flavour: "upstream",
        configuration: { profiles: [profile] },
      });
      const decision = scheduler.decide(incoming);
      return decision.kind === "unschedulable" ? decision.message.split(".")[0] : decision.kind;
    };
    expect(message({})).toBe("0/1 nodes are available: 1 node(s) had untolerated taint(s)");
    expect(message({ plugins: { filter: { enabled: [{ name: "NodeResourcesFit" }] } } })).toBe(
      "0/1 nodes are available: 1 Insufficient cpu",
    );
  });

  test("without preemption says nothing of it", () => {
    const huge = pod("huge", { cpu: "100" });
    const profile = { plugins: { postFilter: { disabled: [{ name: "*" }] } } };
    expect(schedulerWith(profile).decide(huge)).toMatchObject({
      message: "0/2 nodes are available: 2 Insufficient cpu.",
    });
  });

  test("is chosen by the pod's schedulerName", () => {
    const configuration = { profiles: [{ schedulerName: "packing", ...fit({ type: "MostAllocated" }) }] };
    const scheduler = createScheduler({ nodes, kubernetes: "1.36", flavour: "upstream", configuration });
    expect(() => scheduler.decide(incoming)).toThrow(/BERTH2110.*default-scheduler/);
    expect(
      scheduler.decide({ ...incoming, spec: { ...incoming.spec!, schedulerName: "packing" } }).kind,
    ).toBe("placed");
  });
});

describe("scoring strategies (scheduling.md §1.5)", () => {
  // Free cpu and memory after the pod: 3 of 4 and 12 of 16 on the empty node, 1 of 4 and 4 of 16 on the busy one.
  test.each([
    [{ type: "LeastAllocated" }, [75, 25]],
    [{ type: "MostAllocated" }, [25, 75]],
    [{ type: "LeastAllocated", resources: [{ name: "memory", weight: 3 }] }, [75, 25]],
    [
      {
        type: "RequestedToCapacityRatio",
        requestedToCapacityRatio: {
          shape: [
            { utilization: 0, score: 0 },
            { utilization: 100, score: 10 },
          ],
        },
      },
      [25, 75],
    ],
    [
      {
        type: "RequestedToCapacityRatio",
        requestedToCapacityRatio: {
          shape: [
            { utilization: 50, score: 4 },
            { utilization: 70, score: 8 },
          ],
        },
      },
      [40, 80],
    ],
  ])("%j", (strategy, expected) => {
    expect(scoresOf(fit(strategy), "NodeResourcesFit")).toEqual(expected);
  });
});

describe("arguments", () => {
  test("ignoredResources and groups are not filtered by", () => {
    const gpu = pod("gpu", { "example.com/gpu": "1" });
    const args = (ignored: Record<string, unknown>) => ({
      pluginConfig: [{ name: "NodeResourcesFit", args: ignored }],
    });
    expect(schedulerWith({}).decide(gpu).kind).toBe("unschedulable");
    expect(schedulerWith(args({ ignoredResources: ["example.com/gpu"] })).decide(gpu).kind).toBe("placed");
    expect(schedulerWith(args({ ignoredResourceGroups: ["example.com"] })).decide(gpu).kind).toBe("placed");
  });

  test("addedAffinity filters and scores all pods of the profile", () => {
    const expression = { key: "disk", operator: "In", values: ["ssd"] };
    const required = { nodeSelectorTerms: [{ matchExpressions: [expression] }] };
    const added = { requiredDuringSchedulingIgnoredDuringExecution: required };
    const profile = { pluginConfig: [{ name: "NodeAffinity", args: { addedAffinity: added } }] };
    expect(schedulerWith(profile).decide(incoming)).toMatchObject({ node: "busy", certainty: "forced" });
    const [other] = schedulerWith(profile).explain(incoming);
    expect(other?.filters.at(-1)).toMatchObject({
      reasons: ["node(s) didn't match scheduler-enforced node affinity"],
    });
  });

  test("defaultConstraints of type List take the place of the system's", () => {
    const constraint = { topologyKey: "disk", maxSkew: 1, whenUnsatisfiable: "DoNotSchedule" };
    const args = { defaultingType: "List", defaultConstraints: [constraint] };
    const scheduler = schedulerWith({ pluginConfig: [{ name: "PodTopologySpread", args }] });
    scheduler.putObject(service("web", { app: "web" }));
    const replica = (index: number) => pod(`web-${index}`, { cpu: "100m" }, { labels: { app: "web" } });
    scheduler.assume(replica(0), "empty");
    expect(scheduler.decide(replica(1))).toMatchObject({ node: "busy", certainty: "forced" });
  });

  test("hardPodAffinityWeight weighs what running pods require", () => {
    const affinity = {
      podAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { topologyKey: "disk", labelSelector: { matchLabels: { app: "db" } } },
        ],
      },
    };
    const cache = pod("cache", {}, { labels: { app: "db" }, spec: { affinity } });
    const database = pod("db", { cpu: "1" }, { labels: { app: "db" } });
    const scores = (weight: number) => {
      const scheduler = schedulerWith({
        pluginConfig: [{ name: "InterPodAffinity", args: { hardPodAffinityWeight: weight } }],
      });
      scheduler.assume(cache, "empty");
      const decision = scheduler.decide(database);
      return (
        decision.kind === "placed" &&
        ["empty", "busy"].map((name) => decision.scores.get(name)?.plugins.InterPodAffinity)
      );
    };
    expect(scores(1)).toEqual([200, 0]);
    expect(scores(0)).toEqual([undefined, undefined]);
  });
});

describe("what kube-scheduler refuses at its start is refused here, all of it", () => {
  const problemsOf = (configuration: unknown): string[] => {
    try {
      createScheduler({
        nodes,
        kubernetes: "1.36",
        flavour: "upstream",
        configuration: configuration as KubeSchedulerConfiguration,
      });
    } catch (error) {
      if (BerthError.is(error))
        return error.problems.map((each) => `${each.code} ${each.path}: ${each.message}`);
    }
    return [];
  };

  test.each([
    [
      { plugins: { multiPoint: { enabled: [{ name: "NodeRessourcesFit" }] } } },
      'BERTH2107 profiles[0].plugins.multiPoint.enabled[0].name: there is no plugin "NodeRessourcesFit"',
    ],
    [
      { plugins: { score: { enabled: [{ name: "ImageLocality", weight: -1 }] } } },
      "BERTH2108 profiles[0].plugins.score.enabled[0].weight: -1 is no weight: it must be a whole number from 0 to 1000000",
    ],
    [
      { plugins: { score: { enabled: [{ name: "ImageLocality", weight: Number.NaN }] } } },
      "BERTH2108 profiles[0].plugins.score.enabled[0].weight: NaN is no weight: it must be a whole number from 0 to 1000000",
    ],
    [{ plugins: { scores: {} } }, "BERTH2108 profiles[0].plugins.scores: there is no extension point scores"],
    [
      { plugins: { preFilter: { disabled: [{ name: "NodePorts" }] } } },
      "BERTH2108 profiles[0].plugins.preFilter: NodePorts is on at filter and needs preFilter too",
    ],
    [
      { pluginConfig: [{ name: "InterPodAffinity", args: { hardPodAffinityWeight: 101 } }] },
      "BERTH2108 profiles[0].pluginConfig[0].args.hardPodAffinityWeight: must be a whole number from 0 to 100",
    ],
    [
      { pluginConfig: [{ name: "InterPodAffinity", args: { hardWeight: 1 } }] },
      "BERTH2108 profiles[0].pluginConfig[0].args.hardWeight: InterPodAffinity has no such argument",
    ],
    [
      { pluginConfig: [{ name: "Coscheduling" }] },
      'BERTH2107 profiles[0].pluginConfig[0].name: there is no plugin "Coscheduling"',
    ],
    [
      fit({ type: "RequestedToCapacityRatio" }),
      "BERTH2108 profiles[0].pluginConfig[0].args.scoringStrategy: requestedToCapacityRatio.shape must have at least one point",
    ],
    [
      {
        pluginConfig: [
          {
            name: "PodTopologySpread",
            args: {
              defaultConstraints: [{ maxSkew: 1, topologyKey: "disk", whenUnsatisfiable: "ScheduleAnyway" }],
            },
          },
        ],
      },
      "BERTH2108 profiles[0].pluginConfig[0].args.defaultingType: must be List where defaultConstraints are said",
    ],
  ])("%j", (profile, expected) => {
    expect(problemsOf({ profiles: [profile] })).toEqual([expected]);
  });

  test("twice the same name, extenders, another kind", () => {
    expect(
      problemsOf({ kind: "Policy", profiles: [{}, {}], extenders: [{ urlPrefix: "https://example.com" }] }),
    ).toHaveLength(3);
  });
});

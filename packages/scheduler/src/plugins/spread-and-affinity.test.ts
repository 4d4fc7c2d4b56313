import type { PodAffinityTerm, PodSpec, TopologySpreadConstraint } from "@berth/objects";
import { describe, expect, test } from "vitest";
import { createScheduler, type Scheduler } from "../scheduler.ts";
import { node, pod } from "../test-objects.ts";

function feasible(scheduler: Scheduler, of: ReturnType<typeof pod>): string[] {
  return scheduler
    .explain(of)
    .filter((each) => each.feasible)
    .map((each) => each.node);
}

describe("kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints", () => {
  const key = "topology.kubernetes.io/zone";
  const labelled = { labels: { foo: "bar" } };
  const zone = (rest: Partial<TopologySpreadConstraint> = {}): TopologySpreadConstraint => ({
    maxSkew: 1,
    topologyKey: key,
    whenUnsatisfiable: "DoNotSchedule",
    labelSelector: { matchLabels: { foo: "bar" } },
    ...rest,
  });
  const spreading = (...topologySpreadConstraints: TopologySpreadConstraint[]) =>
    pod("mypod", {}, { ...labelled, spec: { topologySpreadConstraints } });
  /** zoneA: node1 and node2; zoneB: node3 and node4; with the numbers of matching pods that are given. */
  const cluster = (...counts: number[]) => {
    const nodes = ["a", "a", "b", "b"].map((name, i) =>
      node(`node${i + 1}`, { zone: name, labels: { node: `node${i + 1}` } }),
    );
    const scheduler = createScheduler({ nodes, kubernetes: "1.36", flavour: "upstream" });
    counts.forEach((count, i) => {
      for (let n = 0; n < count; n++) scheduler.assume(pod(`p-${i}-${n}`, {}, labelled), `node${i + 1}`);
    });
    return scheduler;
  };

  test("one constraint: the incoming pod goes to the zone that has fewer", () => {
    expect(feasible(cluster(1, 1, 1, 0), spreading(zone()))).toEqual(["node3", "node4"]);
  });

  test("two constraints: both must hold", () => {
    expect(feasible(cluster(1, 1, 1, 0), spreading(zone(), zone({ topologyKey: "node" })))).toEqual([
      "node4",
    ]);
  });

  test("constraints can conflict: zone says zone B, node says node2, so that no node is left", () => {
    expect(feasible(cluster(2, 1, 1, 1), spreading(zone(), zone({ topologyKey: "node" })))).toEqual([
      "node3",
      "node4",
    ]);
    expect(
      feasible(cluster(2, 0, 1, 1), spreading(zone({ maxSkew: 1 }), zone({ topologyKey: "node" }))),
    ).toEqual(["node2"]);
    expect(feasible(cluster(3, 0, 1, 1), spreading(zone(), zone({ topologyKey: "node" })))).toEqual([]);
  });

  test("maxSkew is the difference that is allowed", () => {
    expect(feasible(cluster(1, 1, 1, 0), spreading(zone({ maxSkew: 2 })))).toHaveLength(4);
  });

  test("with fewer domains than minDomains the minimum is taken to be 0", () => {
    expect(feasible(cluster(1, 0, 1, 0), spreading(zone({ minDomains: 2 })))).toHaveLength(4);
    expect(feasible(cluster(1, 0, 1, 0), spreading(zone({ minDomains: 3 })))).toEqual([]);
  });

  test("nodes outside of the pod's node affinity are not counted, unless told to", () => {
    const onlyB = { nodeSelector: { [key]: "b" } };
    const of = (rest: Partial<TopologySpreadConstraint>) =>
      pod("mypod", {}, { ...labelled, spec: { ...onlyB, topologySpreadConstraints: [zone(rest)] } });
    expect(feasible(cluster(0, 0, 1, 0), of({}))).toEqual(["node3", "node4"]);
    expect(feasible(cluster(0, 0, 1, 0), of({ nodeAffinityPolicy: "Ignore" }))).toEqual([]);
  });

  test("tainted nodes are counted, unless told not to", () => {
    const nodes = [
      node("a", { zone: "a", taints: [{ key: "x", effect: "NoSchedule" }] }),
      node("b", { zone: "b" }),
    ];
    const scheduler = createScheduler({ nodes, kubernetes: "1.36", flavour: "upstream" });
    scheduler.assume(pod("p", {}, labelled), "b");
    expect(feasible(scheduler, spreading(zone()))).toEqual([]);
    expect(feasible(scheduler, spreading(zone({ nodeTaintsPolicy: "Honor" })))).toEqual(["b"]);
  });

  test("matchLabelKeys spreads each revision by itself", () => {
    const scheduler = cluster();
    const revision = (name: string, hash: string) =>
      pod(
        name,
        {},
        {
          labels: { foo: "bar", hash },
          spec: { topologySpreadConstraints: [zone({ matchLabelKeys: ["hash"] })] },
        },
      );
    scheduler.assume(revision("old-1", "1"), "node1");
    expect(feasible(scheduler, revision("old-2", "1"))).toEqual(["node3", "node4"]);
    expect(feasible(scheduler, revision("new-1", "2"))).toHaveLength(4);
  });

  test("pods that are being deleted, and those of other namespaces, do not count", () => {
    const scheduler = cluster();
    const leaving = pod("leaving", {}, labelled);
    scheduler.assume(
      { ...leaving, metadata: { ...leaving.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" } },
      "node1",
    );
    scheduler.assume(pod("other", {}, { ...labelled, namespace: "other" }), "node1");
    expect(feasible(scheduler, spreading(zone()))).toHaveLength(4);
  });

  test("a node without the label refuses for good", () => {
    const scheduler = createScheduler({ nodes: [node("bare")], kubernetes: "1.36", flavour: "upstream" });
    expect(scheduler.decide(spreading(zone()))).toMatchObject({
      reasons: [
        {
          code: "UnschedulableAndUnresolvable",
          reasons: ["node(s) didn't match pod topology spread constraints (missing required label)"],
        },
      ],
    });
  });
});

describe("kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node, pods near pods", () => {
  const nodes = [
    node("a1", { zone: "a" }),
    node("a2", { zone: "a" }),
    node("b1", { zone: "b" }),
    node("bare"),
  ];
  const term = (app: string, rest: Partial<PodAffinityTerm> = {}): PodAffinityTerm => ({
    topologyKey: "topology.kubernetes.io/zone",
    labelSelector: { matchLabels: { app } },
    ...rest,
  });
  type Kind = "podAffinity" | "podAntiAffinity";
  const withTerm = (app: string, kind: Kind, of: PodAffinityTerm, namespace = "default") => {
    const spec: Partial<PodSpec> = {
      affinity: { [kind]: { requiredDuringSchedulingIgnoredDuringExecution: [of] } },
    };
    return pod(`${app}-${kind}`, {}, { labels: { app }, namespace, spec });
  };
  const cluster = (...running: [ReturnType<typeof pod>, string][]) => {
    const scheduler = createScheduler({ nodes, kubernetes: "1.36", flavour: "upstream" });
    for (const [each, on] of running) scheduler.assume(each, on);
    return scheduler;
  };
  const store = pod("store", {}, { labels: { app: "store" } });

  test("affinity: only where a matching pod is in the same domain", () => {
    expect(feasible(cluster([store, "a1"]), withTerm("web", "podAffinity", term("store")))).toEqual([
      "a1",
      "a2",
    ]);
    expect(feasible(cluster(), withTerm("web", "podAffinity", term("store")))).toEqual([]);
  });

  test("the first of pods that want to be together may go anywhere that has the label", () => {
    expect(feasible(cluster(), withTerm("web", "podAffinity", term("web")))).toEqual(["a1", "a2", "b1"]);
  });

  test("anti-affinity: not where a matching pod is in the same domain; nodes without the label are free", () => {
    expect(feasible(cluster([store, "a1"]), withTerm("web", "podAntiAffinity", term("store")))).toEqual([
      "b1",
      "bare",
    ]);
  });

  test("anti-affinity holds both ways", () => {
    const shy = withTerm("shy", "podAntiAffinity", term("web"));
    expect(feasible(cluster([shy, "a1"]), pod("web", {}, { labels: { app: "web" } }))).toEqual([
      "b1",
      "bare",
    ]);
  });

  test("each refusal has its text", () => {
    const texts = (scheduler: Scheduler, of: ReturnType<typeof pod>) =>
      scheduler.explain(of)[0]?.filters.at(-1);
    const shy = withTerm("shy", "podAntiAffinity", term("web"));
    expect(texts(cluster(), withTerm("web", "podAffinity", term("store")))).toMatchObject({
      reasons: ["node(s) didn't match pod affinity rules"],
    });
    expect(texts(cluster([store, "a1"]), withTerm("web", "podAntiAffinity", term("store")))).toMatchObject({
      reasons: ["node(s) didn't match pod anti-affinity rules"],
    });
    expect(texts(cluster([shy, "a1"]), pod("web", {}, { labels: { app: "web" } }))).toMatchObject({
      reasons: ["node(s) didn't satisfy existing pods anti-affinity rules"],
    });
  });

  test.each<[string, Partial<PodAffinityTerm>, string[]]>([
    ["its own by default", {}, []],
    ["those it names", { namespaces: ["other"] }, ["a1", "a2"]],
    ["those it selects", { namespaceSelector: { matchLabels: { team: "x" } } }, ["a1", "a2"]],
    ["all, with an empty selector", { namespaceSelector: {} }, ["a1", "a2"]],
    ["none that its selector excludes", { namespaceSelector: { matchLabels: { team: "y" } } }, []],
    [
      "by the label that every namespace has",
      { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "other" } } },
      ["a1", "a2"],
    ],
  ])("a term means pods in namespaces: %s", (_, rest, expected) => {
    const there = pod("store", {}, { labels: { app: "store" }, namespace: "other" });
    const scheduler = cluster([there, "a1"]);
    scheduler.putObject({
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: "other", labels: { team: "x" } },
    });
    expect(feasible(scheduler, withTerm("web", "podAffinity", term("store", rest)))).toEqual(expected);
  });

  test("a term that selects namespaces follows their labels, also those that changed before it was met", () => {
    const there = pod("store", {}, { labels: { app: "store" }, namespace: "other" });
    const scheduler = cluster([there, "a1"]);
    const label = (team: string) =>
      scheduler.putObject({
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name: "other", labels: { team } },
      });
    const near = (team: string) =>
      feasible(
        scheduler,
        withTerm("web", "podAffinity", term("store", { namespaceSelector: { matchLabels: { team } } })),
      );
    expect(feasible(scheduler, pod("plain"))).toHaveLength(4);
    label("x");
    expect(near("x")).toEqual(["a1", "a2"]);
    label("y");
    expect(near("x")).toEqual([]);
    expect(near("y")).toEqual(["a1", "a2"]);
    label("x");
    expect(near("y")).toEqual([]);
  });

  test("mismatchLabelKeys keeps tenants apart", () => {
    const tenant = (name: string) =>
      pod(
        name,
        {},
        {
          labels: { tenant: name },
          spec: {
            affinity: {
              podAntiAffinity: {
                requiredDuringSchedulingIgnoredDuringExecution: [
                  {
                    topologyKey: "topology.kubernetes.io/zone",
                    labelSelector: { matchExpressions: [{ key: "tenant", operator: "Exists" }] },
                    mismatchLabelKeys: ["tenant"],
                  },
                ],
              },
            },
          },
        },
      );
    const scheduler = cluster([tenant("one"), "a1"]);
    expect(
      feasible(scheduler, { ...tenant("one"), metadata: { ...tenant("one").metadata, name: "again" } }),
    ).toHaveLength(4);
    expect(feasible(scheduler, tenant("two"))).toEqual(["b1", "bare"]);
  });
});

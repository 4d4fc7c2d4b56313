import { describe, expect, test } from "vitest";
import { node, pod } from "../test-objects.ts";
import type { KubernetesObject } from "@berth/objects";
import { daemonPods } from "./daemons.ts";
import { createRemedies, type GrowingShape } from "./remedy.ts";

const kubernetes = { kubernetes: "1.36", flavour: "upstream" } as const;
const shape = (
  name: string,
  options: Parameters<typeof node>[1] = {},
  rest: Partial<GrowingShape> = {},
): GrowingShape => ({ name, node: (index) => node(`${name}#${index + 1}`, options), ...rest });
const user = shape("user", {}, { price: 100 });
const small = shape("small", { allocatable: { cpu: "2" } }, { price: 40 });
const full = {
  ...kubernetes,
  nodes: [node("user#1")],
  pods: [pod("running", { cpu: "3" }, { spec: { nodeName: "user#1" } })],
};

describe("a pod without a node", () => {
  test("fits on one more, of the cheapest pool that takes it", () => {
    const remedyOf = createRemedies(full, [user, small]);
    expect(remedyOf([pod("a", { cpu: "2" })])).toEqual({
      kind: "more-nodes",
      shape: "small",
      nodes: 1,
      pods: 1,
      price: 40,
    });
    expect(remedyOf([pod("a", { cpu: "3" })])).toMatchObject({ shape: "user", nodes: 1, price: 100 });
    // Three small ones cost more than two large ones.
    const five = Array.from({ length: 5 }, (_, i) => pod(`p${i}`, { cpu: "1500m" }));
    expect(remedyOf(five)).toMatchObject({ shape: "small", nodes: 5, pods: 5, price: 200 });
    expect(createRemedies(full, [{ ...user, price: 60 }, small])(five)).toMatchObject({
      shape: "user",
      nodes: 3,
      price: 180,
    });
  });

  test("waits for the zone whose turn it is", () => {
    const zonal = {
      name: "z",
      node: (index: number) => node(`z#${index}`, { zone: index % 2 === 0 ? "a" : "b" }),
      zones: 2,
    };
    const inB = pod("a", { cpu: "3" }, { spec: { nodeSelector: { "topology.kubernetes.io/zone": "b" } } });
    expect(createRemedies(full, [zonal])([inB])).toEqual({
      kind: "more-nodes",
      shape: "z",
      nodes: 2,
      pods: 1,
    });
  });

  test("needs less where no node of any pool is large enough", () => {
    const remedyOf = createRemedies(full, [user, small]);
    expect(remedyOf([pod("a", { cpu: "4300m" })])).toEqual({
      kind: "smaller-request",
      node: "user#2",
      shape: "user",
      price: 100,
      less: [{ resource: "cpu", amount: 300 }],
      pods: 1,
    });
    expect(createRemedies(full, [])([pod("a", { cpu: "1300m" })])).toEqual({
      kind: "smaller-request",
      node: "user#1",
      less: [{ resource: "cpu", amount: 300 }],
      pods: 1,
    });
  });

  test("is not told to ask for nothing", () => {
    const nodes = [node("n", { allocatable: { cpu: "0" } })];
    expect(createRemedies({ ...kubernetes, nodes }, [])([pod("a", { cpu: "1" })])).toEqual({
      kind: "refused",
      reasons: ["every node: Insufficient cpu"],
    });
  });

  test("is told which taint or label refuses everywhere", () => {
    const gpu = shape("gpu", { taints: [{ key: "gpu", value: "yes", effect: "NoSchedule" }] });
    const wanted = pod("a", {}, { spec: { nodeSelector: { disk: "ssd" } } });
    expect(createRemedies(full, [user, gpu])([wanted])).toEqual({
      kind: "refused",
      reasons: [
        "2 of 3 nodes: has no label disk=ssd",
        "1 of 3 nodes: taint gpu=yes:NoSchedule is not tolerated",
      ],
    });
    const gated = pod("a", {}, { spec: { schedulingGates: [{ name: "quota" }] } });
    expect(createRemedies(full, [user])([gated])).toEqual({
      kind: "refused",
      reasons: ["waits for scheduling gates quota"],
    });
  });

  test("in a cluster without nodes and pools", () => {
    const remedyOf = createRemedies({ ...kubernetes, nodes: [] }, []);
    expect(remedyOf([pod("a")])).toEqual({ kind: "refused", reasons: [] });
    expect(remedyOf([])).toEqual({ kind: "refused", reasons: [] });
  });

  test("of several, as many as can be placed are", () => {
    const pods = [pod("a", { cpu: "3" }), pod("b", { cpu: "9" })];
    expect(createRemedies(full, [user])(pods)).toMatchObject({
      shape: "user",
      nodes: 1,
      pods: 1,
    });
  });

  test("shares new nodes with daemon pods, and with the others that were asked about", () => {
    const agent = {
      apiVersion: "apps/v1",
      kind: "DaemonSet",
      metadata: { name: "agent", namespace: "kube-system" },
      spec: {
        selector: { matchLabels: { app: "agent" } },
        template: {
          metadata: { labels: { app: "agent" } },
          spec: {
            containers: [{ name: "agent", image: "agent", resources: { requests: { cpu: "100m" } } }],
          },
        },
      },
    } as KubernetesObject;
    const cluster = { ...full, objects: [agent] };
    const served = { ...user, daemons: daemonPods(cluster) };
    const pods = Array.from({ length: 8 }, (_, i) => pod(`p${i}`, { cpu: "2" }));
    expect(createRemedies(full, [user])(pods)).toMatchObject({ nodes: 4, price: 400 });
    expect(createRemedies(cluster, [served])(pods)).toMatchObject({ nodes: 8, price: 800 });
    const tainted = node("t", { taints: [{ key: "x", effect: "NoSchedule" }] });
    expect(served.daemons(tainted)).toEqual([]);
    expect(served.daemons(node("a")).map((each) => each.metadata?.name)).toEqual(["agent-a"]);
  });

  test("that needs many nodes gets their number by halving, and the cluster is left as it was", () => {
    const remedyOf = createRemedies(full, [user, small]);
    const pods = Array.from({ length: 50 }, (_, i) => pod(`p${i}`, { cpu: "3" }));
    expect(remedyOf(pods)).toMatchObject({ nodes: 50, pods: 50 });
    expect(remedyOf(pods)).toMatchObject({ nodes: 50, pods: 50 });
    expect(createRemedies(full, [{ ...user, limit: 20 }])(pods)).toMatchObject({ nodes: 20, pods: 20 });
  });

  test("is not one that runs, nor one that is given twice", () => {
    const remedyOf = createRemedies(full, [user]);
    expect(() => remedyOf([pod("running")])).toThrow(/runs on node user#1/);
    expect(() => remedyOf([pod("a"), pod("a")])).toThrow(/given twice/);
  });
});

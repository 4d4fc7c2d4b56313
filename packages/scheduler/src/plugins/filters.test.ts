import type { Node, Pod, PodSpec, Taint, Toleration } from "@berth/objects";
import { describe, expect, test } from "vitest";
import { createScheduler } from "../scheduler.ts";
import { node, pod } from "../test-objects.ts";

/** What a lone node says to a pod: nothing, or its reasons. `running` is there already. */
function refusal(on: Node, of: Pod, running: readonly Pod[] = [], kubernetes = "1.36"): readonly string[] {
  const scheduler = createScheduler({ nodes: [on], kubernetes, flavour: "upstream" });
  for (const each of running) scheduler.assume(each, on.metadata!.name!);
  const last = scheduler.explain(of)[0]?.filters.at(-1);
  return last === undefined || last.verdict === "passed" ? [] : last.reasons;
}

const asking = (spec: Partial<PodSpec>) => pod("pod", {}, { spec });

describe("kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration", () => {
  const taint: Taint = { key: "key1", value: "value1", effect: "NoSchedule" };
  const tainted = (...taints: Taint[]) => node("node1", { taints });
  const tolerating = (...tolerations: Toleration[]) => asking({ tolerations });
  const refused = ["node(s) had untolerated taint(s)"];

  test.each<[string, Toleration, boolean]>([
    [
      "Equal with the same value",
      { key: "key1", operator: "Equal", value: "value1", effect: "NoSchedule" },
      true,
    ],
    ["Exists", { key: "key1", operator: "Exists", effect: "NoSchedule" }, true],
    ["no operator means Equal", { key: "key1", value: "value1", effect: "NoSchedule" }, true],
    ["another value", { key: "key1", operator: "Equal", value: "value2", effect: "NoSchedule" }, false],
    ["another effect", { key: "key1", operator: "Exists", effect: "NoExecute" }, false],
    ["an empty effect matches all effects", { key: "key1", operator: "Exists" }, true],
    ["an empty key with Exists tolerates everything", { operator: "Exists" }, true],
  ])("%s", (_, toleration, tolerated) => {
    expect(refusal(tainted(taint), tolerating(toleration))).toEqual(tolerated ? [] : refused);
  });

  test("one untolerated taint of several is enough, a PreferNoSchedule one is not", () => {
    const toleration: Toleration = { key: "key1", operator: "Exists" };
    expect(refusal(tainted(taint, { key: "key2", effect: "NoExecute" }), tolerating(toleration))).toEqual(
      refused,
    );
    expect(
      refusal(tainted(taint, { key: "key2", effect: "PreferNoSchedule" }), tolerating(toleration)),
    ).toEqual([]);
  });

  test.each([
    ["1.33", "node(s) had untolerated taint {key1: value1}"],
    ["1.34.1", "node(s) had untolerated taint {key1: value1}"],
    ["1.34.2", "node(s) had untolerated taint(s)"],
    ["1.35", "node(s) had untolerated taint(s)"],
  ])("%s says: %s", (kubernetes, reason) => {
    expect(refusal(tainted(taint), asking({}), [], kubernetes)).toEqual([reason]);
  });

  test("a cordoned node refuses, unless the taint that cordoning stands for is tolerated", () => {
    const cordoned = node("node1", { unschedulable: true });
    expect(refusal(cordoned, asking({}))).toEqual(["node(s) were unschedulable"]);
    expect(
      refusal(cordoned, tolerating({ key: "node.kubernetes.io/unschedulable", operator: "Exists" })),
    ).toEqual([]);
  });
});

describe("kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node", () => {
  const on = node("node1", { labels: { disktype: "ssd", cores: "8" } });
  const refused = ["node(s) didn't match Pod's node affinity/selector"];
  const requiring = (...nodeSelectorTerms: object[]) =>
    asking({
      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
    });
  const expression = (key: string, operator: string, ...values: string[]) => ({
    matchExpressions: [{ key, operator, values }],
  });

  test("nodeSelector: every label must be there", () => {
    expect(refusal(on, asking({ nodeSelector: { disktype: "ssd" } }))).toEqual([]);
    expect(refusal(on, asking({ nodeSelector: { disktype: "ssd", gpu: "yes" } }))).toEqual(refused);
  });

  test.each([
    ["In", expression("disktype", "In", "ssd", "nvme"), true],
    ["NotIn", expression("disktype", "NotIn", "ssd"), false],
    ["NotIn of a label that is missing", expression("gpu", "NotIn", "a100"), true],
    ["Exists", { matchExpressions: [{ key: "disktype", operator: "Exists" }] }, true],
    ["DoesNotExist", { matchExpressions: [{ key: "disktype", operator: "DoesNotExist" }] }, false],
    ["Gt", expression("cores", "Gt", "4"), true],
    ["Gt is strict", expression("cores", "Gt", "8"), false],
    ["Lt of what is no number", expression("disktype", "Lt", "4"), false],
    ["an empty term matches nothing", {}, false],
  ])("%s", (_, nodeSelectorTerm, matches) => {
    expect(refusal(on, requiring(nodeSelectorTerm))).toEqual(matches ? [] : refused);
  });

  test("terms are ORed, expressions within a term are ANDed", () => {
    const no = expression("disktype", "In", "hdd");
    const yes = expression("disktype", "In", "ssd");
    expect(refusal(on, requiring(no, yes))).toEqual([]);
    expect(
      refusal(on, requiring({ matchExpressions: [...no.matchExpressions, ...yes.matchExpressions] })),
    ).toEqual(refused);
  });

  test("a pod that names its node by field is looked at there alone", () => {
    const pinned = (name: string, operator = "In") =>
      requiring({ matchFields: [{ key: "metadata.name", operator, values: [name] }] });
    expect(refusal(on, pinned("node1"))).toEqual([]);
    expect(refusal(on, pinned("node2"))).toEqual(["node(s) didn't satisfy plugin(s) [NodeAffinity]"]);
    expect(refusal(on, pinned("node1", "NotIn"))).toEqual(refused);
  });

  test("pins that contradict each other fit no node", () => {
    const fields = ["node1", "node2"].map((name) => ({
      key: "metadata.name",
      operator: "In",
      values: [name],
    }));
    expect(refusal(on, requiring({ matchFields: fields }))).toEqual(["pod affinity terms conflict"]);
  });
});

describe("NodeResourcesFit (scheduling.md §1.3, §1.4.3)", () => {
  const small = node("node1", {
    allocatable: { cpu: "2", memory: "1Gi", pods: "2", "example.com/gpu": "1" },
  });
  const container = (cpu: string, restartPolicy?: "Always") => ({
    name: cpu,
    image: "i",
    resources: { requests: { cpu } },
    ...(restartPolicy && { restartPolicy }),
  });

  test("exactly what is free fits; all that is missing is told", () => {
    expect(refusal(small, pod("pod", { cpu: "2", memory: "1Gi", "example.com/gpu": "1" }))).toEqual([]);
    expect(refusal(small, pod("pod", { cpu: "2001m", memory: "2Gi", "example.com/gpu": "2" }))).toEqual([
      "Insufficient cpu",
      "Insufficient example.com/gpu",
      "Insufficient memory",
    ]);
  });

  test("pods are counted, even those that ask for nothing", () => {
    expect(refusal(small, pod("pod"), [pod("a"), pod("b")])).toEqual(["Too many pods"]);
  });

  test("who asks for nothing fits on an overcommitted node", () => {
    expect(refusal(small, pod("pod", { cpu: "0" }), [pod("a", { cpu: "5" })])).toEqual([]);
  });

  test.each([
    ["containers add up", { containers: [container("1"), container("1100m")] }, false],
    [
      "the largest init container counts, not their sum",
      { containers: [container("100m")], initContainers: [container("2"), container("2")] },
      true,
    ],
    [
      "a sidecar runs beside the containers",
      { containers: [container("1")], initContainers: [container("1100m", "Always")] },
      false,
    ],
    [
      "and beside the init containers after it",
      { containers: [container("1m")], initContainers: [container("1100m", "Always"), container("1")] },
      false,
    ],
    [
      "but not beside those before it",
      { containers: [container("1m")], initContainers: [container("1"), container("1100m", "Always")] },
      true,
    ],
    ["overhead comes on top", { containers: [container("2")], overhead: { cpu: "1m" } }, false],
    [
      "requests of the whole pod replace those of its containers",
      { containers: [container("5")], resources: { requests: { cpu: "1" } } },
      true,
    ],
  ])("%s", (_, spec, fits) => {
    expect(refusal(small, asking(spec))).toEqual(fits ? [] : ["Insufficient cpu"]);
  });

  test("requests of whole pods are read since 1.34", () => {
    const of = asking({ containers: [container("5")], resources: { requests: { cpu: "1" } } });
    expect(refusal(small, of, [], "1.33")).toEqual(["Insufficient cpu"]);
    expect(refusal(small, of, [], "1.34")).toEqual([]);
  });

  test("a limit without a request is the request", () => {
    expect(
      refusal(small, asking({ containers: [{ name: "c", resources: { limits: { cpu: "3" } } }] })),
    ).toEqual(["Insufficient cpu"]);
  });

  test("while a pod is resized in place, the larger of what it has and wants counts", () => {
    const resized: Pod = {
      ...pod("a", { cpu: "100m" }),
      status: {
        containerStatuses: [
          {
            name: "main",
            image: "",
            imageID: "",
            ready: true,
            restartCount: 0,
            resources: { requests: { cpu: "1500m" } },
          },
        ],
      },
    };
    expect(refusal(small, pod("pod", { cpu: "1" }), [resized])).toEqual(["Insufficient cpu"]);
  });

  test("numbers are told: requested, used, capacity, short by", () => {
    const scheduler = createScheduler({ nodes: [small], kubernetes: "1.36", flavour: "upstream" });
    scheduler.assume(pod("a", { cpu: "1500m" }), "node1");
    const decision = scheduler.decide(pod("pod", { cpu: "1" }));
    expect(decision.kind === "unschedulable" && decision.reasons).toEqual([
      {
        node: "node1",
        plugin: "NodeResourcesFit",
        code: "Unschedulable",
        reasons: ["Insufficient cpu"],
        shortages: [{ resource: "cpu", requested: 1000, used: 1500, capacity: 2000, shortBy: 500 }],
      },
    ]);
  });
});

describe("NodePorts (scheduling.md §1.4.6)", () => {
  const on = node("node1");
  const taken = ["node(s) didn't have free ports for the requested pod ports"];
  const using = (name: string, port: object) =>
    pod(name, {}, { spec: { containers: [{ name: "c", ports: [{ containerPort: 80, ...port }] }] } });

  test.each([
    [{ hostPort: 80 }, { hostPort: 80 }, false],
    [{ hostPort: 80 }, { hostPort: 81 }, true],
    [{ hostPort: 80 }, { hostPort: 80, protocol: "UDP" }, true],
    [{ hostPort: 80, hostIP: "10.0.0.1" }, { hostPort: 80, hostIP: "10.0.0.2" }, true],
    [{ hostPort: 80, hostIP: "10.0.0.1" }, { hostPort: 80 }, false],
    [{ hostPort: 80 }, { hostPort: 80, hostIP: "10.0.0.2" }, false],
    [{}, {}, true],
  ])("%j beside %j", (wanted, there, free) => {
    expect(refusal(on, using("new", wanted), [using("old", there)])).toEqual(free ? [] : taken);
  });

  test("on the host's network every container port is a host port", () => {
    const host = (name: string) =>
      pod(
        name,
        {},
        { spec: { hostNetwork: true, containers: [{ name: "c", ports: [{ containerPort: 9100 }] }] } },
      );
    expect(refusal(on, host("new"), [host("old")])).toEqual(taken);
  });
});

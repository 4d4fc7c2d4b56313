import { describe, expect, test } from "vitest";
import {
  defaultMaxPods,
  findMachineSize,
  maxPodsProblems,
  nodeLabelProblems,
  nodeTaintProblems,
  parseTaint,
  poolCountProblems,
  poolNameProblems,
  poolSizeProblems,
} from "../index.ts";

function size(name: string) {
  const found = findMachineSize(name);
  if (found === undefined) throw new Error(`no size ${name}`);
  return found;
}

describe("names of pools", () => {
  test.each(["a", "user", "nodepool1", "abcdefghijkl"])("%s is one", (name) => {
    expect(poolNameProblems(name, "name")).toEqual([]);
  });

  test.each([
    ["User", '"user" can'],
    ["user-pool", '"userpool" can'],
    ["1user", '"user" can'],
    ["abcdefghijklm", '"abcdefghijkl" can'],
    ["", undefined],
    ["ÄÖ", undefined],
  ])("%s is none, %s", (name, hint) => {
    const [problem, ...more] = poolNameProblems(name, "name");
    expect(problem?.code).toBe("BERTH5304");
    expect(problem?.hint).toBe(hint);
    expect(more).toEqual([]);
  });

  test("are shorter on Windows", () => {
    expect(poolNameProblems("winpool", "name", "windows")).toHaveLength(1);
    expect(poolNameProblems("win", "name", "windows")).toEqual([]);
  });
});

test("sizes are large enough for their pool", () => {
  expect(poolSizeProblems(size("Standard_D2s_v5"), "System", "size")).toEqual([]);
  expect(poolSizeProblems(size("Standard_B2s"), "User", "size")).toEqual([]);
  expect(poolSizeProblems(size("Standard_B1s"), "User", "size")).toMatchObject([
    { code: "BERTH5305", severity: "error" },
  ]);
  expect(poolSizeProblems(size("Standard_B2ms"), "System", "size")).toMatchObject([{ severity: "warning" }]);
});

test("counts of nodes and pods stay in AKS's ranges", () => {
  expect(poolCountProblems(0, "User", "count")).toEqual([]);
  expect(poolCountProblems(2, "System", "count")).toEqual([]);
  expect(poolCountProblems(1, "System", "count")).toMatchObject([{ severity: "warning" }]);
  for (const [count, mode] of [
    [0, "System"],
    [1001, "User"],
    [1.5, "User"],
    [Number.NaN, "User"],
    [-1, "User"],
  ] as const) {
    expect(poolCountProblems(count, mode, "count"), String(count)).toMatchObject([
      { code: "BERTH5306", severity: "error" },
    ]);
  }
  expect(maxPodsProblems(10, 3, "maxPods")).toEqual([]);
  for (const [pods, count] of [
    [10, 2],
    [9, 10],
    [251, 3],
    [Number.NaN, 3],
  ] as const) {
    expect(maxPodsProblems(pods, count, "maxPods"), `${pods}, ${count}`).toMatchObject([
      { code: "BERTH5307" },
    ]);
  }
  expect((["overlay", "pod-subnet", "node-subnet", "kubenet", "none"] as const).map(defaultMaxPods)).toEqual([
    250, 110, 30, 110, 250,
  ]);
});

describe("labels and taints of pools", () => {
  test("labels of Kubernetes and AKS are reserved, others must be labels", () => {
    const labels = {
      tier: "web",
      "example.com/tier": "",
      "kubernetes.azure.com/mode": "system",
      "kubernetes.io/os": "linux",
      "-tier": "x",
      "a/b/c": "x",
      long: "x".repeat(64),
    };
    expect(nodeLabelProblems(labels, "labels").map((each) => [each.code, each.path])).toEqual([
      ["BERTH5308", 'labels["kubernetes.azure.com/mode"]'],
      ["BERTH5308", 'labels["kubernetes.io/os"]'],
      ["BERTH5308", 'labels["-tier"]'],
      ["BERTH5308", 'labels["a/b/c"]'],
      ["BERTH5308", 'labels["long"]'],
    ]);
  });

  test("taints are read as AKS writes them", () => {
    expect(parseTaint("CriticalAddonsOnly=true:NoSchedule")).toEqual({
      key: "CriticalAddonsOnly",
      value: "true",
      effect: "NoSchedule",
    });
    expect(parseTaint("batch:NoExecute")).toEqual({ key: "batch", effect: "NoExecute" });
    const wrong = [
      "batch",
      "batch=1",
      "batch=1:Never",
      "=1:NoSchedule",
      "a b=1:NoSchedule",
      "a=b=c:NoSchedule",
    ];
    expect(nodeTaintProblems(["ok=1:NoSchedule", ...wrong], "taints").map((each) => each.path)).toEqual(
      wrong.map((_, index) => `taints[${index + 1}]`),
    );
  });
});

import { expect, test } from "vitest";
import { nodeObject } from "../nodes/node-object.ts";
import { type AgentPool, agentPoolNode, agentPoolProblems } from "./agent-pool.ts";

const user: AgentPool = {
  name: "user",
  mode: "User",
  vmSize: "standard_d4s_v5",
  count: 2,
  availabilityZones: ["1", "2"],
};
const cluster = { location: "West Europe", kubernetesVersion: "1.36", network: "overlay" } as const;

test("a pool's nodes have the size's allocatable, the cluster's network and AKS's labels", () => {
  const node = nodeObject(agentPoolNode(user, cluster), { zone: "1" });
  expect(node.status.allocatable["cpu"]).toBe("3860m");
  expect(node.status.allocatable["pods"]).toBe("250");
  expect(node.metadata.labels).toMatchObject({
    "node.kubernetes.io/instance-type": "Standard_D4s_v5",
    "topology.kubernetes.io/zone": "westeurope-1",
    "kubernetes.azure.com/mode": "user",
  });
});

test("all problems of a pool are told at once, each with its path", () => {
  const wrong = {
    name: "User_Pool",
    mode: "System",
    vmSize: "Standard_D4s_v55",
    count: 0,
    nodeTaints: ["x"],
  } as const;
  const problems = agentPoolProblems(wrong, { location: "westeurop" }, "systemPool.");
  expect(problems.map(({ code, path }) => `${code} ${path}`)).toEqual([
    "BERTH5302 location",
    "BERTH5304 systemPool.name",
    "BERTH5301 systemPool.vmSize",
    "BERTH5306 systemPool.count",
    "BERTH5309 systemPool.nodeTaints[0]",
  ]);
});

test("what is not known yet is no problem", () => {
  expect(agentPoolProblems({}, {})).toEqual([]);
  expect(agentPoolProblems(user, cluster)).toEqual([]);
});

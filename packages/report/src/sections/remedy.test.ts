import { expect, test } from "vitest";
import { remedyText } from "./remedy.ts";

test.each([
  [
    { kind: "more-nodes", pool: "user", nodes: 1, pods: 1, monthly: 167.9 } as const,
    1,
    "fits with 1 more node of pool user (+$167.90 a month)",
  ],
  [
    { kind: "more-nodes", pool: "user", nodes: 3, pods: 5 } as const,
    5,
    "all fit with 3 more nodes of pool user",
  ],
  [
    { kind: "more-nodes", pool: "user", nodes: 1, pods: 2 } as const,
    5,
    "2 of 5 fit with 1 more node of pool user",
  ],
  [
    {
      kind: "smaller-request",
      node: "user#1",
      less: [
        { resource: "cpu", amount: 300 },
        { resource: "memory", amount: 2 ** 30 },
      ],
      pods: 1,
    } as const,
    1,
    "needs 300m less cpu and 1Gi less memory to fit on user#1",
  ],
  [
    {
      kind: "smaller-request",
      node: "user#3",
      pool: "user",
      monthly: 10,
      less: [{ resource: "cpu", amount: 300 }],
      pods: 1,
    } as const,
    2,
    "each needs 300m less cpu; then 1 of 2 fit with 1 more node of pool user (+$10.00 a month)",
  ],
  [
    {
      kind: "refused",
      reasons: ["2 of 3 nodes: has no label disk=ssd", "1 of 3 nodes: Too many pods"],
    } as const,
    1,
    "no number of nodes helps: 2 of 3 nodes: has no label disk=ssd; 1 of 3 nodes: Too many pods",
  ],
  [{ kind: "refused", reasons: [] } as const, 1, "there is no node and no pool"],
])("%j", (remedy, pods, text) => {
  expect(remedyText(remedy, pods)).toBe(text);
});

import type { ExplainedNode, Explanation } from "@berth/planner";
import { expect, test } from "vitest";
import { ansiPalette, renderExplanation } from "./index.ts";

const passed = (plugin: string) => ({ plugin, verdict: "passed", reasons: [] }) as const;
const amount = (used: number, shortBy: number) => ({
  resource: "cpu",
  requested: 500,
  used,
  capacity: 1900,
  shortBy,
});

const feasible = (node: string, fit: number, chosen: boolean): ExplainedNode => ({
  node,
  zone: "westeurope-1",
  feasible: true,
  chosen,
  filters: [passed("TaintToleration"), passed("NodeResourcesFit")],
  scores: { plugins: { TaintToleration: 300, NodeResourcesFit: fit }, total: 300 + fit },
  amounts: [amount(900, 0)],
});

const full: ExplainedNode = {
  node: "user#2",
  feasible: false,
  chosen: false,
  filters: [
    passed("TaintToleration"),
    { plugin: "NodeResourcesFit", verdict: "refused", reasons: ["Insufficient cpu"], resolvable: false },
  ],
  amounts: [amount(1700, 300)],
};

const placed: Explanation = {
  format: "berth.explanation",
  version: 1,
  project: "shop",
  stack: "dev",
  cluster: "urn:berth:dev:shop::azure:ManagedCluster::store",
  clusterName: "store",
  observed: "synthesised",
  pod: "web#1",
  namespace: "default",
  workload: "default/Deployment/web",
  system: false,
  fate: "new",
  node: "user#1",
  why: "best of 2 of 3 nodes that can take it: 392 against 378",
  certainty: "unique",
  nodes: [feasible("system#1", 78, false), feasible("user#1", 92, true), full],
  unknown: [],
  problems: [],
};

test("nodes by plugins, the winner marked; what tells nothing is named once; refusals by reason", () => {
  expect(renderExplanation(placed)).toMatchInlineSnapshot(`
    "default/web#1 will run on user#1 in store

    Why
      best of 2 of 3 nodes that can take it: 392 against 378 (unique)

    Nodes
      Node          Total  fit
        system#1      378   78
      → user#1        392   92
        user#2    refused    ✗
      fit: NodeResourcesFit
      Equal scores: TaintToleration 300

    Refused by
      ✗ NodeResourcesFit: Insufficient cpu
          user#2
    "
  `);
});

test("one node: each verdict, the arithmetic, and how much is short", () => {
  const text = renderExplanation({ ...placed, asked: "user#2", nodes: placed.nodes.slice(1) });
  expect(text).toMatchInlineSnapshot(`
    "default/web#1 will run on user#1 in store

    Why
      best of 2 of 3 nodes that can take it: 392 against 378 (unique)

    user#2
      ✓ TaintToleration
      ✗ NodeResourcesFit  Insufficient cpu
          no pod that goes would change that
      Resource  Requested  Used  Capacity           Left
      cpu            500m   1.7       1.9  short by 300m
    "
  `);
});

test("one node that was feasible stands beside the one that won", () => {
  const text = renderExplanation({ ...placed, asked: "system#1", nodes: placed.nodes.slice(0, 2) });
  expect(text).toMatch(/Score of +system#1 +→ user#1/);
  expect(text).toMatch(/Total +378 +392/);
});

test("pods that were not decided have a reason and no table; a node that came later says so", () => {
  const { node, nodes: _, certainty: __, ...rest } = placed;
  const stays = { ...rest, node: "n0", fate: "stays", why: "it runs there already", nodes: [] } as const;
  expect(renderExplanation({ ...stays, asked: "n1" })).toBe(
    "default/web#1 stays on n0 in store\n\nWhy\n  it runs there already\n",
  );
  expect(renderExplanation({ ...rest, node: node!, asked: "late#1", nodes: [] })).toContain(
    "it was not there when the pod was decided",
  );
});

test("of thousands of nodes the chosen and the best are shown, the others are counted", () => {
  const many = Array.from({ length: 5000 }, (_, i) => feasible(`n${i}`, i % 50, i === 17));
  const text = renderExplanation({ ...placed, node: "n17", nodes: [...many, full] });
  expect(text).toContain("→ n17");
  expect(text).toContain("and 4961 more nodes; --json has all");
  expect(text.split("\n").length).toBeLessThan(70);
});

test("hostile names stay on their line, and fit 80 columns as far as names let them", () => {
  const hostile = { ...full, node: "a\u001b[2J\nb" };
  const text = renderExplanation({ ...placed, nodes: [hostile] }, { palette: ansiPalette });
  expect(text).not.toContain("\u001b[2J");
  const plain = renderExplanation(placed).split("\n");
  expect(plain.filter((line) => line.length > 80)).toEqual([]);
});

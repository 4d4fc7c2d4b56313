import type { Graph, JsonObject } from "@berth/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Plan } from "./plan.ts";
import { serializePlan } from "./serialize.ts";
import { declareShape, type Shape, shapes } from "./testing/shapes.ts";
import { graphOf, planned, TestStack } from "./testing/stack.ts";

const graphOfShape = (of: Shape, reversed = false): Promise<Graph> =>
  graphOf(() => declareShape(of, reversed));
const actions = (plan: Plan): readonly string[] =>
  plan.changes.map(({ action, certainty, urn }) => `${certainty} ${action} ${urn}`).toSorted();
const runs = { numRuns: Number(process.env["BERTH_RUNS"] ?? 25) };

describe("a plan", () => {
  test("is the same bytes for the same request, and changes nothing that it is given", async () => {
    await fc.assert(
      fc.asyncProperty(shapes, shapes, async (first, second) => {
        const stack = new TestStack();
        await stack.up(() => declareShape(first));
        const graph = await graphOfShape(second);
        const recorded = JSON.stringify(stack.state);
        const bytes = serializePlan(planned(stack.request(graph)).plan);
        expect(serializePlan(planned(stack.request(graph)).plan)).toBe(bytes);
        expect(serializePlan(planned(stack.request(await graphOfShape(second))).plan)).toBe(bytes);
        expect(JSON.stringify(stack.state)).toBe(recorded);
        expect(bytes).not.toMatch(/hunter/);
      }),
      runs,
    );
  });

  test("is empty after it was applied, and after everything was destroyed nothing is left", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(shapes, { minLength: 1, maxLength: 3 }), async (edits) => {
        const stack = new TestStack();
        for (const of of edits) {
          const graph = await graphOfShape(of);
          const result = planned(stack.request(graph));
          expect(result.plan.problems.filter(({ severity }) => severity === "error")).toEqual([]);
          stack.apply(graph, result);
          const { plan, bookkeeping } = planned(stack.request(await graphOfShape(of)));
          expect([plan.changes, plan.steps, bookkeeping]).toEqual([[], [], []]);
          expect(plan.outputs.every(({ action }) => action === "no-op")).toBe(true);
          expect(stack.state.resources.length).toBe(graph.resources.length);
        }
        stack.destroy(await graphOfShape(edits.at(-1)!));
        expect([stack.state.resources, stack.state.outputs]).toEqual([[], {}]);
      }),
      runs,
    );
  });

  test("goes on where it was killed, at whichever step, and then there is nothing left to do", async () => {
    await fc.assert(
      fc.asyncProperty(shapes, shapes, shapes, fc.nat(30), async (first, second, third, killedAt) => {
        const stack = new TestStack();
        await stack.up(() => declareShape(first));
        await stack.up(() => declareShape(second), killedAt);
        await stack.up(() => declareShape(third));
        const graph = await graphOfShape(third);
        const { plan, bookkeeping } = planned(stack.request(graph));
        expect([plan.changes, plan.steps, bookkeeping]).toEqual([[], [], []]);
        expect([stack.state.resources.length, stack.state.superseded]).toEqual([graph.resources.length, []]);
      }),
      runs,
    );
  });

  test("does the same whatever the order of independent declarations", async () => {
    await fc.assert(
      fc.asyncProperty(shapes, shapes, async (first, second) => {
        const stack = new TestStack();
        await stack.up(() => declareShape(first));
        const [there, back] = [
          planned(stack.request(await graphOfShape(second))).plan,
          planned(stack.request(await graphOfShape(second, true))).plan,
        ];
        expect(actions(back)).toEqual(actions(there));
        const assigned = (plan: Plan): readonly string[] =>
          plan.changes
            .flatMap(({ urn, assigned: own }) =>
              Object.keys(own).length > 0 ? [`${urn} ${JSON.stringify(own)}`] : [],
            )
            .toSorted();
        expect(assigned(back)).toEqual(assigned(there));
      }),
      runs,
    );
  });

  test("gives each service one address, its own, and keeps it", async () => {
    await fc.assert(
      fc.asyncProperty(shapes, shapes, async (first, second) => {
        const stack = new TestStack();
        await stack.up(() => declareShape({ ...first, cluster: "a" }));
        const before = new Map(
          stack.state.resources.map(({ urn, assigned }) => [urn, assigned["spec.clusterIP"]]),
        );
        await stack.up(() => declareShape({ ...second, cluster: "a" }));
        const after = stack.state.resources.flatMap(({ urn, assigned }) =>
          assigned["spec.clusterIP"] === undefined ? [] : [{ urn, address: assigned["spec.clusterIP"] }],
        );
        expect(new Set(after.map(({ address }) => address)).size).toBe(after.length);
        for (const { urn, address } of after) expect([undefined, address]).toContain(before.get(urn));
        const wanted = stack.state.resources.filter(
          ({ inputs }) =>
            inputs["kind"] === "Service" && (inputs["spec"] as JsonObject)["clusterIP"] !== "None",
        );
        expect(after.length).toBe(wanted.length);
      }),
      runs,
    );
  });

  test("moves no pod that runs, unless its node goes or it is made anew", async () => {
    await fc.assert(
      fc.asyncProperty(shapes, shapes, async (first, second) => {
        const stack = new TestStack();
        await stack.up(() => declareShape({ ...first, cluster: "a" }));
        const [plan] = [planned(stack.request(await graphOfShape({ ...second, cluster: "a" }))).plan];
        for (const { nodes, placement, summary } of plan.clusters.map((cluster) => ({
          ...cluster,
          summary: plan.summary,
        }))) {
          const gone = new Set(nodes.filter(({ change }) => change === "gone").map(({ name }) => name));
          for (const { change, from, node } of placement) {
            if (change === "moved") expect(gone).toContain(from);
            if (change === "stays" || change === "new" || change === "moved")
              expect(gone).not.toContain(node);
          }
          // What was there stays, moves or goes; what is there stayed, moved or is new.
          const had = nodes.reduce((sum, { pods }) => sum + pods.before, 0);
          const has = nodes.reduce((sum, { pods }) => sum + pods.after, 0);
          const all = (key: "staying" | "moved" | "gone" | "new"): number =>
            summary.pods[key] + summary.systemPods[key];
          expect(had).toBe(all("staying") + all("moved") + all("gone"));
          expect(has).toBe(all("staying") + all("moved") + all("new"));
          for (const { resources } of nodes)
            for (const { requested, allocatable } of resources)
              expect(requested).toBeLessThanOrEqual(allocatable);
        }
      }),
      runs,
    );
  });
});

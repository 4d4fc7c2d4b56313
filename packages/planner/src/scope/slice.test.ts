import type { Graph, StackState } from "@berth/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Plan, Step } from "../plan.ts";
import type { PlanScope } from "../request.ts";
import { declareShape, type Shape, shapes } from "../testing/shapes.ts";
import { graphOf, planned, TestStack } from "../testing/stack.ts";

const runs = { numRuns: Number(process.env["BERTH_RUNS"] ?? 40) };
const names = [
  "network*",
  "network0",
  "subnet1",
  "subnet*",
  "machine0",
  "machine*",
  "cluster",
  "pool*",
  "web*",
  "web0",
  "service*",
  "acme:Machine::*",
  "**",
];
const scopes: fc.Arbitrary<PlanScope> = fc.record({
  targets: fc.subarray(names, { maxLength: 2 }),
  excludes: fc.subarray(names.slice(0, -1), { maxLength: 2 }),
  replaces: fc.constant([]),
});
const graphOfShape = (of: Shape): Promise<Graph> => graphOf(() => declareShape(of));
const isRefusal = (plan: Plan): boolean => plan.problems.some(({ severity }) => severity === "error");

/** No record depends on something that is not recorded, and each comes after what it depends on. */
function expectWhole({ resources }: StackState): void {
  const known = new Set<string>();
  for (const { urn, dependencies } of resources) {
    for (const each of dependencies) expect(known, `${urn} needs ${each}`).toContain(each);
    known.add(urn);
  }
}

const lineOf = ({ action, urn }: Step): string => `${action} ${urn}`;

/** By step, all without which it cannot be done. */
function earlier({ steps }: Plan): ReadonlyMap<string, ReadonlySet<string>> {
  const before = new Map<number, ReadonlySet<number>>();
  for (const { id, after, needs = after } of steps)
    before.set(id, new Set(needs.flatMap((each) => [each, ...(before.get(each) ?? [])])));
  const line = new Map(steps.map((step) => [step.id, lineOf(step)]));
  return new Map(
    steps.map((step) => [lineOf(step), new Set([...before.get(step.id)!].map((each) => line.get(each)!))]),
  );
}

const fatesOf = ({ clusters }: Plan): string => clusters.map(({ change }) => change).join(" ");

/** What a state holds that does not hang on when it was made. */
function contentOf({ resources, outputs }: StackState): readonly string[] {
  const inputs = (json: unknown): string =>
    JSON.stringify(json, (key, value: unknown) =>
      // Addresses are given in turn; what nobody could know is numbered.
      key === "clusterIP" && value !== "None"
        ? "an address"
        : typeof value === "string"
          ? value.replace(/(\w+) \d+ of/g, "$1 of")
          : value,
    );
  return [
    ...resources
      .map((each) => `${each.urn} ${each.dependencies.join(" ")} ${inputs(each.inputs)}`)
      .toSorted(),
    ...Object.keys(outputs).toSorted(),
  ];
}

describe("a plan of a part of the stack", () => {
  test("does what the full one does, in its order, and leaves a whole state; all parts together are the full one", async () => {
    let applied = 0;
    await fc.assert(
      fc.asyncProperty(
        shapes,
        shapes,
        fc.array(scopes, { minLength: 1, maxLength: 4 }),
        async (first, second, parts) => {
          const [whole, sliced] = [new TestStack(), new TestStack()];
          const [before, graph] = [await graphOfShape(first), await graphOfShape(second)];
          for (const stack of [whole, sliced]) stack.apply(before, planned(stack.request(before)));
          whole.apply(graph, planned(whole.request(graph)));
          for (const scope of parts) {
            const full = planned(sliced.request(graph)).plan;
            const part = planned(sliced.request(graph, "up", scope));
            const all = earlier(full);
            for (const step of part.plan.steps) expect([...all.keys()]).toContain(lineOf(step));
            // In a cluster that goes, what stands on it goes in another order than in one that stays.
            const own = fatesOf(full) === fatesOf(part.plan) ? part.plan.steps.map(lineOf) : [];
            for (const [at, line] of own.entries())
              for (const later of own.slice(at + 1)) expect(all.get(line)).not.toContain(later);
            if (isRefusal(part.plan)) continue;
            applied += part.plan.steps.length;
            const kept = new Map(sliced.state.resources.map((each) => [each.urn, each]));
            sliced.apply(graph, part);
            expectWhole(sliced.state);
            for (const each of sliced.state.resources)
              if (part.kept?.has(each.urn)) expect(each).toEqual(kept.get(each.urn));
            const again = planned(sliced.request(graph, "up", scope));
            if (!isRefusal(again.plan)) expect([again.plan.steps, again.bookkeeping]).toEqual([[], []]);
          }
          sliced.apply(graph, planned(sliced.request(graph)));
          expectWhole(sliced.state);
          expect(contentOf(sliced.state)).toEqual(contentOf(whole.state));
          expect(planned(sliced.request(graph)).plan.steps).toEqual([]);
        },
      ),
      runs,
    );
    expect(applied).toBeGreaterThan(20);
  });

  test("deletes part after part, until nothing is left", async () => {
    await fc.assert(
      fc.asyncProperty(shapes, fc.array(scopes, { minLength: 1, maxLength: 4 }), async (shape, parts) => {
        const stack = new TestStack();
        const graph = await graphOfShape(shape);
        stack.apply(graph, planned(stack.request(graph)));
        const outputs = stack.state.outputs;
        for (const scope of parts) {
          const part = planned(stack.request(graph, "destroy", scope));
          if (isRefusal(part.plan)) continue;
          const left = stack.state.resources.length - part.plan.summary.delete;
          expect(part.plan.scope?.outside ?? 0).toBe(left);
          stack.apply(graph, part);
          expectWhole(stack.state);
          expect(stack.state.resources.length).toBe(left);
          expect(stack.state.outputs).toEqual(left === 0 ? {} : outputs);
          if (left === 0) return;
        }
        stack.destroy(graph);
        expect([stack.state.resources, stack.state.outputs]).toEqual([[], {}]);
      }),
      runs,
    );
  });
});

import type { Step } from "@berth/planner";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { runSteps } from "./step-schedule.ts";

const step = (id: number, after: readonly number[] = []): Step => ({
  id,
  urn: `urn ${id}`,
  action: "create",
  after,
});

const calm = { parallel: 2, goOn: false, stopped: () => false, run: async () => true };

/** Steps of which each may come after any before it. */
const plans = fc
  .array(fc.array(fc.nat(), { maxLength: 3 }), { maxLength: 12 })
  .map((lists) =>
    lists.map((list, index) =>
      step(index + 1, [...new Set(index === 0 ? [] : list.map((n) => (n % index) + 1))]),
    ),
  );

describe("running steps", () => {
  test("starts each after those before it, at most so many at once, and all of them", async () => {
    await fc.assert(
      fc.asyncProperty(plans, fc.integer({ min: 1, max: 4 }), async (steps, parallel) => {
        const done = new Set<number>();
        let [running, most] = [0, 0];
        const left = await runSteps(steps, {
          ...calm,
          parallel,
          run: async ({ id, after }) => {
            most = Math.max(most, ++running);
            expect(after.every((each) => done.has(each))).toBe(true);
            await new Promise((resolve) => setImmediate(resolve));
            done.add(id);
            running -= 1;
            return true;
          },
        });
        expect([left.size, done.size]).toEqual([0, steps.length]);
        expect(most).toBeLessThanOrEqual(parallel);
      }),
      { numRuns: 60 },
    );
  });

  test("starts nothing after a failure; what depends on it is left, and so is what was not begun", async () => {
    await fc.assert(
      fc.asyncProperty(plans, fc.nat(11), async (steps, failing) => {
        const started: number[] = [];
        const left = await runSteps(steps, {
          ...calm,
          run: async ({ id }) => {
            started.push(id);
            await new Promise((resolve) => setImmediate(resolve));
            return id !== failing + 1;
          },
        });
        expect(started.length + left.size).toBe(steps.length);
        for (const { id, after } of steps) if (after.includes(failing + 1)) expect(started).not.toContain(id);
      }),
      { numRuns: 60 },
    );
  });

  test("runs ten thousand in a chain", async () => {
    const steps = Array.from({ length: 10_000 }, (_, index) => step(index + 1, index === 0 ? [] : [index]));
    expect((await runSteps(steps, calm)).size).toBe(0);
    const left = await runSteps(steps, { ...calm, goOn: true, run: async ({ id }) => id !== 1 });
    expect(left.size).toBe(9_999);
  });

  test("goes on after failures with all that does not need what failed, and says what it was", async () => {
    await fc.assert(
      fc.asyncProperty(
        plans,
        fc.array(fc.nat(11), { maxLength: 3 }),
        fc.nat(3),
        async (drawn, failing, drop) => {
          // Of what comes before a step, some is order alone.
          const steps = drawn.map((each) => ({
            ...each,
            needs: each.after.filter((id) => (id + each.id) % 4 !== drop),
          }));
          const fails = new Set(failing.map((each) => each + 1));
          const ended = new Set<number>();
          const left = await runSteps(steps, {
            ...calm,
            goOn: true,
            run: async ({ id, needs = [] }) => {
              expect(needs.every((each) => ended.has(each) && !fails.has(each))).toBe(true);
              await new Promise((resolve) => setImmediate(resolve));
              ended.add(id);
              return !fails.has(id);
            },
          });
          const behind = new Map<number, ReadonlySet<number>>();
          for (const { id, needs } of steps) {
            const own = new Set(needs.flatMap((each) => [...(behind.get(each) ?? [])]));
            behind.set(id, own.size === 0 && fails.has(id) ? new Set([id]) : own);
            const skipped = own.size > 0;
            expect(ended.has(id)).toBe(!skipped);
            expect(left.get(steps[id - 1]!)).toEqual(
              skipped ? [...own].toSorted((a, b) => a - b) : undefined,
            );
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});

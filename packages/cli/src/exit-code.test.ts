import type { Plan } from "@berth/automation";
import { expect, test } from "vitest";
import { exitCodeOf } from "./exit-code.ts";

type Shape = {
  create?: number;
  failures?: number;
  error?: boolean;
  warning?: boolean;
  output?: boolean;
  drift?: boolean;
};

/** Only what exit codes look at. */
function planOf(shape: Shape): Plan {
  const pods = { new: 0, moved: 0, gone: 0, staying: 0, unplaced: 0 };
  return {
    format: "berth.plan",
    version: 1,
    project: "p",
    stack: "s",
    operation: "up",
    base: { serial: 0, stateDigest: "", graphDigest: "" },
    summary: {
      create: shape.create ?? 0,
      update: 0,
      replace: 0,
      delete: 0,
      unchanged: 0,
      pods,
      systemPods: pods,
      predictedFailures: shape.failures ?? 0,
    },
    ...(shape.drift && { drift: [{ urn: "u", type: "t", name: "n", kind: "gone", properties: [] }] }),
    changes: [],
    steps: [],
    clusters: [],
    cost: { items: [], unpriced: [], sources: [] },
    outputs: shape.output ? [{ name: "a", action: "update", before: 1, after: 2 }] : [],
    problems: [
      ...(shape.error ? [{ code: "BERTH3101", severity: "error", message: "" } as const] : []),
      ...(shape.warning ? [{ code: "BERTH3201", severity: "warning", message: "" } as const] : []),
    ],
  };
}

test.each<[string, Shape, number, number]>([
  ["nothing changes", {}, 0, 0],
  ["changes", { create: 1 }, 2, 0],
  ["only an output changes", { output: true }, 2, 0],
  ["only drift", { drift: true }, 2, 0],
  ["an own pod unplaced", { create: 1, failures: 1, warning: true }, 3, 0],
  ["an error wins over all", { create: 1, failures: 1, error: true }, 1, 1],
  ["a warning alone is no change", { warning: true }, 0, 0],
])("%s", (_, shape, detailed, plain) => {
  expect(exitCodeOf(planOf(shape), true)).toBe(detailed);
  expect(exitCodeOf(planOf(shape), false)).toBe(plain);
});

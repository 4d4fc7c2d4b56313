import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { PlacementRecording } from "./recording.ts";
import { replayRecording } from "./replay-recording.ts";

function read(directory: string, file: string): PlacementRecording {
  return JSON.parse(readFileSync(join(directory, file), "utf8"));
}

const fixtures = join(import.meta.dirname, "../../../scheduler/src/fixtures");
const shared = join(
  process.env["BERTH_SHARED"] ?? join(import.meta.dirname, "../../../../../shared"),
  "traces/placement",
);

test.each(readdirSync(fixtures))(
  "every decision and score of %s is as kube-scheduler recorded it",
  (file) => {
    expect(replayRecording(read(fixtures, file)).wrong).toEqual([]);
  },
);

test("a prediction that differs is told with the table of all nodes", () => {
  const recording = read(fixtures, "placement-0100.json");
  const [first, ...others] = recording.steps;
  const altered = {
    ...recording,
    steps: [{ ...first!, outcome: { unschedulable: "0/9 nodes are available." } }, ...others],
  };
  const [wrong] = replayRecording(altered).wrong;
  expect(wrong?.differences).not.toEqual([]);
  expect(wrong?.table).toHaveLength(recording.nodes.length);
});

test.skipIf(!existsSync(shared))("all shared recordings agree (skipped where ../shared is absent)", () => {
  const wrong = readdirSync(shared).flatMap((file) => replayRecording(read(shared, file)).wrong);
  expect(wrong).toEqual([]);
});

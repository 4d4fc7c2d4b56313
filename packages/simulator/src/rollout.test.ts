import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { replayRollout, type RolloutRecording } from "./rollout-recording.ts";

function recordingsIn(folder: string): [name: string, RolloutRecording][] {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .toSorted();
  return names.map((name) => [
    name,
    JSON.parse(readFileSync(join(folder, name), "utf8")) as RolloutRecording,
  ]);
}

const shared = join(
  process.env["BERTH_SHARED"] ?? join(import.meta.dirname, "../../../../shared"),
  "traces/rollout",
);

describe("real controllers' rollouts, frame by frame", () => {
  test.each(recordingsIn(join(import.meta.dirname, "fixtures/rollout")))("%s", (_, recording) => {
    expect(replayRollout(recording)).toEqual({ agreed: recording.frames.length, disagreements: [] });
  });
});

describe.skipIf(!existsSync(shared))(
  "all recordings of the shared folder (skipped where there is none)",
  () => {
    test("agree", () => {
      const disagreements = recordingsIn(shared).flatMap(([name, recording]) =>
        replayRollout(recording).disagreements.map((each) => `${name} ${each}`),
      );
      expect(disagreements).toEqual([]);
    });
  },
);

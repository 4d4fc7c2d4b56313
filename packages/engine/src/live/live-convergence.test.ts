import fc from "fast-check";
import { test } from "vitest";
import { liveScenarios, runLiveScenario } from "../fixtures/live-scenario.ts";

const runs = process.env["BERTH_LONG"] === "1" ? 5_000 : 100;

test(
  "whatever others do in between, the world is seen as it is, and up ends without drift",
  { timeout: runs * 500 },
  async () => {
    await fc.assert(fc.asyncProperty(liveScenarios(), runLiveScenario), { numRuns: runs });
  },
);

import fc from "fast-check";
import { expect, test } from "vitest";
import { runScenario, scenarios } from "./fixtures/convergence.ts";

const runs = process.env["BERTH_LONG"] === "1" ? 10_000 : Number(process.env["BERTH_RUNS"] ?? 150);

test(
  "whatever goes wrong, the state opens, nothing is lost or made twice, and up converges once it stops",
  { timeout: runs * 500 },
  async () => {
    const outcomes = { converged: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(scenarios(), async (scenario) => {
        outcomes[await runScenario(scenario)] += 1;
      }),
      { numRuns: runs },
    );
    expect(outcomes.converged).toBeGreaterThan(runs * 0.8);
  },
);

import fc from "fast-check";
import { expect, test } from "vitest";
import { quiet, runScenario } from "./fixtures/convergence.ts";
import { type Scenario, scenarios } from "./fixtures/scenarios.ts";

const runs = process.env["BERTH_LONG"] === "1" ? 10_000 : 150;

test(
  "whatever goes wrong, the state opens, nothing is lost or made twice, and up converges once it stops",
  { timeout: runs * 500 },
  async () => {
    const outcomes = { converged: 0, refused: 0 };
    const property = fc.asyncProperty(scenarios(), async (scenario) => {
      outcomes[await runScenario(scenario)] += 1;
    });
    const details = await fc.check(property, { numRuns: runs });
    if (details.failed)
      throw new Error(asTest(details.counterexample?.[0], details.seed), { cause: details.errorInstance });
    expect(outcomes.converged).toBeGreaterThan(runs * 0.8);
  },
);

/** A case that failed, as a test to be pasted below, with only what is not usual. */
function asTest(scenario: Scenario | undefined, seed: number): string {
  const rounds = scenario?.rounds.map((round) => {
    const unusual = Object.entries(round).filter(
      ([key, value]) => JSON.stringify(value) !== JSON.stringify(quiet[key as keyof typeof quiet]),
    );
    return `      { ...quiet, ${JSON.stringify(Object.fromEntries(unusual)).slice(1, -1)} },`;
  });
  return [
    `a scenario does not converge (seed ${seed}):`,
    `test("seed ${seed}", async () => {`,
    "  await runScenario({",
    "    rounds: [",
    ...(rounds ?? []),
    "    ],",
    "  });",
    "});",
  ].join("\n");
}

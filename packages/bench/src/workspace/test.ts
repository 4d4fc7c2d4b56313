/**
 * Runs the tests and closes with `N passed, N failed` on a line of its own. Arguments are
 * vitest's, and two of our own: `--long` (property tests with many runs, soaks) and `--tools`
 * (only the tests that install what they need from the registry).
 */
import { parseCLI, startVitest } from "vitest/node";
import { closingLine, tally, type Tally } from "./tally.ts";

async function runTests(args: readonly string[]): Promise<Tally> {
  const { filter, options } = parseCLI(["vitest", "run", ...args]);
  const vitest = await startVitest(filter, { ...options, watch: false });
  await vitest.close();
  return tally(vitest.state.getTestModules(), vitest.state.getUnhandledErrors().length);
}

const given = process.argv.slice(2);
if (given.includes("--long")) process.env["BERTH_LONG"] = "1";
if (given.includes("--tools")) process.env["BERTH_TOOLS"] = "1";
const forVitest = given.filter((each) => each !== "--long" && each !== "--tools");
if (given.includes("--tools")) forVitest.push("--project=tools");

let counts: Tally;
try {
  counts = await runTests(forVitest);
} catch (error) {
  console.error(error);
  counts = { passed: 0, failed: 1, skipped: 0 };
}
// Vitest may end unhappily for a reason that is no test's (nothing found, a worker that hangs).
const unhappy = counts.failed > 0 || (process.exitCode ?? 0) !== 0;
if (unhappy && counts.failed === 0) counts = { ...counts, failed: 1 };
process.stdout.write(`\n${closingLine(counts)}\n`, () => process.exit(unhappy ? 1 : 0));

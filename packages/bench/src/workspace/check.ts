/** What can be said about the code without running it: format, lint, types, unused code, borders. */
import { runSteps } from "./steps.ts";

const passed = runSteps([
  { name: "format", command: "oxfmt", args: ["--check"] },
  { name: "lint", command: "oxlint", args: [] },
  { name: "types", command: "tsc", args: ["--build"] },
  { name: "unused code", command: "knip", args: [] },
  {
    name: "borders",
    command: "vitest",
    args: ["run", "--project=unit", "--reporter=dot", "packages/bench/src/workspace/borders"],
  },
]);
process.exitCode = passed ? 0 : 1;

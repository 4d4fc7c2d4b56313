/** Builds the API reference of all packages into docs/api. */
import { runSteps } from "./steps.ts";

// typedoc reads the declarations of the packages that a package refers to, so they are built first.
const passed = runSteps([
  { name: "types", command: "tsc", args: ["--build"] },
  { name: "reference", command: "docs/node_modules/.bin/typedoc", args: ["--options", "docs/typedoc.json"] },
]);
process.exitCode = passed ? 0 : 1;

/** Builds the API reference of all packages into docs/api. */
import { runSteps } from "./steps.ts";

const typedoc = "docs/node_modules/typedoc/bin/typedoc";

// typedoc reads the declarations of the packages that a package refers to, so they are built first.
const passed = runSteps([
  { name: "types", command: "tsc", args: ["--build"] },
  { name: "reference", command: "node", args: [typedoc, "--options", "docs/typedoc.json"] },
]);
process.exitCode = passed ? 0 : 1;

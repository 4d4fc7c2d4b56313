import { spawnSync } from "node:child_process";
import { workspaceRoot } from "./rooms.ts";

/** A command of the workspace, run from its root. */
export interface Step {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

/**
 * Runs every step, also after one has failed, each under a heading, and closes with a table of
 * results and times. Answers whether all succeeded.
 */
export function runSteps(steps: readonly Step[]): boolean {
  const results = steps.map((step) => {
    console.log(`\n── ${step.name}: ${[step.command, ...step.args].join(" ")}`);
    const start = performance.now();
    const { status, signal, error } = spawnSync(step.command, step.args, {
      cwd: workspaceRoot,
      stdio: "inherit",
      shell: process.platform === "win32",
    });
    if (error) console.error(`${step.command} could not be started: ${error.message}`);
    const outcome = error ? "not started" : (signal ?? (status === 0 ? "ok" : `exit code ${status}`));
    return { name: step.name, outcome, seconds: (performance.now() - start) / 1000 };
  });
  const width = Math.max(...results.map((each) => each.name.length));
  console.log();
  for (const { name, outcome, seconds } of results) {
    console.log(`${name.padEnd(width)}  ${seconds.toFixed(1).padStart(6)} s  ${outcome}`);
  }
  return results.every((each) => each.outcome === "ok");
}

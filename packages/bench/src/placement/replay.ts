/**
 * `npm run -s replay-placement -- DIR`: predicts every decision of the recordings in a folder,
 * prints each that differs, then how many agree. Fails where one differs.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { NodeExplanation } from "@berth/scheduler";
import type { PlacementRecording } from "./recording.ts";
import { replayRecording } from "./replay-recording.ts";

const directory = process.argv[2];
if (directory === undefined) {
  console.error("usage: npm run -s replay-placement -- DIR");
  process.exit(1);
}

let decisions = 0;
let agree = 0;
for (const file of readdirSync(directory)
  .filter((name) => name.endsWith(".json"))
  .toSorted()) {
  const recording = JSON.parse(readFileSync(join(directory, file), "utf8")) as PlacementRecording;
  const result = replayRecording(recording);
  decisions += result.decisions;
  agree += result.decisions - result.wrong.length;
  for (const { step, pod, differences, table } of result.wrong) {
    console.log(`${file} step ${step} ${pod}`);
    for (const line of differences) console.log(`  ${line}`);
    for (const node of table) console.log(`    ${line(node)}`);
  }
}
console.log(`${decisions} decisions, ${agree} agree`);
if (agree !== decisions || decisions === 0) process.exitCode = 1;

function line({ node, filters, scores }: NodeExplanation): string {
  if (scores !== undefined) {
    const parts = Object.entries(scores.plugins).map(([plugin, score]) => `${plugin} ${score}`);
    return `${node}: ${scores.total} = ${parts.join(" + ")}`;
  }
  const last = filters.at(-1);
  if (last === undefined || last.verdict === "passed") return `${node}: feasible`;
  return `${node}: ${last.plugin}: ${last.reasons.join(", ")}`;
}

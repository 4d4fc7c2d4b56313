/**
 * `npm run -s replay-patch -- DIR`: sends the writes of the recordings in a folder to the local cloud, prints each
 * answer that differs, then how many agree: in all, and in the first writer's part. Fails where an answer of that
 * part differs, or where there is a wrong success.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createLocalTarget } from "./local-target.ts";
import { readPatchRecording } from "./recording.ts";
import { replayPatchRecording, type ReplayedStep, tally } from "./replay-recording.ts";

const directory = process.argv[2];
if (directory === undefined) {
  console.error("usage: npm run -s replay-patch -- DIR");
  process.exit(1);
}

const target = await createLocalTarget();
const replayed: ReplayedStep[] = [];
for (const file of readdirSync(directory)
  .filter((name) => name.endsWith(".json"))
  .toSorted()) {
  const steps = await replayPatchRecording(
    readPatchRecording(readFileSync(join(directory, file), "utf8")),
    target,
  );
  replayed.push(...steps);
  for (const { index, step, differences } of steps.filter((each) => each.differences.length > 0)) {
    console.log(`${file} step ${index} ${step.request.contentType} ${step.request.query}`);
    for (const line of differences) console.log(`  ${line}`);
  }
}
const first = replayed.filter((each) => each.firstWriters);
console.log(tally(replayed));
console.log(`${tally(first)} (first writer's part)`);
const isWrong =
  replayed.some((each) => each.wrongSuccess) || first.some((each) => each.differences.length > 0);
if (isWrong || replayed.length === 0) process.exitCode = 1;

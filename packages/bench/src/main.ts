/**
 * `npm run bench -- [NAME…] [--peers] [--json] [--check]`: runs the named benches, or all; those beside
 * peers, which are installed for it, only with `--peers` or by name. `--json` prints them as JSON; with
 * `--check` a missed target is a failure.
 */
import { cpus, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { isMet } from "./bench.ts";
import { benches } from "./benches.ts";
import { formatTable } from "./table.ts";

const { values: options, positionals: names } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean", default: false },
    check: { type: "boolean", default: false },
    peers: { type: "boolean", default: false },
  },
});
const unknown = names.filter((name) => !benches.some((each) => each.name === name));
if (unknown.length > 0) {
  console.error(`There is no bench ${unknown.join(", ")}. There are:`);
  for (const { name, description } of benches) console.error(`  ${name}: ${description}`);
  process.exit(1);
}

const machine = {
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
  processors: cpus().length,
  memoryGb: Math.round(totalmem() / 2 ** 30),
};
const results = [];
const chosen = benches.filter(({ name, onDemand }) =>
  onDemand ? options.peers || names.includes(name) : names.length === 0 || names.includes(name),
);
for (const bench of chosen) {
  if (!options.json) console.log(`\n${bench.name}: ${bench.description}`);
  try {
    const measurements = await bench.run((line) => console.error(`  … ${line}`));
    if (!options.json) console.log(formatTable(measurements));
    results.push({
      name: bench.name,
      measurements: measurements.map((each) => ({ ...each, met: isMet(each) })),
    });
  } catch (error) {
    console.error(`${bench.name} failed: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
if (options.json) console.log(JSON.stringify({ machine, benches: results }, undefined, 2));
else
  console.log(
    `\n${machine.node}, ${machine.platform}, ${machine.processors} processors, ${machine.memoryGb} GB`,
  );
const missed = results.some((each) => each.measurements.some(({ met }) => !met));
if (options.check && missed) process.exitCode = 1;

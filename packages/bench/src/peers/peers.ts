import { planStack } from "@berth/planner";
import type { Bench, Measurement } from "../bench.ts";
import { definitionOfItem } from "../scale/item.ts";
import { noOp } from "../scale/no-op.ts";
import { declareItems, everyTenth } from "../scale/shapes.ts";
import { medianSpent, type Spent, spentBy } from "../scale/spent.ts";
import { upOnce, withBackend } from "../scale/up.ts";
import { installPeers, versionOf } from "./install.ts";
import { runPeer } from "./run-peer.ts";

const counts = [1_000, 5_000] as const;
const rounds = 5;

/**
 * berth beside alchemy and cdk8s, on the same machine in the same run. Each does the same work in
 * its own fastest way: see docs/benchmarks.md for what that is and what each leaves undone.
 */
export const peers: Bench = {
  name: "peers",
  description: `beside alchemy and cdk8s: five properties, every tenth needs one, warm, median of ${rounds}`,
  onDemand: true,
  async run(progress) {
    installPeers(progress);
    const measurements: Measurement[] = [];
    for (const count of counts) {
      for (const state of ["memory", "files"] as const) {
        progress(`alchemy, ${count}, state in ${state}`);
        measurements.push(...(await besideAlchemy(count, state)));
      }
      progress(`cdk8s, ${count}`);
      measurements.push(...(await besideCdk8s(count)));
    }
    return measurements;
  },
};

async function besideAlchemy(count: number, state: "memory" | "files"): Promise<readonly Measurement[]> {
  const theirs = runPeer("alchemy", [String(count), state === "files" ? "file" : "memory"]);
  const ours = await withBackend(state, async (backend) => ({
    create: await upOnce(everyTenth, count, backend),
    again: await medianOf(() => upOnce(everyTenth, count, backend)),
  }));
  const unchanged = await noOp(everyTenth, count);
  const preview = await medianOf(unchanged);
  const name = `alchemy ${versionOf("alchemy")}`;
  const where = `${count}, state in ${state}`;
  return [
    ...pair(`creating ${where}`, name, theirs["create"], ours.create),
    ...pair(`nothing changed, ${where}, all at once`, name, theirs["again"], ours.again),
    ...pair(`nothing changed, ${where}, each awaited`, name, theirs["sequential"], ours.again),
    { name: `no-op preview of ${count}: berth`, value: preview.elapsed, unit: "ms" },
    ...times(theirs["again"], preview),
  ];
}

async function besideCdk8s(count: number): Promise<readonly Measurement[]> {
  const { synth } = runPeer("cdk8s", [String(count)]);
  const ours = await medianOf(() => spentBy(() => planNew(count)));
  return pair(`declaring ${count}: to YAML, to a plan`, `cdk8s ${versionOf("cdk8s")}`, synth, ours);
}

/** What berth has to show before anything exists: the whole program as a plan of creations. */
async function planNew(count: number): Promise<void> {
  const graph = await declareItems(everyTenth, count);
  const recorded = {
    project: graph.project,
    stack: graph.stack,
    serial: 0,
    resources: [],
    outputs: {},
    pending: [],
  };
  const { plan } = planStack({
    operation: "up",
    graph,
    recorded,
    observed: new Map(),
    definition: definitionOfItem,
  });
  if (plan.steps.length !== count) throw new Error("the plan does not create everything");
}

/** The first time only warms up, as with the peers. */
async function medianOf(once: () => Promise<Spent>): Promise<Spent> {
  await once();
  const found: Spent[] = [];
  for (let round = 0; round < rounds; round++) found.push(await once());
  return medianSpent(found);
}

function pair(what: string, peer: string, theirs: Spent | undefined, ours: Spent): readonly Measurement[] {
  return [
    { name: `${what}: ${peer}`, value: theirs?.elapsed ?? Number.NaN, unit: "ms" },
    { name: `${what}: berth`, value: ours.elapsed, unit: "ms" },
    ...times(theirs, ours),
  ];
}

/** By the clock, and by the processor alone, which other processes hardly bear on. */
function times(theirs: Spent | undefined, ours: Spent): readonly Measurement[] {
  const unit = "times";
  return [
    { name: "  berth is faster by", value: (theirs?.elapsed ?? Number.NaN) / ours.elapsed, unit },
    { name: "  of processor time", value: (theirs?.processor ?? Number.NaN) / ours.processor, unit },
  ];
}

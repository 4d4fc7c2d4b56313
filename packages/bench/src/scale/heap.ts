/**
 * What a stack keeps in memory, in a process with `--expose-gc`: `heap.ts COUNT`. Prints bytes of heap
 * after collection, in all and by part, as JSON.
 */
import { planStack } from "@berth/planner";
import { memoryBackend } from "@berth/state";
import { definitionOfItem } from "./item.ts";
import { declareItems, everyTenth, plainInputs } from "./shapes.ts";
import { upOnce } from "./up.ts";

function heap(): number {
  if (!globalThis.gc) throw new Error("start it with --expose-gc");
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

const count = Number(process.argv[2]);
const backend = memoryBackend({ project: "bench" });
// Once before, so that what is compiled and cached at first use is not counted.
await upOnce(everyTenth, 100, backend);
const request = {
  operation: "up",
  observed: new Map(),
  definition: definitionOfItem,
} as const;

const before = heap();
const inputs = Array.from({ length: count }, (_, index) => plainInputs(index));
const withInputs = heap();
const graph = await declareItems(everyTenth, count);
const withGraph = heap();
const nothing = {
  project: graph.project,
  stack: graph.stack,
  serial: 0,
  resources: [],
  outputs: {},
  pending: [],
};
const created = planStack({ ...request, graph, recorded: nothing });
const withPlan = heap();
const filled = memoryBackend({ project: "bench" });
await upOnce(everyTenth, count, filled);
const withBackend = heap();
const recorded = await filled.read("scale");
const withState = heap();
const unchanged = planStack({ ...request, graph, recorded });
const withAll = heap();

process.stdout.write(
  JSON.stringify({
    inputs: withInputs - before,
    graph: withGraph - withInputs,
    plan: withPlan - withGraph,
    state: withState - withBackend,
    unchangedPlan: withAll - withState,
    // What must live until here.
    kept: [
      inputs.length,
      graph.resources.length,
      created.plan.steps.length,
      unchanged.plan.steps.length,
      recorded.serial,
    ],
  }),
);

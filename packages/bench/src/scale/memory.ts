import { execFileSync } from "node:child_process";
import path from "node:path";
import type { Bench } from "../bench.ts";

const count = 10_000;

interface Heap {
  readonly inputs: number;
  readonly graph: number;
  readonly plan: number;
  readonly state: number;
  readonly unchangedPlan: number;
}

/** How much memory a stack takes while it is planned. */
export const memory: Bench = {
  name: "memory",
  description: `heap after collection for each of ${count} resources, in a process of its own`,
  async run() {
    const found = heapOf(count);
    const each = (name: string, bytes: number) => ({ name, value: bytes / count / 1000, unit: "kB" });
    const all = found.graph + found.state + found.plan;
    const less = { atMost: 5 };
    return [
      each("  the program's inputs alone", found.inputs),
      each("  graph", found.graph),
      each("  state, as it was read", found.state),
      each("  plan that creates all", found.plan),
      each("  plan in which nothing changes", found.unchangedPlan),
      { ...each("graph, state and plan that creates all", all), target: less },
    ];
  },
};

function heapOf(resources: number): Heap {
  const script = path.join(import.meta.dirname, "heap.ts");
  const args = ["--expose-gc", "--conditions=@berth/source", script, String(resources)];
  const found: Heap = JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" }));
  return found;
}

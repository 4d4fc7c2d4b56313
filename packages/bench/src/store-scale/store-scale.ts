import { execFileSync } from "node:child_process";
import path from "node:path";
import { type Bench, type Measurement, median } from "../bench.ts";
import { growthMeasurement } from "../scale/growth.ts";
import type { Spent } from "../scale/spent.ts";
import { workspaceRoot } from "../workspace/rooms.ts";

const rounds = 3;

interface Round extends Spent {
  readonly resources: number;
  readonly placed: number;
  readonly unplaced: number;
  readonly bytes: number;
}

/** Planning whole clusters: declared, checked, ordered, played in the simulator, read off. */
export const storeScale: Bench = {
  name: "store-scale",
  description: `planning 10 and 100 stores on one cluster of which nothing exists, median of ${rounds}`,
  async run(progress) {
    const measured = [10, 100].map((count) => {
      progress(`${count} stores`);
      return { count, found: planStores(count) };
    });
    const [few, many] = measured.map(({ count, found }) => ({
      count,
      time: median(found.map((each) => each.processor)),
    }));
    return [
      ...measured.flatMap(({ count, found }) => measurementsOf(count, found)),
      ...(few && many ? [growthMeasurement(few, many)] : []),
    ];
  },
};

function measurementsOf(count: number, found: readonly Round[]): readonly Measurement[] {
  const [last] = found.slice(-1);
  if (!last || last.unplaced > 0 || last.placed !== 9 * count)
    throw new Error("the plan does not place every pod");
  const name = `${count} stores, ${last.resources} resources, ${5 * count + 2} nodes`;
  return [
    {
      name,
      value: median(found.map((each) => each.elapsed)),
      unit: "ms",
      ...(count === 100 && { target: { atMost: 5_000 } }),
    },
    { name: "  of the processor", value: median(found.map((each) => each.processor)), unit: "ms" },
    { name: "  the plan as a file", value: last.bytes / 1e6, unit: "MB" },
  ];
}

/** In a process of its own, since decorators need the loader; the first round warms up. */
function planStores(count: number): readonly Round[] {
  const script = path.join(import.meta.dirname, "plan-stores.ts");
  const register = path.join(workspaceRoot, "packages/automation/src/loader/register.ts");
  const args = [
    "--conditions=@berth/source",
    "--import",
    register,
    script,
    String(count),
    String(rounds + 1),
  ];
  const found: readonly Round[] = JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" }));
  return found.slice(1);
}

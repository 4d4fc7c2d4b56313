import { planStack } from "@berth/planner";
import type { Bench, Measurement } from "../bench.ts";
import { growthMeasurement } from "./growth.ts";
import { definitionOfItem, recordOf } from "./item.ts";
import { declareItems, everyTenth, type Shape, shapes } from "./shapes.ts";
import { speedMeasurements } from "./speed.ts";
import { inTurns, type Spent, spentBy } from "./spent.ts";

const counts = [1_000, 10_000, 50_000] as const;
const rounds = 5;

/** Declares and plans stacks in which nothing changed, in a warm process. */
export const noOpPlan: Bench = {
  name: "plan",
  description: `declaring and planning stacks of which nothing changed, warm, median of ${rounds}`,
  async run(progress) {
    const measurements: Measurement[] = [];
    for (const shape of [everyTenth, ...shapes]) {
      progress(`${shape.name}, ${counts.join(", ")} resources`);
      const spent = await inTurns(await Promise.all(counts.map((count) => noOp(shape, count))), rounds);
      for (const [index, count] of counts.entries()) {
        const promised = shape === everyTenth && count === 10_000 ? { atLeast: 20_000 } : undefined;
        const name = `no-op, ${shape.name}, ${count}`;
        measurements.push(...speedMeasurements(name, count, spent[index]!, promised));
      }
      const [few, many] = [1, 2].map((index) => ({ count: counts[index]!, time: spent[index]!.processor }));
      measurements.push(growthMeasurement(few!, many!));
    }
    return measurements;
  },
};

/** Declaring and planning a stack that stands as it is declared. */
export async function noOp(shape: Shape, count: number): Promise<() => Promise<Spent>> {
  const recorded = recordOf(await declareItems(shape, count));
  return () =>
    spentBy(async () => {
      const graph = await declareItems(shape, count);
      const { plan } = planStack({
        operation: "up",
        graph,
        recorded,
        observed: new Map(),
        definition: definitionOfItem,
      });
      if (plan.steps.length > 0 || plan.summary.unchanged !== count) throw new Error("the plan is not empty");
    });
}

import { planStack } from "@berth/planner";
import type { Bench, Measurement } from "../bench.ts";
import { growthBeyondNLogN } from "./growth.ts";
import { type Clock, interleaved, type Timed, timeOf } from "./interleaved.ts";
import { definitionOfItem, recordOf } from "./item.ts";
import { declareItems, everyTenth, type Shape, shapes } from "./shapes.ts";

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
      const timed = await Promise.all(counts.map((count) => noOp(shape, count)));
      const times = await interleaved(timed, rounds);
      measurements.push(...counts.map((count, index) => speed(shape, count, times[index]!)));
      measurements.push({
        name: `  from ${counts[1]} to ${counts[2]}, beside n log n`,
        value: growthBeyondNLogN(
          { count: counts[1], milliseconds: times[1]! },
          { count: counts[2], milliseconds: times[2]! },
        ),
        unit: "times",
        target: { atMost: 1 },
      });
    }
    return measurements;
  },
};

function speed(shape: Shape, count: number, milliseconds: number): Measurement {
  return {
    name: `no-op, ${shape.name}, ${count}`,
    value: Math.round(count / (milliseconds / 1000)),
    unit: "resources/s",
    ...(shape === everyTenth && count === 10_000 ? { target: { atLeast: 20_000 } } : {}),
  };
}

/** Declaring and planning a stack that stands as it is declared. */
export async function noOp(shape: Shape, count: number, clock: Clock = timeOf): Promise<Timed> {
  const recorded = recordOf(await declareItems(shape, count));
  return {
    once: () =>
      clock(async () => {
        const graph = await declareItems(shape, count);
        const { plan } = planStack({
          operation: "up",
          graph,
          recorded,
          observed: new Map(),
          definition: definitionOfItem,
        });
        if (plan.steps.length > 0 || plan.summary.unchanged !== count)
          throw new Error("the plan is not empty");
      }),
  };
}

import {
  declare,
  defineResource,
  definitionOf,
  type Graph,
  type JsonObject,
  type ResourceRecord,
  type StackState,
} from "@berth/core";
import { planStack } from "@berth/planner";
import { type Bench, median, type Measurement } from "../bench.ts";

const text = { type: "string" } as const;

/** Five properties, and an output that every tenth resource takes from the one before it. */
const Item = defineResource<
  { label: string; size: number; enabled: boolean; zones: string[]; tags: Record<string, string> },
  { id: string }
>({
  type: "bench:Item",
  provider: "bench",
  inputs: {
    label: text,
    size: { type: "integer" },
    enabled: { type: "boolean" },
    zones: { type: "array", items: text },
    tags: { type: "object", additionalProperties: text },
  },
  outputs: { id: text },
});

const rounds = 7;

/** Declares and plans stacks in which nothing changed, in a warm process. */
export const noOpPlan: Bench = {
  name: "plan",
  description: "declaring and planning stacks of which nothing changed, in resources a second",
  async run(progress) {
    const measurements: Measurement[] = [];
    for (const count of [1_000, 10_000, 50_000]) {
      progress(`${count} resources`);
      measurements.push({
        name: `no-op plan of ${count} resources`,
        value: Math.round(await resourcesPerSecond(count)),
        unit: "resources/s",
        ...(count === 10_000 ? { target: { atLeast: 20_000 } } : {}),
      });
    }
    return measurements;
  },
};

async function resourcesPerSecond(count: number): Promise<number> {
  const recorded = recordOf(await declared(count));
  const times: number[] = [];
  for (let round = -2; round < rounds; round++) {
    const start = performance.now();
    const graph = await declared(count);
    const { plan } = planStack({
      operation: "up",
      graph,
      recorded,
      observed: new Map(),
      definition: () => definitionOf(Item),
    });
    if (round >= 0) times.push(performance.now() - start);
    if (plan.steps.length > 0 || plan.summary.unchanged !== count) throw new Error("the plan is not empty");
  }
  return count / (median(times) / 1000);
}

function declared(count: number): Promise<Graph> {
  return declare({ project: "bench", stack: "plan" }, () => {
    let last: InstanceType<typeof Item> | undefined;
    for (let i = 0; i < count; i++) {
      const label = last && i % 10 === 9 ? last.id : `item ${i}`;
      last = new Item(`item${i}`, { label, size: i, enabled: true, zones: ["1", "2"], tags: { team: "a" } });
    }
  });
}

/** What the state would hold had the graph been applied. */
function recordOf({ project, stack, resources }: Graph): StackState {
  const records = resources.map(
    ({ urn, type, name, inputs, dependencies, references }, index): ResourceRecord => ({
      urn,
      type,
      provider: "bench",
      id: name,
      inputs: { ...(inputs as JsonObject), ...(index % 10 === 9 ? { label: `id ${index - 1}` } : {}) },
      outputs: { id: `id ${index}` },
      assigned: {},
      dependencies,
      references,
      protect: false,
      operationKey: name,
    }),
  );
  return { project, stack, serial: 1, resources: records, outputs: {}, pending: [] };
}

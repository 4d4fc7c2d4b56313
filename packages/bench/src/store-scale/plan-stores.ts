/**
 * Plans so many stores, of which nothing exists, in a process of its own: `plan-stores.ts COUNT ROUNDS`.
 * Prints what it took and what it came to as JSON.
 */
import { azureDefinitions } from "@berth/azure";
import { declare } from "@berth/core";
import { kubernetesDefinitions } from "@berth/kubernetes";
import { type Plan, planStack, serializePlan } from "@berth/planner";
import { spentBy } from "../scale/spent.ts";
import { declareStores } from "./many-stores.ts";

const [count, rounds] = process.argv.slice(2).map(Number);
const definitions = new Map([...azureDefinitions, ...kubernetesDefinitions].map((each) => [each.type, each]));

async function planStores(): Promise<Plan> {
  const graph = await declare({ project: "bench", stack: "stores" }, () => declareStores(count ?? 1));
  const { project, stack } = graph;
  const { plan } = planStack({
    operation: "up",
    graph,
    recorded: { project, stack, serial: 0, resources: [], outputs: {}, pending: [] },
    observed: new Map(),
    definition: (type) => definitions.get(type),
  });
  return plan;
}

const found = [];
for (let round = 0; round < (rounds ?? 1); round++) {
  let plan: Plan | undefined;
  const spent = await spentBy(async () => {
    plan = await planStores();
  });
  if (!plan) throw new Error("there is no plan");
  const errors = plan.problems.filter((each) => each.severity === "error");
  if (errors.length > 0) throw new Error(errors[0]?.message);
  const { pods } = plan.summary;
  found.push({
    ...spent,
    resources: plan.changes.length,
    placed: pods.new,
    unplaced: pods.unplaced,
    bytes: serializePlan(plan).length,
  });
}
process.stdout.write(JSON.stringify(found));

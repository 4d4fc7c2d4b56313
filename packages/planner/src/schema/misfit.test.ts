import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Plan } from "../plan.ts";
import { Cluster, KubernetesObject, Machine, Network, Pool, service, workload } from "../testing/cloud.ts";
import { TestStack } from "../testing/stack.ts";
import { misfit } from "./misfit.ts";
import { planDefinitions, planSchema } from "./plan-schema.ts";

const isPlan = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(planSchema);

async function somePlan(): Promise<Plan> {
  const stack = new TestStack();
  await stack.up(() => void new Network("old", { name: "old" }));
  return stack.preview(() => {
    const machine = new Machine("box", { size: 1, tags: { a: "b" } });
    const cluster = new Cluster("cluster", { name: "a", nodes: 1 });
    new Pool("pool", { cluster: cluster.id, name: "pool", count: 1 });
    new KubernetesObject("web", workload("Deployment", "web", { replicas: 20 }) as never);
    new KubernetesObject("service", service("web") as never);
    return { ip: machine.ip };
  });
}

type Place = readonly (string | number)[];

function* placesIn(json: unknown, above: Place = []): Generator<Place> {
  yield above;
  if (typeof json !== "object" || json === null) return;
  for (const [key, each] of Object.entries(json))
    yield* placesIn(each, [...above, Array.isArray(json) ? Number(key) : key]);
}

test("says the same as ajv of plans and of what is nearly one", async () => {
  const plan: unknown = await somePlan();
  expect(misfit(planSchema, plan, planDefinitions)).toBeUndefined();
  const places = [...placesIn(plan)];
  const values = fc.constantFrom<unknown>(
    undefined,
    null,
    true,
    0,
    -1,
    1.5,
    "",
    "will",
    "BERTH1",
    [],
    [1],
    {},
    { kind: "destroy" },
  );
  let refused = 0;
  fc.assert(
    fc.property(fc.constantFrom(...places), values, (place, value) => {
      const altered = structuredClone(plan);
      const key = place.at(-1);
      let parent: unknown = altered;
      for (const each of place.slice(0, -1)) parent = Reflect.get(parent as object, each);
      if (key === undefined) return;
      if (value === undefined) Reflect.deleteProperty(parent as object, key);
      else Reflect.set(parent as object, key, value);
      const json: unknown = JSON.parse(JSON.stringify(altered));
      const wrong = misfit(planSchema, json, planDefinitions);
      if (wrong !== undefined) refused += 1;
      expect(wrong === undefined).toBe(isPlan(json));
    }),
    { numRuns: 1500 },
  );
  expect(refused).toBeGreaterThan(500);
});

test("names the place", () => {
  expect(misfit(planSchema, { format: "berth.plan" }, planDefinitions)).toBe("version");
  const items = { type: "array", items: { $ref: "#/$defs/step" } };
  expect(misfit(items, [{ id: 1, urn: "a", action: "create", after: ["b"] }], planDefinitions)).toBe(
    "[0].after[0]",
  );
});

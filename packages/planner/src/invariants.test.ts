import { type Graph, type JsonObject, type Output, secret, text } from "@berth/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Plan } from "./plan.ts";
import { serializePlan } from "./serialize.ts";
import {
  Cluster,
  KubernetesObject,
  Machine,
  Network,
  Pool,
  service,
  Subnet,
  workload,
} from "./testing/cloud.ts";
import { graphOf, planned, TestStack } from "./testing/stack.ts";

/** A program as data, so that it can be drawn, edited and permuted. Names refer to earlier ones; what is missing is left out. */
interface Shape {
  readonly networks: readonly { readonly id: number; readonly name: string; readonly range: number }[];
  readonly subnets: readonly { readonly id: number; readonly network: number; readonly size: number }[];
  readonly machines: readonly {
    readonly id: number;
    readonly subnet: number;
    readonly size: number;
    readonly password: number;
    readonly takes: boolean;
  }[];
  readonly cluster: "none" | "a" | "b";
  readonly pools: readonly { readonly id: number; readonly count: number; readonly zones: number }[];
  readonly workloads: readonly {
    readonly id: number;
    readonly replicas: number;
    readonly image: number;
    readonly cpu: number;
  }[];
  readonly services: readonly {
    readonly id: number;
    readonly workload: number;
    readonly headless: boolean;
  }[];
}

const id = fc.nat(4);
const each = <T>(of: fc.Arbitrary<T & { readonly id: number }>) =>
  fc.uniqueArray(of, { maxLength: 4, selector: (drawn) => drawn.id });
const shape: fc.Arbitrary<Shape> = fc.record({
  // Physical names belong to one resource each, or two would be the same thing.
  networks: each(fc.record({ id, range: fc.nat(1), name: fc.constantFrom("x", "y") })),
  subnets: each(fc.record({ id, network: id, size: fc.nat(1) })),
  machines: each(fc.record({ id, subnet: id, size: fc.nat(1), password: fc.nat(2), takes: fc.boolean() })),
  cluster: fc.constantFrom("none", "a", "b"),
  pools: each(fc.record({ id, count: fc.nat(3), zones: fc.nat(2) })),
  workloads: each(
    fc.record({ id, replicas: fc.nat(4), image: fc.nat(1), cpu: fc.constantFrom(100, 900, 3000) }),
  ),
  services: each(fc.record({ id, workload: id, headless: fc.boolean() })),
});

/** Declares a shape. With a `seed`, what is independent is declared in another order. */
function declareShape(
  { networks, subnets, machines, cluster: kind, pools, workloads, services }: Shape,
  reversed = false,
): Record<string, Output<string>> {
  const inOrder = <T>(list: readonly T[]): readonly T[] => (reversed ? list.toReversed() : list);
  const made = {
    networks: new Map<number, InstanceType<typeof Network>>(),
    subnets: new Map<number, InstanceType<typeof Subnet>>(),
  };
  const outputs: Record<string, Output<string>> = {};
  for (const { id: n, name, range } of inOrder(networks)) {
    made.networks.set(n, new Network(`network${n}`, { name: `${name}${n}`, range: `10.${range}.0.0/16` }));
  }
  for (const { id: n, network, size } of inOrder(subnets)) {
    const of = made.networks.get(network);
    if (of) made.subnets.set(n, new Subnet(`subnet${n}`, { network: of.id, size }));
  }
  for (const { id: n, subnet, size, password, takes } of inOrder(machines)) {
    const of = made.subnets.get(subnet);
    const machine = new Machine(`machine${n}`, {
      size,
      ...(of && takes ? { subnet: of.id } : {}),
      ...(of ? { note: text`by ${of.gateway}` } : {}),
      ...(password > 0 ? { password: secret(`hunter${password}`) } : {}),
    });
    outputs[`ip${n}`] = machine.ip;
  }
  if (kind === "none") return outputs;
  const cluster = new Cluster("cluster", { name: kind, nodes: 1 });
  for (const { id: n, count, zones } of inOrder(pools)) {
    new Pool(`pool${n}`, { cluster: cluster.id, name: `pool${n}`, count, zones: ["a", "b"].slice(0, zones) });
  }
  const object = (name: string, json: JsonObject): void =>
    void new KubernetesObject(name, json as never, { silence: ["BERTH3101", "BERTH3103"] });
  for (const { id: n, replicas, image, cpu } of inOrder(workloads)) {
    object(
      `web${n}`,
      workload(n === 3 ? "StatefulSet" : "Deployment", `web${n}`, {
        replicas,
        image: `v${image}`,
        cpu: `${cpu}m`,
      }),
    );
  }
  for (const { id: n, workload: of, headless } of inOrder(services)) {
    object(`service${n}`, {
      ...service(`web${of}`, headless ? { clusterIP: "None" } : {}),
      metadata: { name: `service${n}`, namespace: "default" },
    });
  }
  return outputs;
}

const graphOfShape = (of: Shape, reversed = false): Promise<Graph> =>
  graphOf(() => declareShape(of, reversed));
const actions = (plan: Plan): readonly string[] =>
  plan.changes.map(({ action, certainty, urn }) => `${certainty} ${action} ${urn}`).toSorted();
const runs = { numRuns: Number(process.env["BERTH_RUNS"] ?? 25) };

describe("a plan", () => {
  test("is the same bytes for the same request, and changes nothing that it is given", async () => {
    await fc.assert(
      fc.asyncProperty(shape, shape, async (first, second) => {
        const stack = new TestStack();
        await stack.up(() => declareShape(first));
        const graph = await graphOfShape(second);
        const recorded = JSON.stringify(stack.state);
        const bytes = serializePlan(planned(stack.request(graph)).plan);
        expect(serializePlan(planned(stack.request(graph)).plan)).toBe(bytes);
        expect(serializePlan(planned(stack.request(await graphOfShape(second))).plan)).toBe(bytes);
        expect(JSON.stringify(stack.state)).toBe(recorded);
        expect(bytes).not.toMatch(/hunter/);
      }),
      runs,
    );
  });

  test("is empty after it was applied, and after everything was destroyed nothing is left", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(shape, { minLength: 1, maxLength: 3 }), async (shapes) => {
        const stack = new TestStack();
        for (const of of shapes) {
          const graph = await graphOfShape(of);
          const result = planned(stack.request(graph));
          expect(result.plan.problems.filter(({ severity }) => severity === "error")).toEqual([]);
          stack.apply(graph, result);
          const { plan, bookkeeping } = planned(stack.request(await graphOfShape(of)));
          expect([plan.changes, plan.steps, bookkeeping]).toEqual([[], [], []]);
          expect(plan.outputs.every(({ action }) => action === "no-op")).toBe(true);
          expect(stack.state.resources.length).toBe(graph.resources.length);
        }
        stack.destroy(await graphOfShape(shapes.at(-1)!));
        expect([stack.state.resources, stack.state.outputs]).toEqual([[], {}]);
      }),
      runs,
    );
  });

  test("does the same whatever the order of independent declarations", async () => {
    await fc.assert(
      fc.asyncProperty(shape, shape, async (first, second) => {
        const stack = new TestStack();
        await stack.up(() => declareShape(first));
        const [there, back] = [
          planned(stack.request(await graphOfShape(second))).plan,
          planned(stack.request(await graphOfShape(second, true))).plan,
        ];
        expect(actions(back)).toEqual(actions(there));
        const assigned = (plan: Plan): readonly string[] =>
          plan.changes
            .flatMap(({ urn, assigned: own }) =>
              Object.keys(own).length > 0 ? [`${urn} ${JSON.stringify(own)}`] : [],
            )
            .toSorted();
        expect(assigned(back)).toEqual(assigned(there));
      }),
      runs,
    );
  });

  test("gives each service one address, its own, and keeps it", async () => {
    await fc.assert(
      fc.asyncProperty(shape, shape, async (first, second) => {
        const stack = new TestStack();
        await stack.up(() => declareShape({ ...first, cluster: "a" }));
        const before = new Map(
          stack.state.resources.map(({ urn, assigned }) => [urn, assigned["spec.clusterIP"]]),
        );
        await stack.up(() => declareShape({ ...second, cluster: "a" }));
        const after = stack.state.resources.flatMap(({ urn, assigned }) =>
          assigned["spec.clusterIP"] === undefined ? [] : [{ urn, address: assigned["spec.clusterIP"] }],
        );
        expect(new Set(after.map(({ address }) => address)).size).toBe(after.length);
        for (const { urn, address } of after) expect([undefined, address]).toContain(before.get(urn));
        const wanted = stack.state.resources.filter(
          ({ inputs }) =>
            inputs["kind"] === "Service" && (inputs["spec"] as JsonObject)["clusterIP"] !== "None",
        );
        expect(after.length).toBe(wanted.length);
      }),
      runs,
    );
  });

  test("moves no pod that runs, unless its node goes or it is made anew", async () => {
    await fc.assert(
      fc.asyncProperty(shape, shape, async (first, second) => {
        const stack = new TestStack();
        await stack.up(() => declareShape({ ...first, cluster: "a" }));
        const [plan] = [planned(stack.request(await graphOfShape({ ...second, cluster: "a" }))).plan];
        for (const { nodes, placement, summary } of plan.clusters.map((cluster) => ({
          ...cluster,
          summary: plan.summary,
        }))) {
          const gone = new Set(nodes.filter(({ change }) => change === "gone").map(({ name }) => name));
          for (const { change, from, node } of placement) {
            if (change === "moved") expect(gone).toContain(from);
            if (change === "stays" || change === "new" || change === "moved")
              expect(gone).not.toContain(node);
          }
          // What was there stays, moves or goes; what is there stayed, moved or is new.
          const had = nodes.reduce((sum, { pods }) => sum + pods.before, 0);
          const has = nodes.reduce((sum, { pods }) => sum + pods.after, 0);
          const all = (key: "staying" | "moved" | "gone" | "new"): number =>
            summary.pods[key] + summary.systemPods[key];
          expect(had).toBe(all("staying") + all("moved") + all("gone"));
          expect(has).toBe(all("staying") + all("moved") + all("new"));
          for (const { resources } of nodes)
            for (const { requested, allocatable } of resources)
              expect(requested).toBeLessThanOrEqual(allocatable);
        }
      }),
      runs,
    );
  });
});

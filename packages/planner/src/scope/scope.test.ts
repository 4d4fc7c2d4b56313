import { text } from "@berth/core";
import { describe, expect, test } from "vitest";
import type { Plan } from "../plan.ts";
import type { PlanScope } from "../request.ts";
import {
  Cluster,
  KubernetesObject,
  Machine,
  Network,
  Pool,
  service,
  Subnet,
  workload,
} from "../testing/cloud.ts";
import { changeLines, graphOf, planned, TestStack } from "../testing/stack.ts";

const scope = (given: Partial<PlanScope>): PlanScope => ({
  targets: [],
  excludes: [],
  replaces: [],
  ...given,
});

/** A network with two subnets and a machine in each; the network's name decides over all of them. */
const shop =
  ({ name = "net", size = 1, names = ["a", "b"] } = {}) =>
  () => {
    const network = new Network("net", { name });
    const ips = names.map((each) => {
      const subnet = new Subnet(`sub-${each}`, { network: network.id, size });
      return new Machine(`box-${each}`, { size, note: text`by ${subnet.gateway}` }).ip;
    });
    return { first: ips[0] };
  };

async function plan(
  before: (() => unknown) | undefined,
  program: () => unknown,
  given: Partial<PlanScope>,
  operation: "up" | "destroy" = "up",
): Promise<Plan> {
  const stack = new TestStack();
  if (before) await stack.up(before);
  return planned(stack.request(await graphOf(program), operation, scope(given))).plan;
}

const errors = ({ problems }: Plan): readonly string[] =>
  problems.map(({ code, message, hint }) => `${code} ${message}${hint === undefined ? "" : ` (${hint})`}`);

describe("targets", () => {
  test("take with them what they need, and leave everything else undeclared", async () => {
    const slice = await plan(undefined, shop(), { targets: ["box-a"] });
    expect(changeLines(slice)).toEqual(["will create net", "will create sub-a", "will create box-a"]);
    expect(slice.scope).toEqual({ ...scope({ targets: ["box-a"] }), outside: 2 });
  });

  test("leave what is recorded as it is, whatever the program says of it now", async () => {
    const slice = await plan(shop(), shop({ size: 2 }), { targets: ["sub-a"] });
    expect(changeLines(slice)).toEqual(["will update sub-a: size"]);
    expect([slice.summary.unchanged, slice.scope?.outside]).toEqual([1, 3]);
    expect(slice.cost.before).toBe(slice.cost.after);
    expect(slice.outputs).toMatchObject([{ name: "first", action: "no-op" }]);
  });

  test("of what leaves take with them what is recorded to need it", async () => {
    const slice = await plan(shop(), shop({ names: [] }), { targets: ["sub-a"] });
    expect(changeLines(slice)).toEqual(["will delete box-a", "will delete sub-a"]);
  });

  test("of a destroy are deleted with what needs them, and outputs stay while something does", async () => {
    const slice = await plan(shop(), () => undefined, { targets: ["sub-a"] }, "destroy");
    expect(changeLines(slice)).toEqual(["will delete box-a", "will delete sub-a"]);
    expect(slice.outputs).toMatchObject([{ name: "first", action: "no-op" }]);
  });

  test("that mean nothing are errors with the nearest name, and nothing is planned", async () => {
    const slice = await plan(shop(), shop({ size: 2 }), { targets: ["sub-c"], excludes: ["boxa"] });
    expect(errors(slice)).toEqual([
      'BERTH3080 --exclude: nothing in the stack is called "boxa" (did you mean box-a?)',
      'BERTH3080 --target: nothing in the stack is called "sub-c" (did you mean sub-a?)',
    ]);
    expect(slice.steps).toEqual([]);
  });
});

describe("excludes", () => {
  test("take with them what needs them", async () => {
    const slice = await plan(undefined, shop(), { excludes: ["sub-b"] });
    expect(changeLines(slice)).toEqual(["will create net", "will create sub-a", "will create box-a"]);
    expect(slice.outputs).toMatchObject([{ name: "first", action: "create" }]);
  });

  test("keep what their records need", async () => {
    const slice = await plan(shop(), () => ({}), { excludes: ["box-a"] });
    expect(changeLines(slice)).toEqual(["will delete box-b", "will delete sub-b"]);
    const destroy = await plan(shop(), () => ({}), { excludes: ["box-a"] }, "destroy");
    expect(changeLines(destroy)).toEqual(["will delete box-b", "will delete sub-b"]);
  });

  test("contradict targets that need them", async () => {
    const slice = await plan(undefined, shop(), {
      targets: ["box-a", "box-b"],
      excludes: ["sub-b", "box-b"],
    });
    expect(errors(slice)).toEqual(['BERTH3081 "box-b" comes to nothing: it is excluded as well']);
    const other = await plan(undefined, shop(), { targets: ["box-b"], excludes: ["sub-b"] });
    expect(errors(other)).toEqual([
      'BERTH3081 "box-b" comes to nothing: it cannot be planned without sub-b, which is excluded',
    ]);
  });
});

test("what is left out is not stood on something that is replaced", async () => {
  const slice = await plan(shop(), shop({ name: "other" }), { targets: ["net"] });
  expect(errors(slice)).toEqual([
    "BERTH3082 net would be replaced, and sub-a, sub-b, which the plan leaves out, depend on it (plan them together: --target sub-a --target sub-b)",
  ]);
  const whole = await plan(shop(), shop({ name: "other" }), { targets: ["net", "sub-*"] });
  expect(errors(whole)).toEqual([
    "BERTH3082 sub-a would be replaced, and box-a, which the plan leaves out, depends on it (plan them together: --target box-a)",
    "BERTH3082 sub-b would be replaced, and box-b, which the plan leaves out, depends on it (plan them together: --target box-b)",
  ]);
  expect(errors(await plan(shop(), shop({ name: "other" }), { targets: ["net", "sub-*", "box-*"] }))).toEqual(
    [],
  );
});

test("nothing is created where something stands that is left out", async () => {
  const slice = await plan(
    () => void new Network("old", { name: "one" }),
    () => void new Network("new", { name: "one" }),
    { targets: ["new"] },
  );
  expect(errors(slice)).toEqual([
    "BERTH3083 new is to be created as old, which the stack has as old, and the plan leaves that out (plan them together: --target old)",
  ]);
});

test("pods of what is left out run on where they run, and it is not checked", async () => {
  const program = (replicas: number) => () => {
    const cluster = new Cluster("cluster", { name: "a", nodes: 1 });
    new Pool("pool", { cluster: cluster.id, name: "pool", count: 2 });
    new KubernetesObject("web", workload("Deployment", "web", { replicas, cpu: "900m" }) as never);
    new KubernetesObject("api", workload("Deployment", "api", { replicas, cpu: "900m" }) as never);
    new KubernetesObject("service", service("nobody") as never);
  };
  const slice = await plan(program(2), program(3), { targets: ["api"] });
  expect(changeLines(slice)).toEqual(["will update api: spec.replicas"]);
  expect(slice.problems).toEqual([]);
  expect(slice.summary.pods).toMatchObject({ new: 1, staying: 4, gone: 0, moved: 0 });
  expect(slice.clusters[0]?.services).toMatchObject([{ service: "default/nobody", change: "stays" }]);
});

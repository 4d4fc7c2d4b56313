import { describe, expect, test } from "vitest";
import { App, Cluster, declareHere, Group, problemsOf, refusalOf } from "./acme.fixture.ts";
import { Component, ComponentType, isOutput, stackTransform, type Transform } from "./index.ts";

@ComponentType("acme:Box")
class Box extends Component {}

const x = { location: "x" };
const append =
  (letter: string): Transform =>
  ({ inputs }) => ({ inputs: { ...inputs, location: `${String(inputs["location"])}${letter}` } });

test("run from the inside out, each over what the one before made of it", async () => {
  const graph = await declareHere(() => {
    stackTransform(append("e"));
    const outer = new Box("outer", {}, { transforms: append("d") });
    const inner = new Box("inner", {}, { parent: outer, transforms: [append("b"), append("c")] });
    new Group("it", x, { parent: inner, transforms: append("a") });
    new Group("beside", x);
  });
  expect(graph.resources.map(({ name, inputs }) => [name, inputs["location"]])).toEqual([
    ["it", "xabcde"],
    ["beside", "xe"],
  ]);
});

test("see name, type, path, inputs and options, frozen, with outputs that survive", async () => {
  const seen: unknown[] = [];
  const graph = await declareHere(() => {
    const group = new Group("group", x);
    const box = new Box(
      "box",
      {},
      {
        transforms: ({ type, name, path, inputs, options }) => {
          seen.push([type, name, path, isOutput(inputs["group"]), Object.isFrozen(inputs), options.protect]);
          return { inputs: { ...inputs }, options: { ...options, retainOnDelete: true } };
        },
      },
    );
    new Cluster("it", { group: group.id }, { parent: box, protect: true });
  });
  expect(seen).toEqual([["acme:Cluster", "it", ["box", "it"], true, true, true]]);
  expect(graph.resources[1]).toMatchObject({
    options: { protect: true, retainOnDelete: true },
    dependencies: [graph.resources[0]?.urn],
  });
});

test("what they change is checked, and said to come from them", async () => {
  const refusals = await refusalOf(() => {
    const cluster = new Cluster("c", {});
    const box = new Box(
      "box",
      {},
      {
        cluster,
        transforms: ({ inputs, options }) => ({
          inputs: { ...inputs, spec: { image: 7 } },
          options: { ...options, protect: "yes" as never },
        }),
      },
    );
    new App("it", { spec: { image: "nginx:1" } }, { parent: box });
  });
  expect(refusals).toEqual([
    "BERTH1017 protect: the option protect is true or false, from the transform given at shop.ts:1:1",
    "BERTH1001 spec.image: must be text, not 7, from the transform given at shop.ts:1:1",
    "BERTH1001 spec.image: an image has a tag, from the transform given at shop.ts:1:1",
  ]);
});

test("do not see what is only read", async () => {
  const graph = await declareHere(() => {
    stackTransform(append("!"));
    Group.get("it", "groups/7", { parent: new Box("box", {}, { transforms: append("?") }) });
  });
  expect(graph.resources[0]?.inputs).toEqual({});
});

describe("refused", () => {
  test.each<readonly [string, (...args: Parameters<Transform>) => unknown, string]>([
    [
      "a throw",
      () => {
        throw new Error("no");
      },
      "failed: no",
    ],
    ["a promise", () => Promise.reject(new Error("late")), "answers a promise, and must be synchronous"],
    ["text", () => "x", "answers neither { inputs, options } nor nothing"],
    ["another name", () => ({ name: "b" }), "cannot change name: it answers { inputs, options } or nothing"],
    [
      "another parent",
      () => ({ options: { parent: {} } }),
      "cannot change the parent: it is part of what the resource is",
    ],
    ["a list of inputs", () => ({ inputs: [] }), "answers inputs that are no object"],
    [
      "writing",
      ({ inputs }) => void Object.assign(inputs, { location: "y" }),
      "changes what it is given, instead of answering other inputs",
    ],
    ["declaring", () => void new Group("b", x), "failed: new Group(…) inside a transform"],
  ])("%s", async (_, run, message) => {
    const problems = await problemsOf(() => void new Group("a", x, { transforms: run as Transform }));
    expect(problems.map((each) => [each.code, each.message])).toEqual([
      ["BERTH1041", `a transform ${message}`],
    ]);
    expect(problems[0]?.site).toEqual({ file: "shop.ts", line: 1, column: 1 });
  });

  test("one of the stack that comes after a declaration", async () => {
    expect(
      await refusalOf(() => {
        new Group("a", x);
        stackTransform(append("b"));
      }),
    ).toEqual(["BERTH1042: stackTransform(…) after 1 declaration, which it would not see"]);
    expect(() => stackTransform(append("b"))).toThrow("no program is running");
  });
});

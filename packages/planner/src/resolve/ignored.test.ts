import { type Schema, Secret, Unknown, type ValueObject } from "@berth/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Machine } from "../testing/cloud.ts";
import { TestStack } from "../testing/stack.ts";
import { keepIgnored } from "./ignored.ts";

const schema: Schema = {
  type: "object",
  properties: {
    containers: { type: "array", keys: ["name"], items: { type: "object", additionalProperties: true } },
    ports: {
      type: "array",
      keys: ["port", "protocol"],
      keyDefaults: { protocol: "TCP" },
      items: { type: "object", additionalProperties: true },
    },
    args: { type: "array", items: { type: "object", additionalProperties: true } },
  },
};

function kept(paths: readonly string[], desired: ValueObject, recorded: ValueObject) {
  return keepIgnored({ inputs: schema }, paths, desired, recorded);
}

describe("what is kept", () => {
  test.each<readonly [string, ValueObject, ValueObject, ValueObject]>([
    ["a", { a: 1, b: 1 }, { a: 2, b: 2 }, { a: 2, b: 1 }],
    ["a", { a: 1 }, {}, {}],
    ["a", {}, { a: 2 }, { a: 2 }],
    ["a.b", { a: { b: 1, c: 1 } }, { a: { b: 2, c: 2 } }, { a: { b: 2, c: 1 } }],
    ["a.*", { a: { b: 1, c: 1 } }, { a: { b: 2, d: 2 } }, { a: { b: 2, d: 2 } }],
    ["a.*.x", { a: { b: { x: 1, y: 1 }, c: 1 } }, { a: { b: { x: 2 } } }, { a: { b: { x: 2, y: 1 }, c: 1 } }],
    ["*", { a: 1 }, { b: 2 }, { b: 2 }],
    ['a["x/y"]', { a: { "x/y": 1 } }, { a: { "x/y": 2 } }, { a: { "x/y": 2 } }],
    // Elements of keyed lists are the same wherever they stand; new ones are as the program says.
    [
      "containers[*].image",
      {
        containers: [
          { name: "new", image: "n" },
          { name: "web", image: "1" },
        ],
      },
      {
        containers: [
          { name: "web", image: "2" },
          { name: "gone", image: "g" },
        ],
      },
      {
        containers: [
          { name: "new", image: "n" },
          { name: "web", image: "2" },
        ],
      },
    ],
    [
      "containers[name=web].image",
      {
        containers: [
          { name: "web", image: "1" },
          { name: "db", image: "1" },
        ],
      },
      {
        containers: [
          { name: "db", image: "2" },
          { name: "web", image: "2" },
        ],
      },
      {
        containers: [
          { name: "web", image: "2" },
          { name: "db", image: "1" },
        ],
      },
    ],
    [
      "args[0].x",
      { args: [{ x: 1 }, { x: 1 }] },
      { args: [{ x: 2 }, { x: 2 }] },
      { args: [{ x: 2 }, { x: 1 }] },
    ],
    ["args[*].x", { args: [{ x: 1 }, { x: 1 }] }, { args: [{ x: 2 }] }, { args: [{ x: 2 }, { x: 1 }] }],
    ["args[*]", { args: [{ x: 1 }] }, { args: [{ x: 2 }, { x: 3 }] }, { args: [{ x: 2 }, { x: 3 }] }],
    [
      "ports[port=80,protocol=TCP].node",
      {
        ports: [
          { port: 80, node: 1 },
          { port: 80, protocol: "UDP", node: 1 },
        ],
      },
      {
        ports: [
          { port: 80, protocol: "UDP", node: 2 },
          { port: 80, protocol: "TCP", node: 2 },
        ],
      },
      {
        ports: [
          { port: 80, node: 2 },
          { port: 80, protocol: "UDP", node: 1 },
        ],
      },
    ],
    // What the program adds is as it says.
    ["a.b", { a: { b: 1 } }, {}, { a: { b: 1 } }],
    ["a.b", { a: "text" }, { a: { b: 2 } }, { a: "text" }],
  ])("%s", (path, desired, recorded, inputs) => {
    expect(kept([path], desired, recorded)).toEqual({ inputs, lost: [] });
  });

  test("what it is in goes: the value goes too, and that is told", () => {
    expect(kept(["a.b", "c.d"], { x: 1 }, { a: { b: 2 }, c: {} })).toEqual({
      inputs: { x: 1 },
      lost: ["a.b"],
    });
  });

  test("unknowns and secrets are values like others", () => {
    const [unknown, secret] = [new Unknown([{ urn: "u", path: "p" }]), new Secret("s")];
    expect(kept(["a"], { a: unknown }, { a: secret }).inputs).toEqual({ a: secret });
    expect(kept(["a.b"], { a: unknown }, { a: { b: 1 } }).inputs).toEqual({ a: unknown });
  });

  test("without paths, the very inputs are answered", () => {
    const desired = { a: 1 };
    expect(keepIgnored({ inputs: schema }, undefined, desired, {}).inputs).toBe(desired);
  });
});

test("doing it twice is doing it once, and nothing changes where both are the same", () => {
  const values = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.integer({ max: 3, min: 0 }),
      fc.constantFrom("x", "y"),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom("a", "b", "containers", "name"), tie("value"), { maxKeys: 3 }),
    ),
  })).value;
  const objects = fc.dictionary(fc.constantFrom("a", "b", "containers"), values) as fc.Arbitrary<ValueObject>;
  const steps = fc.constantFrom("a", "b", "containers", "*");
  const paths = fc.array(
    fc
      .tuple(steps, fc.array(fc.constantFrom(".a", ".b", ".*", "[*]", "[0]", "[name=x]"), { maxLength: 3 }))
      .map(([a, more]) => [a, ...more].join("")),
    { maxLength: 3 },
  );
  fc.assert(
    fc.property(objects, objects, paths, (desired, recorded, given) => {
      const once = kept(given, desired, recorded).inputs;
      expect(kept(given, once, recorded).inputs).toEqual(once);
      expect(kept(given, recorded, recorded)).toEqual({ inputs: recorded, lost: [] });
    }),
    { numRuns: 300 },
  );
});

test("a value that goes with what it is in is a warning at the resource's line, and goes", async () => {
  const stack = new TestStack();
  const ignoreChanges = ["tags.*"];
  await stack.up(() => void new Machine("m", { size: 1, tags: { owner: "web" } }));
  const kept = await stack.preview(() => void new Machine("m", { size: 1, tags: {} }, { ignoreChanges }));
  expect([kept.changes, kept.problems]).toEqual([[], []]);
  const lost = await stack.preview(() => void new Machine("m", { size: 1 }, { ignoreChanges }));
  expect(
    lost.changes.flatMap(({ properties }) => properties.map(({ kind, path }) => `${kind} ${path}`)),
  ).toEqual(["remove tags"]);
  expect(lost.problems).toMatchObject([
    {
      code: "BERTH3040",
      severity: "warning",
      message: "m ignores changes of tags.*, but the program drops what that is in",
      site: { file: "shop.ts" },
    },
  ]);
});

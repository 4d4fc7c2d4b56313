import vm from "node:vm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Cluster, declareHere, Group, problemsOf } from "./acme.fixture.ts";
import { capture } from "./capture.ts";
import { output } from "./index.ts";

class Custom {
  readonly a = 1;
}
const circular: Record<string, unknown> = { a: {} };
circular["a"] = { back: circular };
let deep: unknown = 1;
for (let i = 0; i < 300; i++) deep = [deep];

describe("what is no value is refused with its path and the way out", () => {
  test.each<[string, unknown, string]>([
    ["a function", () => 1, "a function is no value (call it, and give what it returns)"],
    ["a class", Custom, "a function is no value (call it, and give what it returns)"],
    ["a date", new Date(0), "a Date is no plain value (give text: date.toISOString())"],
    [
      "a promise",
      Promise.resolve(1),
      "a promise is no plain value (await it before the resource is declared)",
    ],
    ["a map", new Map(), "an instance of Map is no plain value (give Object.fromEntries(map))"],
    ["a set", new Set(), "an instance of Set is no plain value (give [...set])"],
    ["an instance", new Custom(), "an instance of Custom is no plain value (give a plain object)"],
    ["a buffer", Buffer.from("x"), "an instance of Buffer is no plain value (give a plain object)"],
    ["a big integer", 1n, "a bigint is no JSON value (give a number or text)"],
    ["a symbol", Symbol("x"), "a symbol is no JSON value"],
    ["not a number", Number.NaN, "NaN is no JSON number"],
    ["infinity", -Infinity, "-Infinity is no JSON number"],
    ["a sparse list", Array.from({ length: 1 }), "an element of a list must not be undefined (leave it out)"],
    ["a circle", circular, "the value contains itself"],
    ["a very deep value", deep, "the value is nested deeper than 256 levels"],
    ["a prototype in JSON", JSON.parse('{"__proto__": 1}'), "the property name __proto__ is reserved"],
    ["berth's own mark", { $berth: "secret" }, "the property name $berth is reserved"],
  ])("%s", (_what, value, message) => {
    const { problems } = capture({ at: [value] });
    expect(problems.map((each) => (each.hint ? `${each.message} (${each.hint})` : each.message))).toEqual([
      message,
    ]);
    expect(problems[0]?.path).toMatch(/^at\[0\]/);
    expect(problems[0]?.code).toBe("BERTH1004");
  });

  test("a resource where a value is due; and nothing else is said of that place", async () => {
    const problems = await problemsOf(() => {
      const group = new Group("group", { location: "x" });
      new Cluster("store", { group: group as never });
      new Group("other", { location: Number.NaN } as never);
    });
    expect(problems.map(({ path, message, hint }) => [path, message, hint])).toEqual([
      ["group", "an instance of Group is no plain value", "give one of its properties, such as its id"],
      ["location", "NaN is no JSON number", undefined],
    ]);
  });
});

describe("what is a value", () => {
  test("is copied and frozen, whatever it is", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (given) => {
        // Reserved names are refused; the test of what is refused has them.
        fc.pre(!/"(?:__proto__|\\$berth)":/.test(JSON.stringify(given)));
        const { value, problems, holes } = capture(given);
        expect(JSON.stringify(value)).toBe(JSON.stringify(given));
        expect([problems, holes]).toEqual([[], []]);
        if (typeof given === "object" && given !== null) {
          expect(value).not.toBe(given);
          expect(Object.isFrozen(value)).toBe(true);
        }
      }),
    );
  });

  test("may come from another realm, have no prototype, be shared, and leave things undefined", () => {
    const shared = { x: 1 };
    const given = {
      realm: vm.runInNewContext("({ a: [1] })"),
      bare: Object.assign(Object.create(null), shared),
      a: shared,
      b: shared,
      c: undefined,
    };
    expect(capture(given)).toMatchObject({
      value: { realm: { a: [1] }, bare: { x: 1 }, a: { x: 1 }, b: { x: 1 } },
      problems: [],
    });
    expect(Object.keys(capture(given).value as object)).not.toContain("c");
    expect(Object.is(capture(-0).value, 0)).toBe(true);
  });

  test("holds outputs as they are, with their places", async () => {
    await declareHere(() => {
      const some = output(1);
      const { value, holes } = capture({ a: [some], b: some });
      expect(holes.map(({ path }) => path)).toEqual([["a", 0], ["b"]]);
      expect((value as { b: unknown }).b).toBe(some);
    });
  });
});

import { describe, expect, test } from "vitest";
import { declareHere, Group, refusalOf, shopUrn } from "./acme.fixture.ts";
import { type Alias, Component, ComponentType, type Graph, moved } from "./index.ts";

@ComponentType("acme:Box")
class Box extends Component {}

const x = { location: "x" };
const group = (path: string): string => shopUrn("Group", path);

function aliasesOf(graph: Graph, path: string): readonly string[] | undefined {
  return graph.resources.find(({ urn }) => urn === group(path))?.options.aliases;
}

describe("aliases of a resource", () => {
  test.each<readonly [string, string | ((box: Box) => Alias), readonly string[]]>([
    ["a name", "old", [group("box/old")]],
    ["a name in an object", () => ({ name: "old" }), [group("box/old")]],
    ["a type", () => ({ type: "acme:Cluster" }), [shopUrn("Cluster", "box/it")]],
    ["no parent", () => ({ parent: null }), [group("it")]],
    ["another parent, and another name", (box) => ({ parent: box, name: "old" }), [group("other/old")]],
    [
      "a urn",
      () => ({ urn: "urn:berth:prod:mall::acme:Hall::a/b" }),
      ["urn:berth:prod:mall::acme:Hall::a/b"],
    ],
    ["itself", "it", []],
  ])("%s", async (_, alias, urns) => {
    const graph = await declareHere(() => {
      const [parent, other] = [new Box("box", {}), new Box("other", {})];
      new Group("it", x, { parent, aliases: [typeof alias === "string" ? alias : alias(other)] });
    });
    expect(aliasesOf(graph, "box/it") ?? []).toEqual(urns);
  });

  test("stand in the order in which they are written, each once", async () => {
    const graph = await declareHere(() => void new Group("it", x, { aliases: ["c", "a", "b", "a"] }));
    expect(aliasesOf(graph, "it")).toEqual([group("c"), group("a"), group("b")]);
  });
});

describe("aliases of a component", () => {
  test("move everything inside, and multiply with those inside", async () => {
    const graph = await declareHere(() => {
      const outer = new Box("outer", {}, { aliases: ["before"] });
      const inner = new Box("inner", {}, { parent: outer, aliases: [{ parent: null }] });
      new Group("it", x, { parent: inner, aliases: ["old"] });
      new Group("beside", x);
    });
    expect(aliasesOf(graph, "outer/inner/it")).toEqual([
      group("outer/inner/old"),
      group("inner/old"),
      group("before/inner/old"),
      group("inner/it"),
      group("before/inner/it"),
    ]);
    expect(aliasesOf(graph, "beside")).toBeUndefined();
  });

  test("of a resource that is a parent too", async () => {
    const graph = await declareHere(() => {
      const parent = new Group("parent", x, { aliases: ["old"] });
      new Group("child", x, { parent });
    });
    expect(aliasesOf(graph, "parent/child")).toEqual([group("old/child")]);
  });

  test("a type alone is refused: it is no part of what is inside", async () => {
    expect(await refusalOf(() => void new Box("box", {}, { aliases: [{ type: "acme:Crate" }] }))).toEqual([
      "BERTH1017 aliases: the option aliases holds a type, and the types of components are no part of what is inside them",
    ]);
  });
});

describe("moved", () => {
  test("is an alias that stands elsewhere", async () => {
    const graph = await declareHere(() => {
      const box = new Box("box", {});
      const it = new Group("it", x, { parent: box, aliases: ["older"] });
      moved({ from: "shop/it", to: it });
      moved({ from: "hall", to: it, type: "acme:Hall" });
      moved({ from: "crate", to: box });
      moved({ from: group("exact"), to: it });
    });
    expect(aliasesOf(graph, "box/it")).toEqual([
      group("box/older"),
      group("crate/older"),
      group("shop/it"),
      shopUrn("Hall", "hall"),
      group("exact"),
      group("crate/it"),
    ]);
  });

  test("refuses what is no path, at its line", async () => {
    expect(await refusalOf(() => moved({ from: "a//b", to: new Group("it", x) }))).toEqual([
      'BERTH1044: "a//b" is no path: a name must not be empty',
    ]);
    expect(() => moved({ from: "a", to: null as never })).toThrow("no program is running");
    expect(await refusalOf(() => moved({ from: "a", to: {} as never }))).toEqual([
      "BERTH1044: to is a resource or a component",
    ]);
  });
});

test("two that claim one earlier name are refused, with both places", async () => {
  expect(
    await refusalOf(() => {
      new Group("a", x, { aliases: ["old"] });
      new Group("b", x, { aliases: ["old"] });
    }),
  ).toEqual([`BERTH1040: ${group("old")} is claimed by acme:Group "a" (shop.ts:1:1) already`]);
});

test.each<readonly [unknown, string]>([
  ["old", "is a list of names, or of { name, type, parent, urn }"],
  [[1], "holds an alias that is a name, or an object"],
  [[{}], "holds an alias that says nothing"],
  [["a/b"], 'holds an alias that a name must not contain "/" or "::"'],
  [[{ nam: "x" }], 'holds an alias that has no "nam": did you mean "name"?'],
  [[{ urn: "x" }], "holds an alias that has a urn such as urn:berth:dev:shop::azure:NodePool::user"],
  [[{ urn: group("a"), name: "b" }], "holds an alias that has either a urn or the parts of one"],
  [[{ parent: 1 }], "holds an alias that has a parent that is a resource, a component or null"],
])("%j is refused", async (aliases, message) => {
  expect(await refusalOf(() => void new Group("a", x, { aliases } as never))).toEqual([
    `BERTH1017 aliases: the option aliases ${message}`,
  ]);
});

test("aliases of aliases' parents end, also in a circle", async () => {
  const graph = await declareHere(() => {
    const a = new Box("a", {});
    const b = new Box("b", {}, { aliases: [{ parent: a }] });
    new Group("it", x, { parent: b });
    moved({ from: "b", to: a });
  });
  expect(aliasesOf(graph, "b/it")).toEqual([group("a/b/it"), group("b/b/it")]);
});

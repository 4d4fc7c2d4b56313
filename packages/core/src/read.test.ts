import { expect, expectTypeOf, test } from "vitest";
import { declareHere, Group, Provider, refusalOf, shopUrn } from "./acme.fixture.ts";
import { defineResource, isOutput, type Output } from "./index.ts";

const Database = defineResource<{ size: number }, { host: string }>({
  type: "acme:Database",
  provider: "acme",
  inputs: { size: { type: "integer" } },
  outputs: { host: { type: "string" } },
  identity: ({ size }) => (typeof size === "number" ? `db ${size}` : undefined),
});

test("is a resource whose properties are outputs, inputs too", async () => {
  const graph = await declareHere(() => {
    const shared = Group.get("shared", "groups/7");
    expect(shared).toBeInstanceOf(Group);
    expectTypeOf(shared).toEqualTypeOf<Group>();
    expectTypeOf(shared.location).toEqualTypeOf<Output<string>>();
    expect(isOutput(shared.location)).toBe(true);
    const database = Database.get("orders", shared.id);
    expectTypeOf(database.host).toEqualTypeOf<Output<string>>();
    new Group("beside", { location: shared.location.apply((text) => text.toUpperCase()) });
    return { host: database.host, size: database.size.apply((size) => size + 1) };
  });
  expect(
    graph.resources.map(({ urn, read, dependencies }) => [urn, read !== undefined, dependencies]),
  ).toEqual([
    [shopUrn("Group", "shared"), true, []],
    [shopUrn("Database", "orders"), true, [shopUrn("Group", "shared")]],
    [shopUrn("Group", "beside"), false, [shopUrn("Group", "shared")]],
  ]);
  expect(graph.resources[0]?.read).toEqual({ id: "groups/7" });
});

test("takes no inputs, and refuses options that would say nothing", async () => {
  expect(
    await refusalOf(() => {
      Group.get("a", "");
      Group.get("b", 7 as never);
      Group.get("c", "x", { protect: true });
      Provider.get("f", "x");
      Group.get("e", "x", { transforms: () => undefined });
      Group.get("d", "x", { customTimeouts: { read: 5 } });
    }),
  ).toEqual([
    "BERTH1045: the id of what is read is text, or an output",
    "BERTH1045: the id of what is read is text, or an output",
    "BERTH1017 protect: the option protect says nothing for what is only read",
    "BERTH1017 transforms: the option transforms says nothing for what is only read",
    "BERTH1045: acme:Provider configures a provider, and exists nowhere but in the program: declare it",
  ]);
  expect(() => Group.get("a", "x")).toThrow("Group.get(…), but no program is running here");
});

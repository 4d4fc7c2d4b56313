import { describe, expect, test } from "vitest";
import { declareHere, Group, Provider, refusalOf } from "./acme.fixture.ts";
import { Component, ComponentType, Hook, hook, recordedOptions } from "./index.ts";

@ComponentType("acme:Box")
class Box extends Component {}

const x = { location: "x" };

test("those of what encloses a resource stand around its own", async () => {
  const [outer, own] = [() => undefined, () => undefined];
  const [drain, check] = [new Hook("drain", outer), new Hook("check", own)];
  const graph = await declareHere(() => {
    const box = new Box(
      "box",
      {},
      { hooks: { beforeCreate: outer, afterCreate: outer, beforeDelete: drain } },
    );
    new Group("it", x, {
      parent: box,
      hooks: { beforeCreate: [own], afterCreate: [own], beforeDelete: check },
    });
    new Provider("p", { account: "1" }, { parent: box });
  });
  const [it, provider] = graph.resources;
  expect(it?.options.hooks).toEqual({
    beforeCreate: [outer, own],
    afterCreate: [own, outer],
    beforeDelete: [drain, check],
  });
  expect(it && recordedOptions(it.options)).toEqual({ deleteHooks: { before: ["drain", "check"] } });
  expect(provider?.options.hooks).toBeUndefined();
  expect([...(graph.hooks ?? [])]).toEqual([
    ["drain", drain],
    ["check", check],
  ]);
});

test("what a program names is found by it, whether a resource uses it or not", async () => {
  const graph = await declareHere(() => void hook("unused", () => undefined));
  expect([...(graph.hooks?.keys() ?? [])]).toEqual(["unused"]);
  expect((await declareHere(() => undefined)).hooks).toBeUndefined();
});

describe("refused", () => {
  test("two of one name", async () => {
    expect(
      await refusalOf(() => {
        hook("a", () => undefined);
        hook("a", () => undefined);
      }),
    ).toEqual(['BERTH1043: two hooks are named "a"']);
    expect(
      await refusalOf(() => {
        hook("a", () => undefined);
        new Group("it", x, { hooks: { afterDelete: new Hook("a", () => undefined) } });
      }),
    ).toEqual([
      'BERTH1017 hooks: the option hooks has a hook "a", and another hook of the program has that name',
    ]);
  });

  test.each<readonly [unknown, string]>([
    [
      [],
      "is an object of functions: beforeCreate, afterCreate, beforeUpdate, afterUpdate, beforeDelete, afterDelete, onError",
    ],
    [
      { beforeStart: () => undefined },
      'has no "beforeStart": there are beforeCreate, afterCreate, beforeUpdate, afterUpdate, beforeDelete, afterDelete, onError',
    ],
    [{ beforeCreate: "x" }, "has a beforeCreate that is no function"],
    [
      { beforeDelete: () => undefined },
      'has a beforeDelete without a name, which a deletion in a later run would not find: write hook("name", …)',
    ],
  ])("%s", async (hooks, message) => {
    expect(await refusalOf(() => void new Group("it", x, { hooks } as never))).toEqual([
      `BERTH1017 hooks: the option hooks ${message}`,
    ]);
  });

  test("without name or function", () => {
    expect(() => hook("", () => undefined)).toThrow("a hook has a name and a function");
    expect(() => hook("a", 1 as never)).toThrow("a hook has a name and a function");
  });
});

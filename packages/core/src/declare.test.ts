import { BerthError } from "@berth/diagnostics";
import { describe, expect, test } from "vitest";
import { App, Cluster, declareHere, Group, problemsOf, refusalOf, Shop, shopUrn } from "./acme.fixture.ts";
import { declarationOf, declare, declaredByCaller, Resource, text } from "./index.ts";

describe("a program", () => {
  test("is sealed: resources in order, with what they take from each other", async () => {
    const graph = await declareHere(() => {
      const group = new Group("store", { location: "west" });
      const shop = new Shop("shop", { location: group.location, copies: 1 });
      const cluster = new Cluster("store", { group: text`${group.id}/${shop.groups[0]!.id}` });
      new App("front", { spec: { image: "nginx:1", address: cluster.host, ports: [{ port: 80 }] } });
      return { host: cluster.host };
    });
    const [group, inner, cluster] = [
      shopUrn("Group", "store"),
      shopUrn("Group", "shop/group-0"),
      shopUrn("Cluster", "store"),
    ];
    expect(
      graph.resources.map(({ urn, dependencies, references, parent, cluster: on }) => ({
        urn,
        dependencies,
        references,
        parent,
        on,
      })),
    ).toEqual([
      { urn: group, dependencies: [], references: {}, parent: undefined, on: undefined },
      {
        urn: inner,
        dependencies: [group],
        references: { location: [group] },
        parent: shopUrn("Shop", "shop"),
        on: undefined,
      },
      {
        urn: cluster,
        dependencies: [inner, group],
        references: { group: [inner, group] },
        parent: undefined,
        on: undefined,
      },
      {
        urn: shopUrn("App", "front"),
        dependencies: [cluster],
        references: { spec: [cluster] },
        parent: undefined,
        on: cluster,
      },
    ]);
    expect(graph.components.map(({ urn }) => urn)).toEqual([shopUrn("Shop", "shop")]);
    expect([...graph.index]).toEqual(graph.resources.map(({ urn }, i) => [urn, i]));
    expect(Object.isFrozen(graph) && graph.resources.every(Object.isFrozen)).toBe(true);
    expect(graph.resources[3]!.inputs).toMatchObject({ spec: { image: "nginx:1", ports: [{ port: 80 }] } });
    expect(Object.isFrozen(graph.resources[3]!.inputs["spec"])).toBe(true);
    expect(Object.keys(graph.outputs)).toEqual(["host"]);
    expect(graph.warnings).toEqual([]);
  });

  test("may be empty", async () => {
    expect(await declareHere(() => undefined)).toMatchObject({ resources: [], components: [], outputs: {} });
  });

  test("may change its own objects afterwards", async () => {
    const ports = [{ port: 80 }];
    const graph = await declareHere(() => {
      new Cluster("store", {});
      new App("front", { spec: { image: "nginx:1", ports } });
      ports[0]!.port = 81;
      ports.push({ port: 82 });
    });
    expect(graph.resources[1]!.inputs).toEqual({ spec: { image: "nginx:1", ports: [{ port: 80 }] } });
  });

  test("keeps its context over awaits and timers, many side by side", async () => {
    const program = (name: string) => async () => {
      for (let i = 0; i < 5; i++) {
        await new Promise((resolve) => setTimeout(resolve, 1));
        new Group(`${name}-${i}`, { location: name });
      }
    };
    const names = ["a", "b", "c", "d"];
    const graphs = await Promise.all(
      names.map((name) => declare({ project: "shop", stack: name }, program(name))),
    );
    graphs.forEach((graph, i) => {
      expect(graph.resources.map(({ name }) => name)).toEqual(
        [0, 1, 2, 3, 4].map((each) => `${names[i]}-${each}`),
      );
    });
  });

  test("may run another inside: each has its own", async () => {
    const outer = await declareHere(async () => {
      new Group("outer", { location: "x" });
      const inner = await declare(
        { project: "inner", stack: "dev" },
        () => void new Group("inner", { location: "x" }),
      );
      expect(inner.resources.map(({ name }) => name)).toEqual(["inner"]);
    });
    expect(outer.resources.map(({ name }) => name)).toEqual(["outer"]);
  });

  test("reports everything that is wrong at once, by place", async () => {
    let line = 9;
    const failure: unknown = await declare(
      { project: "shop", stack: "dev", mapSite: () => ({ file: "shop.ts", line: line--, column: 1 }) },
      () => {
        new Group("a", { locaton: "x" } as never);
        new Group("b", { location: 3 } as never, { protekt: true } as never);
        new App("c", { spec: { image: "", ports: [{ port: 80, nmae: "x" }] } } as never);
      },
    ).catch((thrown: unknown) => thrown);
    if (!BerthError.is(failure)) throw failure;
    expect(failure.message.split("\n")).toMatchInlineSnapshot(`
      [
        "shop.ts:7:1 BERTH1018 [urn:berth:dev:shop::acme:App::c]: the program declares no cluster (declare one, or name one that exists: k8s.Cluster.fromKubeconfig(…))",
        "shop.ts:7:1 BERTH1001 [urn:berth:dev:shop::acme:App::c] spec.image: must not be empty",
        "shop.ts:7:1 BERTH1001 [urn:berth:dev:shop::acme:App::c] spec.image: an image has a tag",
        "shop.ts:7:1 BERTH1002 [urn:berth:dev:shop::acme:App::c] spec.ports[0].nmae: there is no property "nmae" (did you mean "name"?)",
        "shop.ts:8:1 BERTH1001 [urn:berth:dev:shop::acme:Group::b] location: must be text, not 3",
        "shop.ts:8:1 BERTH1016 [urn:berth:dev:shop::acme:Group::b] protekt: there is no option "protekt" (did you mean "protect"?)",
        "shop.ts:9:1 BERTH1003 [urn:berth:dev:shop::acme:Group::a] location: "location" is missing",
        "shop.ts:9:1 BERTH1002 [urn:berth:dev:shop::acme:Group::a] locaton: there is no property "locaton" (did you mean "location"?)",
      ]
    `);
  });

  test("that throws says first what was wrong before", async () => {
    const problems = await problemsOf(() => {
      new Group("a", {} as never);
      throw new Error("consequence");
    });
    expect(problems.map(({ code }) => code)).toEqual(["BERTH1003"]);
    const thrown = new Error("mine");
    await expect(declareHere(() => Promise.reject(thrown))).rejects.toBe(thrown);
  });
});

describe("declaring where nothing can be declared", () => {
  test("outside a program", () => {
    expect(() => new Group("a", { location: "x" })).toThrow(
      /BERTH1006: new Group\(…\), but no program is running here/,
    );
  });

  test("after the program returned", async () => {
    let declareLate: (() => unknown) | undefined;
    const late = new Promise((resolve) => (declareLate = () => resolve(undefined)));
    let failure: Promise<unknown> | undefined;
    await declareHere(() => {
      failure = late.then(() => new Group("a", { location: "x" })).catch((thrown: unknown) => thrown);
    });
    declareLate?.();
    expect(BerthError.is(await failure) && String(await failure)).toContain("BERTH1007");
  });

  test("a class without a type, or one that adds properties to another's", async () => {
    class Untyped extends Resource {}
    expect(await refusalOf(() => new Untyped("a", {}))).toEqual([
      "BERTH1019: the class Untyped has no type: decorate it with @ResourceType(…)",
    ]);
  });

  test("bad names are each a problem, and not duplicates of each other", async () => {
    const names = ["", "a/b", undefined, 3, new Promise(() => undefined)];
    const problems = await problemsOf(() => {
      for (const name of names) new Group(name as string, { location: "x" });
    });
    expect(problems.map(({ code }) => code)).toEqual(names.map(() => "BERTH1005"));
  });

  test("names of project and stack are checked", async () => {
    await expect(declare({ project: "a b", stack: "" }, () => undefined)).rejects.toThrow(
      /the name of the project, "a b".*\n.*the name of the stack, ""/,
    );
  });
});

test("what a package declares on behalf of a program is shown where the package was called", async () => {
  const place = new Error("here").stack?.split("\n")[1] ?? "";
  function inner(): Group {
    return declaredByCaller(inner, () => new Group("inner", { location: "x" }));
  }
  function outer(): readonly Group[] {
    return declaredByCaller(outer, () => [new Group("outer", { location: "x" }), inner()]);
  }
  const graph = await declare({ project: "shop", stack: "dev" }, () => {
    outer();
    new Group("after", { location: "x" });
  });
  const [first, second, third] = graph.resources.map(({ site }) => site);
  expect(place).toContain(first?.file);
  expect(second).toEqual(first);
  expect(third?.line).toBe((first?.line ?? 0) + 1);
});

test("declarationOf tells what a resource is, and nothing of anything else", async () => {
  await declareHere(() => {
    const group = new Group("store", { location: "x" });
    expect(declarationOf(group)).toMatchObject({
      kind: "resource",
      urn: shopUrn("Group", "store"),
      type: "acme:Group",
      name: "store",
    });
    expect([undefined, null, 1, {}, group.id, Group].map(declarationOf)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

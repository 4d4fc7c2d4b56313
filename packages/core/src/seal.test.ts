import { describe, expect, test } from "vitest";
import {
  App,
  Cluster,
  declareHere,
  Group,
  problemsOf,
  Provider,
  refusalOf,
  Shop,
  shopUrn,
} from "./acme.fixture.ts";
import { Component, ComponentType, output, Resource, ResourceType, text } from "./index.ts";

@ComponentType("acme:Box")
class Box extends Component {}

describe("what a program cannot mean", () => {
  test("two resources of one type and name", async () => {
    expect(
      await refusalOf(() => {
        new Group("a", { location: "x" });
        new Group("a", { location: "y" });
        new Box("a", {});
        new Box("a", {});
      }),
    ).toEqual([
      'BERTH1013: the name "a" is taken by acme:Box "a" (shop.ts:1:1)',
      'BERTH1013: the name "a" is taken by acme:Group "a" (shop.ts:1:1)',
    ]);
  });

  test("one name in two components, or of two types, is fine", async () => {
    const graph = await declareHere(() => {
      for (const box of ["a", "b"]) new Group("same", { location: "x" }, { parent: new Box(box, {}) });
      new Cluster("same", {});
    });
    expect(graph.resources.map(({ urn }) => urn.split("::").at(-1))).toEqual(["a/same", "b/same", "same"]);
  });

  test("two resources that are the same thing, also where the name is another's input", async () => {
    expect(
      await refusalOf(() => {
        const first = new Group("a", { location: "at-1" });
        new Group("b", { location: first.location });
        new Group("c", { location: text`at-${1}` });
        new Group("d", { location: "at-2" });
        new Group("e", { location: text`at-${first.id}` });
      }),
    ).toEqual([
      'BERTH1014: group at-1 is declared already, by acme:Group "a" (shop.ts:1:1)',
      'BERTH1014: group at-1 is declared already, by acme:Group "a" (shop.ts:1:1)',
    ]);
  });

  test("with different providers they are different things", async () => {
    const graph = await declareHere(() => {
      const other = new Provider("other", { account: "2" });
      new Group("a", { location: "at-1" });
      new Group("b", { location: "at-1" }, { provider: other });
    });
    expect(graph.resources).toHaveLength(3);
  });

  test("a cycle, named with its path and why each needs the next", async () => {
    const problems = await problemsOf(() => {
      const box = new Box("box", {});
      const first = new Group("first", { location: "x" }, { parent: box });
      const second = new Cluster("second", { group: first.id }, { dependsOn: box });
      const third = new Group("third", { location: second.host });
      new Group("inside", { location: "x" }, { parent: box, dependsOn: third });
      new Group("last", { location: "x" }, { dependsOn: box });
    });
    expect(problems.map(({ code, message, resource }) => ({ code, message, resource })))
      .toMatchInlineSnapshot(`
      [
        {
          "code": "BERTH1015",
          "message": "second → box/inside → third → second: acme:Cluster "second" (shop.ts:1:1) needs acme:Group "box/inside" (shop.ts:1:1) (dependsOn acme:Box "box"); acme:Group "box/inside" (shop.ts:1:1) needs acme:Group "third" (shop.ts:1:1) (dependsOn); acme:Group "third" (shop.ts:1:1) needs acme:Cluster "second" (shop.ts:1:1) (its input location)",
          "resource": "urn:berth:dev:shop::acme:Cluster::second",
        },
      ]
    `);
  });

  test("a resource that needs itself", async () => {
    expect(
      await refusalOf(() => {
        const box = new Box("box", {});
        new Group("a", { location: "x" }, { parent: box, dependsOn: box });
      }),
    ).toEqual([
      'BERTH1015: box/a → box/a: acme:Group "box/a" (shop.ts:1:1) needs acme:Group "box/a" (shop.ts:1:1) (dependsOn acme:Box "box")',
    ]);
  });

  test("an output of another program", async () => {
    let foreign: Group | undefined;
    await declareHere(() => {
      foreign = new Group("other", { location: "x" });
    });
    expect(
      await refusalOf(
        () => void new Group("a", { location: foreign!.id, tags: { a: text`${foreign!.id}` } }),
      ),
    ).toEqual([
      `BERTH1004 location: an output of ${shopUrn("Group", "other")}, which this program does not declare (use a stack reference)`,
      `BERTH1004 tags.a: an output of ${shopUrn("Group", "other")}, which this program does not declare (use a stack reference)`,
    ]);
  });

  test("stack outputs that are no values", async () => {
    expect(
      await refusalOf(() => ({
        fine: output(1),
        group: new Group("a", { location: "x" }),
        helper: () => 1,
        deep: { at: [new Date(0)] },
      })),
    ).toMatchInlineSnapshot(`
      [
        "BERTH1004 deep.at[0]: the stack output deep.at[0]: a Date is no plain value (give text: date.toISOString())",
        "BERTH1004 group: the stack output group: an instance of Group is no plain value (give one of its properties, such as its id)",
        "BERTH1004 helper: the stack output helper: a function is no value (call it, and give what it returns)",
      ]
    `);
    expect(await refusalOf(() => new Group("a", { location: "x" }))).toEqual([
      "BERTH1004: what the program returns: an instance of Group is no plain value (give one of its properties, such as its id)",
    ]);
    expect(await refusalOf(() => 3)).toEqual([
      "BERTH1004: a program returns an object of the stack's outputs",
    ]);
    expect(await refusalOf(() => output({}))).toEqual([
      "BERTH1004: a program returns an object of the stack's outputs",
    ]);
  });

  test("a class field that hides a property", async () => {
    @ResourceType("acme:Hiding", { provider: "acme" })
    class Hiding extends Group {
      constructor(name: string) {
        super(name, { location: "x" });
        Object.defineProperty(this, "tags", { value: undefined, enumerable: true });
      }
    }
    expect(await refusalOf(() => void new Hiding("a"))).toEqual([
      "BERTH1022 tags: the property tags of Hiding was overwritten by a class field (write `declare readonly tags`, without an initialiser)",
    ]);
    @ResourceType("acme:Setting", { provider: "acme" })
    class Setting extends Group {
      constructor(name: string) {
        super(name, { location: "x" });
        Object.assign(this, { location: "y" });
      }
    }
    expect(await refusalOf(() => void new Setting("a"))).toEqual([
      "BERTH1022 location: the property location of Setting was overwritten by a class field (write `declare readonly location`, without an initialiser)",
    ]);
  });
});

describe("the cluster of a resource", () => {
  const app = { spec: { image: "nginx:1" } };

  test("is the stack's only one, declared before or after", async () => {
    const graph = await declareHere(() => {
      new App("front", app);
      new Cluster("store", {});
    });
    expect(graph.resources.map(({ type, cluster }) => [type, cluster])).toEqual([
      ["acme:Cluster", undefined],
      ["acme:App", shopUrn("Cluster", "store")],
    ]);
  });

  test("is its own or a component's, where there are several", async () => {
    const graph = await declareHere(() => {
      const [a, b] = [new Cluster("a", {}), new Cluster("b", {})];
      const shop = new Shop("shop", { location: "x" }, { cluster: b });
      new App("own", app, { cluster: a });
      new App("inherited", app, { parent: shop });
      new App("nearer", app, { parent: shop, cluster: a });
    });
    const apps = graph.resources.filter(({ type }) => type === "acme:App");
    expect(apps.map(({ cluster }) => cluster?.at(-1))).toEqual(["a", "b", "a"]);
  });

  test("must be clear", async () => {
    expect(await refusalOf(() => void new App("front", app))).toEqual([
      "BERTH1018: the program declares no cluster (declare one, or name one that exists: k8s.Cluster.fromKubeconfig(…))",
    ]);
    expect(
      await refusalOf(() => {
        new Cluster("a", {});
        new Cluster("b", {});
        new App("front", app);
      }),
    ).toEqual([
      'BERTH1018: the program declares several clusters: acme:Cluster "a" (shop.ts:1:1), acme:Cluster "b" (shop.ts:1:1) (say which: { cluster } in the options of the resource or of a component around it)',
    ]);
  });

  test("may not depend on what lives on it", async () => {
    const problems = await problemsOf(() => {
      const front = new App("front", app);
      new Cluster("store", { group: front.spec.address });
    });
    expect(problems.map(({ message }) => message)).toEqual([
      'front → store → front: acme:App "front" (shop.ts:1:1) needs acme:Cluster "store" (shop.ts:1:1) (its cluster); acme:Cluster "store" (shop.ts:1:1) needs acme:App "front" (shop.ts:1:1) (its input group)',
    ]);
  });
});

describe("warnings of a definition's rules", () => {
  const untagged = { spec: { image: "nginx" } };

  test("are kept with the graph, unless they are silenced there or above", async () => {
    const graph = await declareHere(() => {
      new Cluster("store", {});
      new App("loud", untagged);
      new App("silent", untagged, { silence: ["BERTH1001"] });
      new App("inside", untagged, { parent: new Box("box", {}, { silence: ["BERTH1001"] }) });
    });
    expect(graph.warnings.map(({ message, resource }) => [message, resource])).toEqual([
      ["an image has a tag", shopUrn("App", "loud")],
    ]);
  });

  test("of a value that is not known are not given", async () => {
    const graph = await declareHere(() => {
      const cluster = new Cluster("store", {});
      new App("later", { spec: { image: cluster.host } });
    });
    expect(graph.warnings).toEqual([]);
  });
});

test("an error cannot be silenced", async () => {
  expect(
    await refusalOf(() => void new Group("a", { location: 1 } as never, { silence: ["BERTH1001"] })),
  ).toEqual(["BERTH1001 location: must be text, not 1"]);
});

test("10,000 resources in chains and fans are sealed in the order of declaration", async () => {
  class Any extends Resource {}
  ResourceType("acme:Any", { provider: "acme" })(Any);
  const graph = await declareHere(() => {
    let previous: Any | undefined;
    for (let i = 0; i < 10_000; i++)
      previous = new Any(`${i}`, {}, previous && i % 2 === 0 ? { dependsOn: previous } : {});
  });
  expect(graph.resources.map(({ name }) => Number(name))).toEqual(
    Array.from({ length: 10_000 }, (_, i) => i),
  );
});

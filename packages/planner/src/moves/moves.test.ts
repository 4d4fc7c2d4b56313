import { type ResourceOptions, secret } from "@berth/core";
import { describe, expect, test } from "vitest";
import { Cluster, Group, KubernetesObject, Machine, Network, Subnet, workload } from "../testing/cloud.ts";
import { changeLines, graphOf, planned, stepLines, TestStack } from "../testing/stack.ts";

const urn = (path: string): string => `urn:berth:dev:shop::acme:${path}`;
const lines = (plan: Awaited<ReturnType<TestStack["preview"]>>): readonly string[] =>
  plan.changes.map(
    ({ action, name, movedFrom }) =>
      `${action} ${name}${movedFrom === undefined ? "" : ` from ${movedFrom.split("::").at(-1)}`}`,
  );

/** The first program is applied; then the second is planned, applied, and planned again: nothing is left to do. */
async function changesTo(before: () => void, after: () => void) {
  const stack = new TestStack();
  await stack.up(before);
  const plan = await stack.up(after);
  const again = await stack.preview(after);
  expect([again.changes, again.steps]).toEqual([[], []]);
  expect(planned(stack.request(await graphOf(after))).bookkeeping).toEqual([]);
  return plan;
}

describe("the same physical thing under another name", () => {
  const one =
    (logical: string, zone = "a", range = "x") =>
    () =>
      void new Network(logical, { name: "net", zone, range });

  test("is moved, and nothing is done to it", async () => {
    const plan = await changesTo(one("old"), one("new"));
    expect(plan.changes).toMatchObject([
      {
        urn: urn("Network::new"),
        action: "move",
        certainty: "will",
        movedFrom: urn("Network::old"),
        reason: { kind: "moved", from: urn("Network::old"), by: "content" },
        properties: [],
      },
    ]);
    expect([plan.steps, plan.problems, plan.summary]).toMatchObject([
      [],
      [],
      { create: 0, delete: 0, move: 1, unchanged: 0 },
    ]);
  });

  test("is updated, or replaced, where it is to be otherwise as well", async () => {
    const updated = await changesTo(one("old"), one("new", "a", "y"));
    expect([lines(updated), stepLines(updated)]).toEqual([["update new from old"], ["1 update new"]]);
    const replaced = await changesTo(one("old"), one("new", "b"));
    expect([lines(replaced), stepLines(replaced)]).toEqual([
      ["replace new from old"],
      ["1 delete new", "2 create new after 1"],
    ]);
  });

  test("takes what depends on it along", async () => {
    const program = (logical: string) => () =>
      void new Subnet("subnet", { network: new Network(logical, { name: "net" }).id });
    expect(lines(await changesTo(program("old"), program("new")))).toEqual(["move new from old"]);
  });

  test("is swapped with another, or goes round with several", async () => {
    const program =
      (...names: readonly string[]) =>
      () => {
        for (const [index, name] of names.entries()) new Network(`n${index}`, { name });
      };
    expect(lines(await changesTo(program("x", "y"), program("y", "x")))).toEqual([
      "move n0 from n1",
      "move n1 from n0",
    ]);
    expect(lines(await changesTo(program("x", "y", "z"), program("y", "z", "x")))).toEqual([
      "move n0 from n1",
      "move n1 from n2",
      "move n2 from n0",
    ]);
  });

  test("moves onto a name that another leaves, which is then deleted", async () => {
    const before = () => {
      new Network("a", { name: "x" });
      new Network("b", { name: "y" });
    };
    const plan = await changesTo(before, () => void new Network("a", { name: "y" }));
    expect(lines(plan)).toEqual(["move a from b", "delete a from a"]);
    expect(plan.changes[1]).toMatchObject({ urn: `${urn("Network::a")}~1`, before: { name: "x" } });
    expect(stepLines(plan)).toEqual(["1 delete a~1"]);
  });

  test("is found whatever {generation} its name has come to", async () => {
    const program = (logical: string, zone: string) => () =>
      void new Network(logical, { name: "net{generation}", zone });
    const stack = new TestStack();
    await stack.up(program("old", "a"));
    await stack.up(program("old", "b"));
    const plan = await stack.up(program("new", "b"));
    expect([lines(plan), plan.steps]).toEqual([["move new from old"], []]);
    expect(stack.state.resources.map(({ inputs }) => inputs["name"])).toEqual(["net2"]);
    expect((await stack.preview(program("new", "b"))).changes).toEqual([]);
  });

  test("a cluster that is renamed takes along what is on it", async () => {
    const program = (logical: string, object: string) => () => {
      const cluster = new Cluster(logical, { name: "store" });
      new KubernetesObject(object, workload("Deployment", "web", { replicas: 1 }) as never, { cluster });
    };
    const plan = await changesTo(program("old", "web"), program("new", "front"));
    expect(lines(plan)).toEqual(["move new from old", "move front from web"]);
    expect(plan.summary.pods).toMatchObject({ new: 0, gone: 0, moved: 0, staying: 1 });
  });

  test("another account, another type: it is another thing", async () => {
    const other = await changesTo(one("old"), () => void new Machine("new", { size: 1 }));
    expect(lines(other)).toEqual(["create new", "delete old"]);
  });
});

describe("aliases", () => {
  const machine =
    (name: string, options: ResourceOptions = {}, size = 1) =>
    () =>
      void new Machine(name, { size }, options);

  test("move what is recorded under them, and may stay", async () => {
    const plan = await changesTo(machine("old"), machine("new", { aliases: ["older", "old"] }));
    expect(plan.changes).toMatchObject([
      { action: "move", reason: { by: "alias", from: urn("Machine::old") } },
    ]);
    const updated = await changesTo(machine("old"), machine("new", { aliases: ["old"] }, 2));
    expect(lines(updated)).toEqual(["update new from old"]);
  });

  test("of a component move everything in it", async () => {
    const program =
      (name: string, options: ResourceOptions = {}) =>
      () => {
        const outer = new Group(name, {}, options);
        const inner = new Group("inner", {}, { parent: outer });
        for (const size of [1, 2]) new Machine(`machine${size}`, { size }, { parent: inner });
      };
    expect(lines(await changesTo(program("old"), program("new", { aliases: ["old"] })))).toEqual([
      "move machine1 from old/inner/machine1",
      "move machine2 from old/inner/machine2",
    ]);
  });

  test("a chain of renames moves each by one", async () => {
    const before = () => {
      new Machine("a", { size: 1 });
      new Machine("b", { size: 2 });
    };
    const after = () => {
      new Machine("b", { size: 1 }, { aliases: ["a"] });
      new Machine("c", { size: 2 }, { aliases: ["b"] });
    };
    const plan = await changesTo(before, after);
    expect(lines(plan).toSorted()).toEqual(["move b from a", "move c from b"]);
  });

  test("of what is declared still take nothing from it", async () => {
    const after = () => {
      machine("a")();
      machine("b", { aliases: ["a"] })();
    };
    expect(lines(await changesTo(machine("a"), after))).toEqual(["create b"]);
    const swapped = () => {
      machine("a", { aliases: ["b"] })();
      machine("b", { aliases: ["a"] })();
    };
    expect(lines(await changesTo(swapped, swapped))).toEqual([]);
  });

  test("of another type are refused", async () => {
    const stack = new TestStack();
    await stack.up(machine("old"));
    const { problems } = await stack.preview(
      () => void new Network("new", { name: "n" }, { aliases: [{ type: "acme:Machine", name: "old" }] }),
    );
    expect(problems).toMatchObject([{ code: "BERTH3013", severity: "error", path: "aliases" }]);
  });

  test("of a provider and a parent move with what was made with them", async () => {
    const program =
      (name: string, options: ResourceOptions = {}) =>
      () => {
        const parent = new Machine(name, { size: 1 }, options);
        new Machine("child", { size: 2 }, { parent });
      };
    expect(lines(await changesTo(program("old"), program("new", { aliases: ["old"] })))).toEqual([
      "move new from old",
      "move child from old/child",
    ]);
  });
});

describe("equal inputs, where nothing tells that it is the same", () => {
  const program =
    (component: string, ...machines: readonly [string, number][]) =>
    () => {
      const parent = new Group(component, {});
      for (const [name, size] of machines)
        new Machine(name, { size, password: secret(`hunter${size}`) }, { parent });
    };
  const proposals = async (before: () => void, after: () => void) => {
    const stack = new TestStack();
    await stack.up(before);
    const plan = await stack.preview(after);
    expect(plan.problems.map(({ code, severity }) => [code, severity])).toEqual(
      plan.problems.map(() => ["BERTH3014", "warning"]),
    );
    return { plan, hints: plan.problems.map((each) => each.hint) };
  };

  test("are proposed as a move, with the line to write, and planned as what they would be without", async () => {
    const { plan, hints } = await proposals(program("shop", ["old", 1]), program("shop", ["new", 1]));
    expect(changeLines(plan)).toEqual(["will create new", "will delete old"]);
    expect(hints).toEqual([
      'if it is the same, write aliases: ["old"] in the options of shop/new, and it is kept',
    ]);
  });

  test("all children of a component that is renamed are one line", async () => {
    const { plan, hints } = await proposals(
      program("old", ["a", 1], ["b", 2]),
      program("new", ["a", 1], ["b", 2]),
    );
    expect(hints).toEqual([
      'if it is the same, write aliases: ["old"] in the options of new, and it is kept',
    ]);
    expect(plan.problems[0]?.message).toContain(
      "new/a has the inputs of old/a, and new/b has the inputs of old/b",
    );
  });

  test("at another parent are told by their URN", async () => {
    const stack = program("shop", ["old", 1]);
    const { hints } = await proposals(
      stack,
      () => void new Machine("new", { size: 1, password: secret("hunter1") }),
    );
    expect(hints[0]).toContain(`aliases: [{ urn: "${urn("Machine::shop/old")}" }] in the options of new`);
  });

  test("that fit several are no proposal", async () => {
    const { hints } = await proposals(program("shop", ["a", 1], ["b", 1]), program("shop", ["c", 1]));
    expect(hints).toEqual([]);
    const { hints: other } = await proposals(program("shop", ["a", 1]), program("shop", ["b", 2]));
    expect(other).toEqual([]);
  });
});

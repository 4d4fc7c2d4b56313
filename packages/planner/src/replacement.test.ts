import { type ResourceOptions, secret, text } from "@berth/core";
import { describe, expect, test } from "vitest";
import { Cluster, KubernetesObject, Machine, Network, Pool, Subnet, workload } from "./testing/cloud.ts";
import { changeLines, graphOf, planned, stepLines, TestStack } from "./testing/stack.ts";

/** A network that has a subnet and a machine that only takes its address. */
const store =
  (name: string, zone = "a", options: ResourceOptions = {}, ofSubnet: ResourceOptions = {}) =>
  () => {
    const network = new Network("network", { name, zone }, options);
    new Subnet("subnet", { network: network.id }, ofSubnet);
    new Machine("machine", { size: 1, note: network.address });
  };

describe("a replacement with another physical name", () => {
  test("is created first, then what needs it is updated or replaced, then the old one goes", async () => {
    const stack = new TestStack();
    await stack.up(store("one"));
    const plan = await stack.up(store("two"));
    expect(changeLines(plan)).toEqual([
      "will replace network: name!",
      "will replace subnet: network!",
      "may update machine because of network.address: ~note",
    ]);
    expect(plan.changes.map((each) => each.replacement)).toEqual(["create-first", "delete-first", undefined]);
    expect(stepLines(plan)).toEqual([
      "1 create network",
      "2 delete subnet",
      "3 create subnet after 1 2",
      "4 update machine after 1",
      "5 delete old network after 1 2 4",
    ]);
    expect((await stack.preview(store("two"))).steps).toEqual([]);
    expect(stack.state.superseded).toEqual([]);
  });

  test("{generation} gives it one, and the next replacement another", async () => {
    const stack = new TestStack();
    const names = () => stack.state.resources.map(({ inputs, generation }) => [inputs["name"], generation]);
    const one = (zone: string) => () => void new Network("network", { name: "net{generation}", zone });
    await stack.up(one("a"));
    expect(names()).toEqual([["net1", undefined]]);
    const plan = await stack.up(one("b"));
    expect(changeLines(plan)).toEqual(["will replace network: zone!, name!"]);
    expect(plan.changes[0]).toMatchObject({
      reason: { kind: "cannot-update", paths: ["zone"] },
      replacement: "create-first",
      generation: 1,
      after: { name: "net2" },
    });
    expect(names()).toEqual([["net2", 1]]);
    expect((await stack.preview(one("b"))).changes).toEqual([]);
    await stack.up(one("c"));
    expect(names()).toEqual([["net3", 2]]);
    // Another name is another thing already: the number stays.
    await stack.up(() => void new Network("network", { name: "other{generation}", zone: "c" }));
    expect(names()).toEqual([["other3", 2]]);
  });

  test("what takes its name, where it is only possible, waits to know", async () => {
    const program = (range: string) => () => {
      const base = new Network("base", { name: "base", range });
      const network = new Network("network", { name: "net{generation}", zone: base.address });
      new Machine("machine", { size: 1, note: network.name, subnet: network.id });
    };
    const stack = new TestStack();
    await stack.up(program("a"));
    const plan = await stack.preview(program("b"));
    expect(changeLines(plan)).toEqual([
      "will update base: range",
      "may replace network because of base.address: ~zone!, ~name!",
      "may replace machine because of network.name: ~note, ~subnet!",
    ]);
  });

  test("what takes values from it sees the new name", async () => {
    const program = (zone: string) => () => {
      const network = new Network("network", { name: "net{generation}", zone });
      new Machine("machine", { size: 1, note: network.name });
      return { id: network.id };
    };
    const stack = new TestStack();
    await stack.up(program("a"));
    const plan = await stack.up(program("b"));
    expect(changeLines(plan)).toEqual(["will replace network: zone!, name!", "will update machine: note"]);
    expect(plan.changes[1]?.properties[0]).toMatchObject({ before: "net1", after: "net2" });
    expect(plan.outputs).toMatchObject([{ before: "networks/net1", after: "networks/net2" }]);
    expect((await stack.preview(program("b"))).steps).toEqual([]);
  });

  test("a dependent that is itself created first has its old one deleted before", async () => {
    const program = (name: string) => () => {
      const cluster = new Cluster("store", { name });
      new Pool("user", { cluster: `by name ${name}`, name: "user", count: 1 }, { dependsOn: cluster });
    };
    const stack = new TestStack();
    await stack.up(program("one"));
    expect(stepLines(await stack.preview(program("two")))).toEqual([
      "1 create store",
      "2 create user after 1",
      "3 delete old user after 2",
      "4 delete old store after 1 3",
    ]);
  });

  test("what leaves goes before the old one on which it depends", async () => {
    const stack = new TestStack();
    await stack.up(store("one", "a"));
    const plan = await stack.preview(() => void new Network("network", { name: "two", zone: "a" }));
    expect(stepLines(plan)).toEqual([
      "1 create network",
      "2 delete machine",
      "3 delete subnet",
      "4 delete old network after 1 2 3",
    ]);
  });
});

describe("an old one has to go first", () => {
  test("where both have one name, and nothing says otherwise", async () => {
    const stack = new TestStack();
    await stack.up(store("one", "a"));
    const plan = await stack.preview(store("one", "b"));
    expect(plan.changes.map((each) => each.replacement)).toEqual(["delete-first", "delete-first", undefined]);
  });

  test("deleteBeforeReplace says so, also for what follows from it", async () => {
    const stack = new TestStack();
    await stack.up(store("one"));
    const plan = await stack.preview(store("two", "a", { deleteBeforeReplace: true }));
    expect(stepLines(plan)).toEqual([
      "1 delete subnet",
      "2 delete network after 1",
      "3 create network after 2",
      "4 create subnet after 1 3",
      "5 update machine after 3",
    ]);
  });

  test("deleteBeforeReplace: false is refused where the names are the same, and names the way out", async () => {
    const stack = new TestStack();
    await stack.up(store("one", "a"));
    const not = { deleteBeforeReplace: false };
    const plan = await stack.preview(store("one", "b", not, not));
    expect(plan.problems.map(({ code, message }) => [code, message])).toEqual([
      ["BERTH3010", expect.stringContaining("Put {generation} into its name")],
      ["BERTH3010", expect.stringContaining("nothing tells whether two acme:Subnet can stand side by side")],
    ]);
  });

  test("what needs something that is deleted first cannot come before it", async () => {
    const program =
      (zone: string, options: ResourceOptions = {}) =>
      () => {
        const network = new Network("network", { name: "net", zone });
        const hop = new Machine("hop", { size: 1, note: network.address });
        new Network("after", { name: `after ${zone}` }, { dependsOn: hop, ...options });
      };
    const stack = new TestStack();
    await stack.up(program("a"));
    const plan = await stack.preview(program("b"));
    expect(plan.changes.map(({ name, replacement }) => [name, replacement])).toEqual([
      ["after", "delete-first"],
      ["network", "delete-first"],
      ["hop", undefined],
    ]);
    const refused = await stack.preview(program("b", { deleteBeforeReplace: false }));
    expect(refused.problems).toMatchObject([
      { code: "BERTH3011", message: expect.stringContaining("network") },
    ]);
  });

  test("a name that another gives up is taken with what has it", async () => {
    const program = (first: string, second: string, zone: string) => () => {
      new Network("a", { name: first, zone });
      new Network("b", { name: second, zone: "b" });
    };
    const stack = new TestStack();
    await stack.up(program("one", "two", "a"));
    const plan = await stack.preview(program("three", "one", "a"));
    // What a leaves is what b is to be, but for its zone.
    expect(stepLines(plan)).toEqual(["1 create a", "2 delete b", "3 create b after 2", "4 delete b~1"]);
  });
});

describe("what an interrupted replacement left over", () => {
  test("is deleted by the next plan, which says why", async () => {
    const stack = new TestStack();
    await stack.up(store("one"));
    await stack.up(store("two"), 1);
    const plan = await stack.preview(store("two"));
    expect(changeLines(plan)).toEqual([
      "will replace subnet: network!",
      "will update machine: note",
      "will delete network",
    ]);
    expect(plan.changes.at(-1)).toMatchObject({
      name: "network",
      action: "delete",
      reason: { kind: "superseded", id: "network" },
      before: { name: "one" },
    });
    expect(stepLines(plan).at(-1)).toMatch(/delete old network after/);
    expect(plan.summary.delete).toBe(1);
    await stack.up(store("two"));
    expect(stack.state.superseded).toEqual([]);
    expect((await stack.preview(store("two"))).steps).toEqual([]);
  });

  test("goes before a new one takes its name again", async () => {
    const stack = new TestStack();
    const one = (name: string) => () => void new Network("network", { name });
    await stack.up(one("one"));
    await stack.up(one("two"), 1);
    const plan = await stack.up(one("one"));
    expect(stepLines(plan)).toEqual([
      "1 delete network",
      "2 delete old network",
      "3 create network after 1 2",
    ]);
    expect((await stack.preview(one("one"))).steps).toEqual([]);
  });

  test("goes with the old one of the next replacement", async () => {
    const stack = new TestStack();
    const one = (name: string) => () => void new Network("network", { name });
    await stack.up(one("one"));
    await stack.up(one("two"), 1);
    const plan = await stack.up(one("three"));
    expect(stepLines(plan)).toEqual(["1 create network", "2 delete old network after 1"]);
    expect(stack.state.superseded).toEqual([]);
  });

  test("goes when everything is destroyed, before what it needed", async () => {
    const program = (name: string) => () => {
      const base = new Network("base", { name: "base" });
      new Network("network", { name }, { dependsOn: base });
    };
    const stack = new TestStack();
    await stack.up(program("one"));
    await stack.up(program("two"), 1);
    const plan = stack.destroy(await graphOf(program("two")));
    expect(stepLines(plan)).toEqual(["1 delete network", "2 delete old network", "3 delete base after 1 2"]);
    expect([stack.state.resources, stack.state.superseded]).toEqual([[], []]);
  });
});

describe("in a cluster", () => {
  const shop =
    (cpu: string, name = "user{generation}") =>
    () => {
      const cluster = new Cluster("store", { name: "store" });
      new Pool("user", { cluster: cluster.id, name, count: 2, cpu });
      new KubernetesObject("web", workload("Deployment", "web", { replicas: 4, cpu: "1500m" }) as never);
    };

  test("a pool grows before the one that it replaces shrinks: pods wait for nothing", async () => {
    const stack = new TestStack();
    await stack.up(shop("4"));
    const plan = await stack.preview(shop("8"));
    expect(stepLines(plan)).toEqual(["1 create user", "2 delete old user after 1"]);
    expect(plan.summary.pods).toMatchObject({ unplaced: 0, new: 0, gone: 0 });
    const [cluster] = plan.clusters;
    expect(cluster?.nodes.map(({ name, change }) => `${name} ${change}`)).toEqual([
      "system#1 stays",
      "user2#1 new",
      "user2#2 new",
      "user1#1 gone",
      "user1#2 gone",
    ]);
    for (const { change, from, node } of cluster?.placement ?? [])
      if (change === "moved")
        expect([from, node]).toEqual([expect.stringMatching("user1"), expect.stringMatching("user2")]);
  });

  test("objects are written between the two", async () => {
    const stack = new TestStack();
    await stack.up(shop("4"));
    const edited = () => {
      shop("8")();
      new KubernetesObject("api", workload("Deployment", "api") as never);
    };
    expect(stepLines(await stack.preview(edited))).toEqual([
      "1 create user",
      "2 create api after 1",
      "3 delete old user after 2",
    ]);
  });

  test("one with another name is made beside the old one, and everything on it anew", async () => {
    const program = (name: string) => () => {
      const cluster = new Cluster("store", { name, nodes: 2 });
      new KubernetesObject("web", workload("Deployment", "web", { replicas: 2 }) as never, { cluster });
    };
    const stack = new TestStack();
    await stack.up(program("one"));
    const plan = await stack.up(program("two"));
    expect(stepLines(plan)).toEqual([
      "1 create store",
      "2 create web after 1",
      "3 delete old web after 2",
      "4 delete old store after 1 3",
    ]);
    expect(plan.changes.find((each) => each.name === "web")).toMatchObject({
      reason: { kind: "cluster-replaced" },
      deletedWith: "urn:berth:dev:shop::acme:Cluster::store",
    });
    expect(plan.summary.pods).toMatchObject({ new: 2, gone: 2, unplaced: 0 });
    expect((await stack.preview(program("two"))).steps).toEqual([]);
  });

  test("a pool that an interrupted replacement left over still has its nodes in the picture, until it goes", async () => {
    const stack = new TestStack();
    await stack.up(shop("4"));
    await stack.up(shop("8"), 1);
    const plan = await stack.preview(shop("8"));
    expect(stepLines(plan)).toEqual(["1 delete old user"]);
    expect(plan.clusters[0]?.nodes.filter(({ change }) => change === "gone").map(({ name }) => name)).toEqual(
      ["user1#1", "user1#2"],
    );
  });
});

describe("retainOnDelete", () => {
  const one =
    (zone: string, name = "net", retainOnDelete = false) =>
    () =>
      void new Network("network", { name, zone }, { retainOnDelete });

  test("what goes is forgotten, and the plan says that it stays where it is", async () => {
    const stack = new TestStack();
    await stack.up(one("a", "net", true));
    for (const plan of [
      await stack.preview(() => undefined),
      stack.destroy(await graphOf(() => undefined)),
    ]) {
      expect(plan.changes[0]).toMatchObject({ action: "forget", retained: true });
      expect([stepLines(plan), plan.summary]).toMatchObject([["1 forget network"], { delete: 0, forget: 1 }]);
    }
  });

  test.each([
    ["the program says it", false, true],
    ["the record says it, and the program no longer does", true, false],
  ])("the old one of a replacement too, where %s", async (_, before, now) => {
    const stack = new TestStack();
    await stack.up(one("a", "net{generation}", before));
    const plan = await stack.preview(one("b", "net{generation}", now));
    expect(plan.changes[0]).toMatchObject({ action: "replace", retained: true });
    expect(stepLines(plan)).toEqual(["1 create network", "2 forget old network after 1"]);
  });

  test("is refused where the new one would have the name that the old one keeps", async () => {
    const stack = new TestStack();
    await stack.up(one("a", "net", true));
    expect((await stack.preview(one("b", "net", true))).problems).toMatchObject([
      { code: "BERTH3012", severity: "error" },
    ]);
    const taken = await stack.preview(() => void new Network("other", { name: "net", zone: "b" }));
    expect(taken.problems).toMatchObject([{ code: "BERTH3012" }]);
  });

  test("alone is bookkeeping, no change", async () => {
    const stack = new TestStack();
    await stack.up(one("a"));
    const { plan, bookkeeping } = planned(stack.request(await graphOf(one("a", "net", true))));
    expect([plan.changes, bookkeeping.map((each) => each.options)]).toEqual([[], [{ retainOnDelete: true }]]);
  });
});

describe("deletedWith", () => {
  const urn = "urn:berth:dev:shop::acme:Network::network";
  const program =
    ({ machine = true, subnet = false, retained = false } = {}) =>
    () => {
      const network = new Network("network", { name: "net" }, { retainOnDelete: retained });
      if (!machine) return;
      const made = new Machine("machine", { size: 1 }, { dependsOn: network, deletedWith: network });
      if (subnet) new Subnet("subnet", { network: made.id });
    };

  test("goes after what it goes with, and nobody is asked", async () => {
    const stack = new TestStack();
    await stack.up(program());
    const { plan } = planned(stack.request(await graphOf(() => undefined), "destroy"));
    expect(stepLines(plan)).toEqual(["1 delete network", "2 delete machine after 1"]);
    expect(plan.changes.map(({ name, deletedWith }) => [name, deletedWith])).toEqual([
      ["network", undefined],
      ["machine", urn],
    ]);
  });

  test("is deleted as ever where that one stays, or is only forgotten", async () => {
    const stack = new TestStack();
    await stack.up(program());
    expect((await stack.preview(program({ machine: false }))).changes[0]?.deletedWith).toBeUndefined();
    await stack.up(program({ retained: true }));
    expect(stepLines(await stack.preview(() => undefined))).toEqual([
      "1 delete machine",
      "2 forget network after 1",
    ]);
  });

  test("what needs it goes before what it goes with", async () => {
    const stack = new TestStack();
    await stack.up(program({ subnet: true }));
    expect(stepLines(await stack.preview(() => undefined))).toEqual([
      "1 delete subnet",
      "2 delete network after 1",
      "3 delete machine after 2",
    ]);
  });
});

describe("what else replaces", () => {
  const machine =
    (size: number, options: ResourceOptions = {}, tags: Record<string, string> = {}) =>
    () =>
      void new Machine("machine", { size, tags }, options);
  const replacing = async (before: () => void, after: () => void) => {
    const stack = new TestStack();
    await stack.up(before);
    const [change] = (await stack.preview(after)).changes;
    await stack.up(after);
    expect((await stack.preview(after)).changes).toEqual([]);
    return change && [change.certainty, change.action, change.reason];
  };

  test.each([
    [["size"], { kind: "replace-on-changes", paths: ["size"] }],
    [["*"], { kind: "replace-on-changes", paths: ["size", "tags.a"] }],
    [["tags"], { kind: "replace-on-changes", paths: ["tags.a"] }],
    [["tags.*"], { kind: "replace-on-changes", paths: ["tags.a"] }],
    [["tags.b", "note"], { kind: "inputs-changed" }],
  ])("changes of %j", async (replaceOnChanges, reason) => {
    const change = await replacing(machine(1), machine(2, { replaceOnChanges }, { a: "x" }));
    expect(change?.[2]).toEqual(reason);
  });

  test("a trigger of another value, not one that is new, the same or gone", async () => {
    const on = (replacementTrigger: unknown) => machine(1, { replacementTrigger });
    const replaced = ["will", "replace", { kind: "replacement-trigger" }];
    expect(await replacing(on("1"), on("2"))).toEqual(replaced);
    expect(await replacing(on({ a: [1, { b: 2 }] }), on({ a: [1, { b: 3 }] }))).toEqual(replaced);
    expect(await replacing(on({ a: 1, b: 2 }), on({ b: 2, a: 1 }))).toBeUndefined();
    expect(await replacing(on(secret("x")), on(secret("y")))).toEqual(replaced);
    expect(await replacing(on(secret("x")), on(secret("x")))).toBeUndefined();
    expect(await replacing(machine(1), on("1"))).toBeUndefined();
    expect(await replacing(on("1"), machine(1))).toBeUndefined();
  });

  test("a trigger that is new counts from the next time on", async () => {
    const stack = new TestStack();
    await stack.up(machine(1));
    await stack.up(machine(1, { replacementTrigger: secret("hunter1") }));
    expect(JSON.stringify(stack.state)).not.toContain("hunter1");
    const plan = await stack.preview(machine(1, { replacementTrigger: secret("hunter2") }));
    expect(plan.changes[0]?.reason).toEqual({ kind: "replacement-trigger" });
  });

  test("a trigger that is not known yet may", async () => {
    const program = (range: string) => () => {
      const network = new Network("network", { name: "net", range });
      new Machine("machine", { size: 1 }, { replacementTrigger: network.address });
    };
    const stack = new TestStack();
    await stack.up(program("a"));
    const plan = await stack.up(program("b"));
    expect(changeLines(plan)).toEqual([
      "will update network: range",
      "may replace machine because of network.address",
    ]);
    expect((await stack.preview(program("b"))).changes).toEqual([]);
  });

  test("asking for it, and what cannot take new values follows", async () => {
    const stack = new TestStack();
    await stack.up(store("net"));
    const request = {
      ...stack.request(await graphOf(store("net"))),
      scope: { targets: [], excludes: [], replaces: ["network"] },
    };
    const { plan } = planned(request);
    expect(changeLines(plan)).toEqual([
      "will replace subnet (upstream): network!",
      "will replace network",
      "may update machine because of network.address: ~note",
    ]);
    expect(plan.changes[1]?.reason).toEqual({ kind: "requested" });
  });
});

describe("dependents that must be replaced", () => {
  test("are found through components, diamonds and chains, each once, with the cause", async () => {
    const program = (zone: string) => () => {
      const network = new Network("network", { name: "net", zone });
      const [left, right] = ["left", "right"].map((name) => new Subnet(name, { network: network.id }));
      new Machine("joined", { size: 1, subnet: text`${left!.id} ${right!.id}` });
      new Machine("aside", { size: 1 }, { dependsOn: [left!, right!] });
    };
    const stack = new TestStack();
    await stack.up(program("a"));
    const plan = await stack.up(program("b"));
    expect(changeLines(plan)).toEqual([
      "will replace joined (upstream): ~subnet!",
      "will replace left (upstream): network!",
      "will replace right (upstream): network!",
      "will replace network: zone!",
    ]);
    const [joined] = plan.changes;
    expect(joined?.reason).toMatchObject({
      upstream: ["left", "right"].map((name) => `urn:berth:dev:shop::acme:Subnet::${name}`),
    });
    expect((await stack.preview(program("b"))).steps).toEqual([]);
  });
});

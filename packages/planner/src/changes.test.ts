import { defineResource, type Output, secret, text } from "@berth/core";
import { problem } from "@berth/diagnostics";
import { describe, expect, test } from "vitest";
import { plannerCodes } from "./codes.ts";
import { Machine, Network, Subnet } from "./testing/cloud.ts";
import { changeLines, graphOf, planned, stepLines, TestStack } from "./testing/stack.ts";

interface Shape {
  readonly network?: string;
  readonly zone?: string;
  readonly range?: string;
  readonly size?: number;
  readonly subnetSize?: number;
  readonly protect?: boolean;
}

const store =
  ({
    network: name = "net",
    zone,
    range = "10.0.0.0/8",
    size = 1,
    subnetSize = 1,
    protect = false,
  }: Shape = {}) =>
  () => {
    const network = new Network("network", { name, range, ...(zone && { zone }) }, { protect });
    const subnet = new Subnet("subnet", { network: network.id, size: subnetSize });
    const machine = new Machine("machine", {
      size,
      subnet: subnet.id,
      note: text`at ${subnet.gateway} of ${network.address}`,
    });
    return { ip: machine.ip, subnet: subnet.id };
  };

describe("what changes", () => {
  test("a new stack is created, with what is not known yet by its producer", async () => {
    const plan = await new TestStack().preview(store());
    expect(changeLines(plan)).toEqual(["will create network", "will create subnet", "will create machine"]);
    expect(plan.changes[2]).toMatchObject({
      reason: { kind: "not-recorded" },
      after: {
        size: 1,
        subnet: { $berth: "unknown", producers: ["subnet.id"] },
        note: { $berth: "unknown", producers: ["network.address", "subnet.gateway"] },
      },
      site: { file: "shop.ts", line: expect.any(Number) },
    });
    expect(stepLines(plan)).toEqual([
      "1 create network",
      "2 create subnet after 1",
      "3 create machine after 1 2",
    ]);
    expect(plan.outputs).toEqual([
      {
        name: "ip",
        action: "create",
        after: { $berth: "unknown", producers: ["machine.ip"], type: "string" },
      },
      {
        name: "subnet",
        action: "create",
        after: { $berth: "unknown", producers: ["subnet.id"], type: "string" },
      },
    ]);
    expect(plan.summary).toMatchObject({ create: 3, update: 0, unchanged: 0 });
  });

  test("nothing changes after up", async () => {
    const stack = new TestStack();
    await stack.up(store());
    const plan = await stack.preview(store());
    expect([plan.changes, plan.steps, plan.summary.unchanged]).toEqual([[], [], 3]);
    expect(plan.outputs.map((each) => each.action)).toEqual(["no-op", "no-op"]);
  });

  test("an update says what may follow from it, and keeps known what cannot change", async () => {
    const stack = new TestStack();
    await stack.up(store());
    const plan = await stack.preview(store({ subnetSize: 2 }));
    // subnet.id is immutable and stays known; subnet.gateway may become another one.
    expect(changeLines(plan)).toEqual([
      "will update subnet: size",
      "may update machine because of subnet.gateway: ~note",
    ]);
    expect(plan.changes[1]?.properties[0]?.upstream).toEqual(["urn:berth:dev:shop::acme:Subnet::subnet"]);
  });

  test("a replacement spreads to what cannot take the new value in place, and says through what", async () => {
    const stack = new TestStack();
    await stack.up(store());
    const plan = await stack.preview(store({ zone: "b" }));
    expect(changeLines(plan)).toEqual([
      "will replace machine (upstream): ~subnet!, ~note",
      "will replace subnet (upstream): network!",
      "will replace network: zone!",
    ]);
    expect(plan.changes[2]?.reason).toEqual({
      kind: "cannot-update",
      paths: ["zone"],
      rule: "a network stays in its zone",
    });
    expect(plan.changes[1]?.properties[0]?.upstream).toEqual(["urn:berth:dev:shop::acme:Network::network"]);
    expect(plan.changes[0]?.reason).toEqual({
      kind: "upstream-replaced",
      upstream: ["urn:berth:dev:shop::acme:Subnet::subnet"],
      paths: ["subnet"],
    });
    expect(stepLines(plan)).toEqual([
      "1 delete machine",
      "2 delete subnet after 1",
      "3 delete network after 1 2",
      "4 create network after 3",
      "5 create subnet after 2 4",
      "6 create machine after 1 4 5",
    ]);
    await stack.up(store({ zone: "b" }));
    expect((await stack.preview(store({ zone: "b" }))).steps).toEqual([]);
  });

  test("a replacement spreads also where the new value will be the same", async () => {
    const program = (subnet: boolean) => () => {
      const network = new Network("network", { name: "net", range: "10.0.0.0/8" });
      // What is replaced takes its name along, and so its id is known to be the same.
      const machine = new Subnet("outer", { network: subnet ? network.id : "networks/net" });
      return { id: machine.id };
    };
    const stack = new TestStack();
    await stack.up(program(true));
    stack.state = {
      ...stack.state,
      resources: stack.state.resources.map((each) =>
        each.type === "acme:Network" ? { ...each, inputs: { ...each.inputs, zone: "b" } } : each,
      ),
    };
    const plan = await stack.preview(program(true));
    expect(changeLines(plan)).toEqual([
      "will replace outer (upstream): network!",
      "will replace network: zone!",
    ]);
    expect(plan.changes[0]?.properties[0]).toMatchObject({ before: "networks/net", after: "networks/net" });
    expect(changeLines(await stack.preview(program(false)))).toEqual(["will replace network: zone!"]);
  });

  test("what the program no longer declares is deleted, in reverse", async () => {
    const stack = new TestStack();
    await stack.up(store());
    const plan = await stack.up(() => {
      new Network("network", { name: "net", range: "10.0.0.0/8" });
    });
    expect(changeLines(plan)).toEqual(["will delete machine", "will delete subnet"]);
    expect(plan.changes[0]).toMatchObject({ reason: { kind: "not-declared" }, before: { size: 1 } });
    expect(plan.outputs.map((each) => [each.name, each.action])).toEqual([
      ["ip", "delete"],
      ["subnet", "delete"],
    ]);
    expect(stack.state.resources.map((each) => each.urn)).toEqual([
      "urn:berth:dev:shop::acme:Network::network",
    ]);
  });

  test("destroy deletes everything, and says where it is declared", async () => {
    const stack = new TestStack();
    await stack.up(store());
    const plan = stack.destroy(await graphOf(store()));
    expect(stepLines(plan)).toEqual([
      "1 delete machine",
      "2 delete subnet after 1",
      "3 delete network after 1 2",
    ]);
    expect(plan.changes.map(({ reason, site }) => [reason.kind, site?.file])).toEqual(
      Array.from({ length: 3 }, () => ["destroy", "shop.ts"]),
    );
    expect(stack.state.resources).toEqual([]);
    expect(stack.state.outputs).toEqual({});
  });

  test("dependsOn orders, and never replaces", async () => {
    const program = (name: string) => () => {
      const network = new Network("network", { name });
      new Machine("machine", { size: 1 }, { dependsOn: network });
    };
    const stack = new TestStack();
    await stack.up(program("a"));
    expect(changeLines(await stack.preview(program("b")))).toEqual(["will replace network: name!"]);
  });

  test("a dependency alone is bookkeeping, no change", async () => {
    const program = (depends: boolean) => () => {
      const network = new Network("network", { name: "a" });
      new Machine("machine", { size: 1 }, depends ? { dependsOn: network, protect: true } : {});
    };
    const stack = new TestStack();
    await stack.up(program(false));
    const graph = await graphOf(program(true));
    const { plan, bookkeeping } = planned(stack.request(graph));
    expect([plan.changes, bookkeeping]).toMatchObject([
      [],
      [
        {
          urn: "urn:berth:dev:shop::acme:Machine::machine",
          protect: true,
          dependencies: ["urn:berth:dev:shop::acme:Network::network"],
        },
      ],
    ]);
    stack.apply(graph, { plan, bookkeeping });
    expect(planned(stack.request(graph)).bookkeeping).toEqual([]);
  });

  test("protection alone is bookkeeping too", async () => {
    const program = (protect: boolean) => () => void new Network("network", { name: "a" }, { protect });
    const stack = new TestStack();
    await stack.up(program(false));
    const { plan, bookkeeping } = planned(stack.request(await graphOf(program(true))));
    expect([plan.changes, bookkeeping.map((each) => each.protect)]).toEqual([[], [true]]);
  });
});

describe("what is refused", () => {
  test("deleting and replacing what is protected, all of it at once", async () => {
    const stack = new TestStack();
    await stack.up(store({ protect: true }));
    const replaced = await stack.preview(store({ protect: true, network: "other" }));
    expect(replaced.problems).toMatchObject([
      {
        code: "BERTH3001",
        severity: "error",
        message: "network is protected and would be replaced",
        site: { file: "shop.ts" },
      },
    ]);
    expect((await stack.preview(() => undefined)).problems.map((each) => each.message)).toEqual([
      "network is protected and would be deleted",
    ]);
    expect(stack.destroy(await graphOf(store({ protect: true }))).problems).toHaveLength(1);
  });

  test("what was protected may be replaced once it is applied that it no longer is", async () => {
    const stack = new TestStack();
    await stack.up(store({ protect: true }));
    const codes = async () => (await stack.preview(store({ zone: "b" }))).problems.map((each) => each.code);
    expect(await codes()).toEqual(["BERTH3001"]);
    await stack.up(store());
    expect(await codes()).toEqual([]);
  });

  test("an update that the API would refuse, not a replacement", async () => {
    const Versioned = defineResource<{ version: number; kind?: string }>({
      type: "acme:Versioned",
      provider: "acme",
      inputs: {
        version: { type: "integer" },
        kind: { type: "string", default: "a", immutable: "it stays of its kind" },
      },
      forbid: ({ version: from }, { version: to }) =>
        Number(to) < Number(from)
          ? [problem(plannerCodes.BERTH3002, { message: "back", path: "version" })]
          : [],
    });
    const program = (version: number, kind: string) => () => void new Versioned("it", { version, kind });
    const stack = new TestStack();
    stack.apply(await graphOf(program(2, "a")), planned(stack.request(await graphOf(program(2, "a")))));
    const { plan } = planned(stack.request(await graphOf(program(1, "a"))));
    expect(plan.problems).toMatchObject([{ message: "back", path: "version", site: { file: "shop.ts" } }]);
    expect((await stack.preview(program(1, "b"))).problems).toEqual([]);
    expect((await stack.preview(program(3, "a"))).problems).toEqual([]);
  });

  test("deleting a type that nobody defines", async () => {
    const stack = new TestStack();
    await stack.up(store());
    const { problems } = planned({
      ...stack.request(await graphOf(() => undefined)),
      definition: () => undefined,
    }).plan;
    expect(problems.map((each) => each.code)).toEqual(["BERTH3002", "BERTH3002", "BERTH3002"]);
  });

  test("a callback that fails, and a value that the property does not take", async () => {
    const program = () => {
      const network = new Network("network", { name: "net" });
      new Machine("a", { size: network.id.apply(() => "three") as never });
      new Machine("b", {
        size: 1,
        note: network.id.apply((): string => {
          throw new Error("no");
        }),
      });
    };
    const { problems } = await new TestStack().preview(program);
    expect(problems.map(({ code, path, severity }) => [code, path, severity])).toEqual([
      ["BERTH1010", undefined, "error"],
      ["BERTH1001", "size", "error"],
    ]);
  });
});

describe("secrets", () => {
  const program = (password: string) => () => {
    const machine = new Machine("machine", { size: 1, password: secret(password) });
    return { token: machine.token, password: machine.password };
  };

  test("are unchanged by digest, and nowhere in a plan", async () => {
    const stack = new TestStack();
    const first = await stack.up(program("hunter2"));
    expect((await stack.preview(program("hunter2"))).changes).toEqual([]);
    const second = await stack.preview(program("hunter3"));
    expect(second.changes[0]?.properties).toEqual([
      {
        path: "password",
        kind: "change",
        certainty: "will",
        before: { $berth: "secret" },
        after: { $berth: "secret" },
      },
    ]);
    const gone = stack.destroy(await graphOf(program("hunter2")));
    const everything = JSON.stringify([first, second, gone]);
    for (const each of ["hunter", "token 1", Buffer.from('"hunter2"').toString("base64")])
      expect(everything).not.toContain(each);
  });

  test("hide what they were before they were secret", async () => {
    const note = (value: string, hidden: boolean) => () =>
      void new Machine("machine", { size: 1, note: hidden ? secret(value) : value });
    const stack = new TestStack();
    await stack.up(note("hunter2", false));
    const hidden = await stack.preview(note("hunter3", true));
    expect(hidden.changes[0]?.properties[0]).toMatchObject({
      before: { $berth: "secret" },
      after: { $berth: "secret" },
    });
    expect(JSON.stringify(hidden)).not.toContain("hunter");
  });

  test("may have changed where the key is not at hand", async () => {
    const stack = new TestStack();
    await stack.up(program("hunter2"));
    const { secrets: _, ...request } = stack.request(await graphOf(program("hunter2")));
    const { plan } = planned(request);
    expect(changeLines(plan)).toEqual(["may update machine because of secret not readable: ~password"]);
  });

  test("of recorded outputs are unchanged without the key, wherever they are used as they are", async () => {
    const chain = (note: (token: Output<string>) => Output<string>) => () => {
      const first = new Machine("first", { size: 1 });
      const second = new Machine("second", { size: 1, password: note(first.token) });
      return { token: first.token, password: second.password };
    };
    const same = chain((token) => token);
    const stack = new TestStack();
    await stack.up(same);
    const without = async (program: () => Record<string, unknown>) => {
      const { secrets: _, ...request } = stack.request(await graphOf(program));
      return planned(request).plan;
    };
    const plan = await without(same);
    expect([plan.changes, plan.outputs.map((each) => each.action)]).toEqual([[], ["no-op", "no-op"]]);
    // What is made from one cannot be known.
    expect(changeLines(await without(chain((token) => token.apply((plain) => `${plain}!`))))).toEqual([
      "may update second because of first.token: ~password",
    ]);
  });

  test("a value that becomes secret is bookkeeping", async () => {
    const note = (hidden: boolean) => () =>
      void new Machine("machine", { size: 1, note: hidden ? secret("x") : "x" });
    const stack = new TestStack();
    await stack.up(note(false));
    const graph = await graphOf(note(true));
    const result = planned(stack.request(graph));
    expect(result.plan.changes).toEqual([]);
    expect(result.bookkeeping).toHaveLength(1);
    stack.apply(graph, result);
    expect(stack.state.resources[0]?.inputs["note"]).toMatchObject({ $berth: "secret" });
    expect(planned(stack.request(graph)).bookkeeping).toEqual([]);
  });
});

describe("operations whose end is not known", () => {
  test("are told as the reason", async () => {
    const stack = new TestStack();
    await stack.up(store());
    const pending = (name: string, action: "create" | "update") => ({
      urn: `urn:berth:dev:shop::acme:Machine::${name}`,
      type: "acme:Machine",
      action,
      operationKey: "k",
    });
    stack.state = { ...stack.state, pending: [pending("machine", "update"), pending("second", "create")] };
    const plan = await stack.preview(() => {
      store()();
      new Machine("second", { size: 1 });
    });
    expect(plan.changes.map(({ action, name, reason }) => [action, name, reason.kind])).toEqual([
      ["update", "machine", "interrupted"],
      ["create", "second", "interrupted"],
    ]);
  });
});

describe("cost", () => {
  test("before and after, with what has no price", async () => {
    const stack = new TestStack();
    await stack.up(() => void new Machine("a", { size: 1 }));
    const plan = await stack.preview(() => {
      new Machine("a", { size: 2 });
      new Machine("b", { size: 3 });
    });
    expect(plan.cost).toEqual({
      before: 10.1,
      after: 50.5,
      items: [
        { urn: "urn:berth:dev:shop::acme:Machine::a", what: "a machine of 2", before: 10.1, after: 20.2 },
        { urn: "urn:berth:dev:shop::acme:Machine::b", what: "a machine of 3", after: 30.3 },
      ],
      unpriced: [],
      sources: ["the list of 2026"],
    });
    const unpriced = await stack.preview(() => void new Machine("a", { size: 13 }));
    expect([unpriced.cost.before, unpriced.cost.after, unpriced.cost.unpriced]).toEqual([
      10.1,
      undefined,
      ["a: a machine of 13 (no price is known)"],
    ]);
  });
});

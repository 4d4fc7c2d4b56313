import { describe, expect, test } from "vitest";
import { Account, Machine, Network } from "./testing/cloud.ts";
import { changeLines, graphOf, planned, stepLines, TestStack } from "./testing/stack.ts";

interface Shape {
  /** Accounts by name, each with its number and key. */
  readonly accounts?: Readonly<Record<string, readonly [number: string, key?: string]>>;
  /** The account in which the network is made; the provider's own where there is none. */
  readonly of?: string;
  readonly size?: number;
}

const inAccount =
  ({ accounts = { one: ["1"] }, of, size = 1 }: Shape = {}) =>
  () => {
    const declared = new Map(
      Object.entries(accounts).map(([name, [number, key]]) => [
        name,
        new Account(name, { number, ...(key === undefined ? {} : { key }) }),
      ]),
    );
    const account = of === undefined ? undefined : declared.get(of);
    const options = account ? { provider: account } : {};
    new Network("network", { name: "net" }, options);
    new Machine("machine", { size }, options);
  };

const accountUrn = (name: string): string => `urn:berth:dev:shop::acme:Account::${name}`;
const reason = { kind: "provider-replaced", rule: "nothing moves from one account to another" };

async function applied(shape: Shape): Promise<TestStack> {
  const stack = new TestStack();
  await stack.up(inAccount(shape));
  return stack;
}

describe("a provider resource", () => {
  test("is made before its users and goes after them", async () => {
    const stack = new TestStack();
    const plan = await stack.up(inAccount({ of: "one" }));
    expect(stepLines(plan)).toEqual(["1 create one", "2 create network after 1", "3 create machine after 1"]);
    expect(stack.state.resources.map((each) => each.providerResource)).toEqual([
      undefined,
      accountUrn("one"),
      accountUrn("one"),
    ]);
    expect((await stack.preview(inAccount({ of: "one" }))).changes).toEqual([]);
    expect(stack.destroy(await graphOf(inAccount({ of: "one" }))).steps.at(-1)).toMatchObject({
      urn: accountUrn("one"),
      action: "delete",
      after: [1, 2],
    });
  });

  test("that is replaced replaces what was made with it, and says by which rule", async () => {
    const stack = await applied({ of: "one" });
    const other = inAccount({ of: "one", accounts: { one: ["2"] } });
    const plan = await stack.preview(other);
    expect(changeLines(plan).toSorted()).toEqual([
      "will replace machine (provider)",
      "will replace network (provider)",
      "will replace one: number!",
    ]);
    expect(plan.changes.find((each) => each.name === "machine")?.reason).toEqual({
      ...reason,
      provider: accountUrn("one"),
    });
    const { steps } = plan;
    const position = (action: string, name: string): number =>
      steps.findIndex((each) => each.action === action && each.urn.endsWith(`::${name}`));
    expect(position("delete", "machine")).toBeLessThan(position("delete", "one"));
    expect(position("create", "one")).toBeLessThan(position("create", "machine"));
    await stack.up(other);
    expect((await stack.preview(other)).changes).toEqual([]);
  });

  test("of which anything else changes touches nothing that was made with it", async () => {
    const stack = await applied({ of: "one" });
    const plan = await stack.preview(inAccount({ of: "one", accounts: { one: ["1", "key"] } }));
    expect(changeLines(plan)).toEqual(["will update one: key"]);
  });
});

describe("another provider", () => {
  const two = { one: ["1"], two: ["2"] } as const;

  test("of another account replaces, with the reason, also where something else changes", async () => {
    const stack = await applied({ accounts: two, of: "one" });
    const plan = await stack.preview(inAccount({ accounts: two, of: "two", size: 2 }));
    expect(changeLines(plan).toSorted()).toEqual([
      "will replace machine (provider): size",
      "will replace network (provider)",
    ]);
    expect(plan.changes[0]?.reason).toEqual({ ...reason, provider: accountUrn("two") });
    await stack.up(inAccount({ accounts: two, of: "two", size: 2 }));
    expect((await stack.preview(inAccount({ accounts: two, of: "two", size: 2 }))).changes).toEqual([]);
  });

  test.each<[string, Shape, Shape]>([
    ["instead of the defaults", {}, { of: "one" }],
    ["left for the defaults", { of: "one" }, {}],
  ])("%s replaces, since nobody can tell that the account is the same", async (_, before, after) => {
    const stack = await applied(before);
    expect(changeLines(await stack.preview(inAccount(after))).toSorted()).toEqual([
      "will replace machine (provider)",
      "will replace network (provider)",
    ]);
  });

  test("of the same account is bookkeeping", async () => {
    const stack = await applied({ accounts: { one: ["1"] }, of: "one" });
    const renamed = await graphOf(inAccount({ accounts: { two: ["1", "key"] }, of: "two" }));
    const { plan, bookkeeping } = planned(stack.request(renamed));
    expect(changeLines(plan).toSorted()).toEqual(["will create two", "will delete one"]);
    expect(bookkeeping.map((each) => each.providerResource)).toEqual([accountUrn("two"), accountUrn("two")]);
    stack.apply(renamed, { plan, bookkeeping });
    expect(planned(stack.request(renamed))).toMatchObject({ plan: { changes: [] }, bookkeeping: [] });
  });

  test("whose account is not known yet may replace, and says on what it depends", async () => {
    const program = (size: number) => () => {
      const machine = new Machine("source", { size });
      const account = new Account("one", { number: machine.ip });
      new Network("network", { name: "net" }, { provider: account });
    };
    const stack = new TestStack();
    await stack.up(program(1));
    const plan = await stack.preview(program(2));
    expect(changeLines(plan).toSorted()).toEqual([
      "may replace network because of source.ip (provider)",
      "may replace one because of source.ip: ~number!",
      "will update source: size",
    ]);
  });

  test("and a protected resource: refused", async () => {
    const program = (number: string) => () => {
      new Network("network", { name: "net" }, { provider: new Account("one", { number }), protect: true });
    };
    const stack = new TestStack();
    await stack.up(program("1"));
    expect((await stack.preview(program("2"))).problems.map((each) => each.message)).toEqual([
      "network is protected and would be replaced",
    ]);
  });
});

test("one name in two accounts: each waits for whatever may hold it, and both are there", async () => {
  const program = (isNew: boolean) => () => {
    const [one, two] = [new Account("one", { number: "1" }), new Account("two", { number: "2" })];
    if (isNew) new Network("new", { name: "net" }, { provider: one });
    else new Network("old", { name: "net" }, { provider: two });
  };
  const stack = new TestStack();
  await stack.up(program(false));
  const plan = await stack.up(program(true));
  expect(plan.problems).toEqual([]);
  expect(stepLines(plan)).toEqual(["1 delete old", "2 create new after 1"]);
});

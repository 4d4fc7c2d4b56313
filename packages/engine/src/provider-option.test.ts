import { declare, secret } from "@berth/core";
import { planStack } from "@berth/planner";
import { memoryBackend, type StateBackend } from "@berth/state";
import { beforeEach, expect, test } from "vitest";
import { Account, Accounts, definition } from "./fixtures/accounts.ts";
import { openTestSecrets } from "./fixtures/stack.ts";
import { Thing } from "./fixtures/thing.ts";
import type { ApplyOperation } from "./operation.ts";
import { preview } from "./preview.ts";
import { destroy, up } from "./up.ts";

let backend: StateBackend;
let cloud: Accounts;
beforeEach(() => {
  backend = memoryBackend({ project: "test" });
  cloud = new Accounts();
});

async function operationOf(program: () => unknown): Promise<ApplyOperation> {
  const graph = await declare({ project: "test", stack: "dev" }, program);
  return {
    graph,
    definition,
    providers: () => new Map([["test", cloud]]),
    backend,
    secrets: openTestSecrets,
    plan: planStack,
  };
}

const apply = async (program: () => unknown) => up(await operationOf(program));
const changesOf = async (program: () => unknown) =>
  (await preview(await operationOf(program))).plan.changes.map(({ action, name }) => `${action} ${name}`);
const whatAsked = () =>
  cloud.asked.map(({ what, configuration }) => `${what} in ${String(configuration?.["number"])}`);

const sideBySide =
  ({ first = "1", second = "2", value = "" } = {}) =>
  () => {
    const one = new Account("one", { number: first, key: secret("hunter2-hunter2") });
    const two = new Account("two", { number: second });
    new Thing("a", { name: "same", value }, { provider: one });
    new Thing("b", { name: "b", value }, { provider: two });
    new Thing("c", { name: "c", value });
  };

test("create, update and delete are asked of the account that the program says", async () => {
  expect((await apply(sideBySide())).problems).toEqual([]);
  expect(cloud.things).toEqual(["1 things/same", "2 things/b", "default things/c"]);
  expect(await changesOf(sideBySide())).toEqual([]);
  expect(cloud.asked.find((each) => each.what === "create things/same")?.configuration).toEqual({
    number: "1",
    key: "hunter2-hunter2",
  });
  expect(JSON.stringify(await backend.read("dev"))).not.toContain("hunter2");

  cloud.asked.length = 0;
  await apply(sideBySide({ value: "2" }));
  expect(whatAsked().toSorted()).toEqual([
    "update things/b in 2",
    "update things/c in undefined",
    "update things/same in 1",
  ]);

  const gone = await destroy(await operationOf(() => undefined));
  expect([gone.status, gone.problems, cloud.things]).toEqual(["succeeded", [], []]);
  expect((await backend.read("dev")).resources).toEqual([]);
});

test("a provider that names another account: everything moves, deleted there and made here", async () => {
  await apply(sideBySide());
  cloud.asked.length = 0;
  const moved = await apply(sideBySide({ first: "3" }));
  expect(moved.problems).toEqual([]);
  expect(whatAsked()).toEqual(["delete things/same in 1", "create things/same in 3"]);
  expect(cloud.things).toEqual(["2 things/b", "3 things/same", "default things/c"]);
  expect(await changesOf(sideBySide({ first: "3" }))).toEqual([]);
});

test("a provider under another name, of the same account, asks nobody for anything", async () => {
  const named = (name: string) => () => {
    new Thing("a", { name: "a" }, { provider: new Account(name, { number: "1" }) });
  };
  await apply(named("one"));
  cloud.asked.length = 0;
  expect((await apply(named("two"))).problems).toEqual([]);
  expect(cloud.asked).toEqual([]);
  const { resources } = await backend.read("dev");
  expect(resources.map(({ urn, providerResource }) => [urn, providerResource])).toEqual([
    ["urn:berth:dev:test::test:Account::two", undefined],
    ["urn:berth:dev:test::test:Thing::a", "urn:berth:dev:test::test:Account::two"],
  ]);
  expect(await changesOf(named("two"))).toEqual([]);
});

test("an account that may be another and is not: nothing is touched", async () => {
  const program =
    (value: string, name = "one") =>
    () => {
      const source = new Thing("source", { name: "source", value });
      const account = new Account(name, { number: source.token.apply((token) => `account ${token.length}`) });
      new Thing("a", { name: "a" }, { provider: account });
    };
  await apply(program("1"));
  cloud.asked.length = 0;
  const { plan, problems } = await apply(program("2", "renamed"));
  expect(problems).toEqual([]);
  expect(plan.changes.find((each) => each.name === "a")).toMatchObject({
    action: "replace",
    certainty: "may",
  });
  const asked = cloud.asked.map((each) => each.what);
  expect(asked[0]).toBe("update things/source");
  expect(await changesOf(program("2", "renamed"))).toEqual([]);
});

test("what an interrupted creation or deletion left is looked for in its account", async () => {
  const program = () => {
    new Thing("a", { name: "a" }, { provider: new Account("one", { number: "1" }) });
  };
  cloud.losing = true;
  expect((await apply(program)).status).toBe("failed");
  expect(cloud.things).toEqual(["1 things/a"]);
  cloud.losing = false;
  cloud.asked.length = 0;
  await apply(program);
  expect(whatAsked()).toEqual(["read things/a in 1"]);

  cloud.losing = true;
  await apply(() => undefined);
  cloud.losing = false;
  cloud.asked.length = 0;
  // It is gone, and the next run finds out where it was.
  expect((await apply(() => undefined)).status).toBe("succeeded");
  expect(whatAsked()).toEqual(["read things/a in 1"]);
  expect((await backend.read("dev")).resources).toEqual([]);
});

test("a deletion that fails keeps the provider that knows where", async () => {
  await apply(sideBySide());
  cloud.losing = true;
  expect((await apply(() => undefined)).status).toBe("failed");
  cloud.losing = false;
  expect((await apply(() => undefined)).problems).toEqual([]);
  expect([cloud.things, (await backend.read("dev")).resources]).toEqual([[], []]);
});

test("without the key to its configuration a resource is not touched", async () => {
  await apply(sideBySide());
  cloud.asked.length = 0;
  const blind = {
    ...(await operationOf(() => undefined)),
    secrets: () => ({
      key: undefined,
      digest: () => undefined,
      decrypt: () => undefined,
      refuseWrongKey: () => {},
      encrypt: () => {
        throw new Error("no key");
      },
    }),
  };
  const { problems } = await up(blind);
  expect(problems.map((each) => each.code)).toContain("BERTH6010");
  expect(cloud.things).toContain("1 things/same");
});

/** Accounts by name, each with its number, and in which of them the thing is. */
type Placed = readonly [accounts: Readonly<Record<string, string>>, of: string];

const placed =
  ([accounts, of]: Placed) =>
  () => {
    const made = new Map(
      Object.entries(accounts).map(([name, number]) => [name, new Account(name, { number })]),
    );
    const provider = made.get(of);
    if (provider) new Thing("a", { name: "a" }, { provider });
  };

test.each<[string, Placed, Placed, readonly string[], readonly string[]]>([
  ["created", [{}, ""], [{ one: "1" }, "one"], ["1 things/a"], ["create things/a"]],
  ["deleted", [{ one: "1" }, "one"], [{}, ""], [], ["delete things/a"]],
  [
    "moved",
    [{ one: "1" }, "one"],
    [{ one: "2" }, "one"],
    ["2 things/a"],
    ["delete things/a", "create things/a"],
  ],
  ["taken over", [{ one: "1" }, "one"], [{ two: "1" }, "two"], ["1 things/a"], []],
  [
    "taken over by one that moved",
    [{ one: "1", two: "2" }, "one"],
    [{ two: "1" }, "two"],
    ["1 things/a"],
    [],
  ],
])("a disk that is full at any write: %s once, and nothing else", async (_, before, after, things, asked) => {
  for (let at = 1; ; at++) {
    let count = Number.NEGATIVE_INFINITY;
    cloud = new Accounts();
    backend = memoryBackend({
      project: "test",
      beforeWrite: () => {
        count += 1;
        if (count >= at) throw Object.assign(new Error("ENOSPC"), { code: "ENOSPC" });
      },
    });
    await apply(placed(before));
    cloud.asked.length = 0;
    count = 0;
    await apply(placed(after)).catch(() => undefined);
    const wasFull = count >= at;
    count = Number.NEGATIVE_INFINITY;
    expect((await apply(placed(after))).problems, `write ${at}`).toEqual([]);
    const written = cloud.asked.map((each) => each.what).filter((each) => !each.startsWith("read"));
    expect([cloud.things, written], `write ${at}`).toEqual([things, asked]);
    expect(await changesOf(placed(after)), `write ${at}`).toEqual([]);
    if (!wasFull) break;
  }
});

test("a provider that is taken over from and moves in one plan is refused before anything is touched", async () => {
  await apply(placed([{ one: "1" }, "one"]));
  const before = await backend.read("dev");
  await expect(apply(placed([{ one: "2", two: "1" }, "two"]))).rejects.toThrow("BERTH3009");
  expect(await backend.read("dev")).toEqual(before);
  expect((await apply(placed([{ one: "1", two: "1" }, "two"]))).problems).toEqual([]);
  expect((await apply(placed([{ one: "2", two: "1" }, "two"]))).problems).toEqual([]);
  expect(cloud.things).toEqual(["1 things/a"]);
});

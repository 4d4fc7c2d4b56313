import { type ResourceOptions, declare, secret } from "@berth/core";
import { planStack } from "@berth/planner";
import { memoryBackend, type StateBackend } from "@berth/state";
import { beforeEach, describe, expect, test } from "vitest";
import { definition, openTestSecrets } from "./fixtures/stack.ts";
import { TestCloud } from "./fixtures/test-cloud.ts";
import { Thing } from "./fixtures/thing.ts";
import type { ApplyOperation, ApplyResult } from "./operation.ts";
import { preview } from "./preview.ts";
import { up } from "./up.ts";

let backend: StateBackend;
let cloud: TestCloud;
beforeEach(() => {
  backend = memoryBackend({ project: "test" });
  cloud = new TestCloud();
});

type Inputs = ConstructorParameters<typeof Thing>[1];

async function operationOf(inputs: Omit<Inputs, "name">, options: ResourceOptions): Promise<ApplyOperation> {
  return {
    graph: await declare({ project: "test", stack: "dev" }, () => {
      const { version } = new Thing("first", { name: "first", value: "1" });
      const it = new Thing("it", { name: "it", ...inputs }, options);
      new Thing("reader", { name: "reader", value: it.value, from: [version] });
    }),
    definition,
    providers: () => new Map([["test", cloud]]),
    backend,
    secrets: openTestSecrets,
    plan: planStack,
  };
}

const apply = async (inputs: Omit<Inputs, "name">, options: ResourceOptions = {}): Promise<ApplyResult> =>
  up(await operationOf(inputs, options));

async function planOf(inputs: Omit<Inputs, "name">, options: ResourceOptions) {
  const { plan } = await preview(await operationOf(inputs, options));
  return plan.changes.map(({ action, name, properties }) =>
    [action, name, ...properties.map(({ path }) => path)].join(" "),
  );
}

const ignoring = (...ignoreChanges: readonly string[]): ResourceOptions => ({ ignoreChanges });
const live = (name: string) => cloud.things.get(`things/${name}`)?.inputs;

describe("ignoreChanges", () => {
  test("what it names stays as it is recorded, for the cloud and for whoever reads it; the rest changes", async () => {
    await apply({ value: "1", from: ["a"] });
    expect(await planOf({ value: "2", from: ["a"] }, ignoring("value"))).toEqual([]);
    expect(await planOf({ value: "2", from: ["b"] }, ignoring("value"))).toEqual(["update it from[0]"]);
    expect((await apply({ value: "2", from: ["b"] }, ignoring("value"))).problems).toEqual([]);
    expect([live("it"), live("reader")]).toMatchObject([{ value: "1", from: ["b"] }, { value: "1" }]);
    expect(await planOf({ value: "2", from: ["b"] }, ignoring("value"))).toEqual([]);
    expect(await planOf({ value: "2", from: ["b"] }, {})).toEqual(["update it value", "update reader value"]);
  });

  test("what is created is as the program says, and so is what is made anew", async () => {
    await apply({ value: "1", fixed: "1" }, ignoring("value"));
    expect(live("it")).toMatchObject({ value: "1" });
    expect((await apply({ value: "2", fixed: "2" }, ignoring("value"))).problems).toEqual([]);
    expect([live("it"), live("reader")]).toMatchObject([{ value: "2", fixed: "2" }, { value: "2" }]);
    expect(await planOf({ value: "2", fixed: "2" }, ignoring("value"))).toEqual([]);
  });

  test("what would force a replacement does not", async () => {
    await apply({ fixed: "1" });
    expect(await planOf({ fixed: "2" }, ignoring("fixed"))).toEqual([]);
    expect(await planOf({}, ignoring("fixed"))).toEqual([]);
    expect(await planOf({ fixed: "2", value: "x" }, ignoring("*"))).toEqual([]);
  });

  test("a property that is not recorded stays away", async () => {
    await apply({});
    expect(await planOf({ fixed: "2" }, ignoring("fixed"))).toEqual([]);
  });

  test("secrets are kept as secrets", async () => {
    await apply({ password: secret("old-password"), value: "1" });
    expect(await planOf({ password: secret("new-password"), value: "1" }, ignoring("password"))).toEqual([]);
    expect(
      (await apply({ password: secret("new-password"), value: "2" }, ignoring("password"))).problems,
    ).toEqual([]);
    expect(live("it")).toMatchObject({ password: "old-password", value: "2" });
    expect(JSON.stringify(await backend.read("dev"))).not.toContain("old-password");
  });
});

import { declare, isEncryptedValue, type Output, type ResourceOptions, secret } from "@berth/core";
import { planStack } from "@berth/planner";
import { memoryBackend, type StateBackend } from "@berth/state";
import { beforeEach, describe, expect, test } from "vitest";
import { definition, openTestSecrets } from "./fixtures/stack.ts";
import { TestCloud } from "./fixtures/test-cloud.ts";
import { Thing } from "./fixtures/thing.ts";
import type { ApplyOperation } from "./operation.ts";
import { preview } from "./preview.ts";
import { up } from "./up.ts";

let backend: StateBackend;
let cloud: TestCloud;
beforeEach(() => {
  backend = memoryBackend({ project: "test" });
  cloud = new TestCloud();
});

async function operationOf(options: ResourceOptions, value = "1"): Promise<ApplyOperation> {
  return {
    graph: await declare({ project: "test", stack: "dev" }, () => {
      const { version, id } = new Thing("it", { name: "it", value }, options);
      new Thing("reader", { name: "reader", value: version });
      return { version, id };
    }),
    definition,
    providers: () => new Map([["test", cloud]]),
    backend,
    secrets: openTestSecrets,
    plan: planStack,
  };
}

const hidden: ResourceOptions = { additionalSecretOutputs: ["version"] };
const apply = async (options: ResourceOptions, value?: string) => up(await operationOf(options, value));
const planOf = async (options: ResourceOptions, value?: string) =>
  (await preview(await operationOf(options, value))).plan;

/** Where the version stands in the state, and whether it is secret there. */
async function marks() {
  const { resources, outputs } = await backend.read("dev");
  const [it, reader] = resources;
  return [it?.outputs["version"], reader?.inputs["value"], outputs["version"]].map(
    (each) => each !== undefined && isEncryptedValue(each),
  );
}

test("a secret that becomes an open value, and another one, is what the plan showed", async () => {
  const withValue = async (value: string | Output<string>): Promise<ApplyOperation> => ({
    ...(await operationOf({})),
    graph: await declare(
      { project: "test", stack: "dev" },
      () => void new Thing("it", { name: "it", value }),
    ),
  });
  expect((await up(await withValue(secret("hidden-value")))).problems).toEqual([]);
  expect((await up(await withValue("open-value"))).problems).toEqual([]);
  expect((await up(await withValue(secret("hidden-again")))).problems).toEqual([]);
  expect((await preview(await withValue(secret("hidden-again")))).plan.changes).toEqual([]);
});

describe("additionalSecretOutputs", () => {
  test("are secret wherever they come to, from the first preview on", async () => {
    const { outputs } = await planOf(hidden);
    expect((await apply(hidden)).problems).toEqual([]);
    expect(await marks()).toEqual([true, true, true]);
    expect(outputs.map(({ name }) => name)).toEqual(["id", "version"]);
    const version = cloud.version("things/it");
    const plan = await planOf(hidden, "2");
    for (const text of [JSON.stringify(await backend.read("dev")), JSON.stringify(plan)])
      expect(text).not.toContain(version);
    expect((await planOf(hidden)).changes).toEqual([]);
  });

  test("may be said later and taken back, without a change of what is made", async () => {
    await apply({});
    expect(await marks()).toEqual([false, false, false]);
    await apply(hidden);
    expect(await marks()).toEqual([true, true, true]);
    expect((await planOf(hidden)).changes).toEqual([]);
    await apply({});
    expect(await marks(), "nothing that was secret is written in plain text for this").toEqual([
      true,
      true,
      true,
    ]);
    expect((await planOf({})).changes).toEqual([]);
    expect(cloud.log).toEqual(["create things/it", "create things/reader"]);
    await apply({}, "2");
    expect(await marks()).toEqual([false, false, false]);
  });
});

import { declare, type ResourceOptions } from "@berth/core";
import { planStack } from "@berth/planner";
import { memoryBackend, type StateBackend } from "@berth/state";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeEach, describe, expect, test } from "vitest";
import { definition, openTestSecrets } from "./fixtures/stack.ts";
import { type CloudAction, TestCloud } from "./fixtures/test-cloud.ts";
import { Thing } from "./fixtures/thing.ts";
import type { ApplyResult } from "./operation.ts";
import { withinTime } from "./time-limit.ts";
import { up } from "./up.ts";

let backend: StateBackend;
let cloud: TestCloud;
beforeEach(() => {
  backend = memoryBackend({ project: "test" });
  cloud = new TestCloud();
});

/** A cloud in which such requests take a while: before they happen, or before their answer comes. */
function slow(action: CloudAction, what: "begins" | "answers"): void {
  let first = true;
  const take = async (each: CloudAction): Promise<void> => {
    if (each !== action || !first) return;
    first = false;
    await sleep(200);
  };
  const { things } = cloud;
  cloud = new TestCloud({ things, ...(what === "begins" && { during: take }) });
  if (what === "begins") return;
  const { create, update, delete: remove } = cloud;
  const after =
    <A extends unknown[], T>(call: (...args: A) => Promise<T>) =>
    async (...args: A): Promise<T> => {
      const answer = await call.apply(cloud, args);
      await take(action);
      return answer;
    };
  if (action === "create") cloud.create = after(create);
  if (action === "update") cloud.update = after(update);
  if (action === "delete") cloud.delete = after(remove);
}

async function apply(value: string | undefined, options: ResourceOptions = {}): Promise<ApplyResult> {
  const graph = await declare({ project: "test", stack: "dev" }, () => {
    if (value !== undefined) new Thing("a", { name: "a", value }, options);
  });
  return up({
    graph,
    definition,
    providers: () => new Map([["test", cloud]]),
    backend,
    secrets: openTestSecrets,
    plan: planStack,
  });
}

const short: ResourceOptions = { customTimeouts: { create: 0.05, update: 0.05, delete: 0.05 } };
const codes = ({ problems }: ApplyResult): readonly string[] => problems.map((each) => each.message);
const pending = async () => (await backend.read("dev")).pending.map((each) => each.action);

describe("customTimeouts", () => {
  test("a creation that begins too late is not known to have happened: the next run finds out, and makes it", async () => {
    slow("create", "begins");
    const result = await apply("1", short);
    expect([result.status, codes(result)]).toEqual([
      "failed",
      ["its creation took longer than the 0.05s that customTimeouts give it"],
    ]);
    expect(result.problems[0]).toMatchObject({
      code: "BERTH6072",
      resource: expect.stringMatching(/::a$/) as string,
    });
    expect(await pending()).toEqual(["create"]);
    await sleep(250);
    expect(cloud.things.ids(), "the request was aborted").toEqual([]);
    expect((await apply("1", short)).problems).toEqual([]);
    expect(cloud.things.ids()).toEqual(["things/a"]);
  });

  test("a creation that happened is recorded, and an update of it stays pending", async () => {
    slow("create", "answers");
    expect((await apply("1", short)).status).toBe("failed");
    expect(await pending()).toEqual(["update"]);
    expect((await apply("1", short)).status).toBe("succeeded");
    expect(cloud.log).toEqual(["create things/a", "update things/a"]);
  });

  test("an update stays pending", async () => {
    await apply("1", short);
    slow("update", "begins");
    expect(codes(await apply("2", short))).toEqual([
      "its update took longer than the 0.05s that customTimeouts give it",
    ]);
    expect(await pending()).toEqual(["update"]);
  });

  test("a deletion goes by what is recorded, and stays pending while it may still be under way", async () => {
    await apply("1", short);
    slow("delete", "begins");
    expect(codes(await apply(undefined))).toEqual([
      "its deletion took longer than the 0.05s that customTimeouts give it",
    ]);
    expect(await pending()).toEqual(["delete"]);
    expect((await apply(undefined)).status).toBe("succeeded");
    expect([cloud.things.ids(), await pending()]).toEqual([[], []]);
  });

  test("what takes less is as without", async () => {
    expect((await apply("1", { customTimeouts: { create: "1h" } })).problems).toEqual([]);
  });
});

test("an answer in time is the answer, and its timer is gone", async () => {
  expect(await withinTime(5, "it", async ({ timeout }) => timeout)).toBe(5);
  expect(await withinTime(undefined, "it", async (limits) => limits)).toEqual({});
  await expect(withinTime(5, "it", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  await expect(
    withinTime(0.01, "it", () => sleep(50).then(() => Promise.reject(new Error("late")))),
  ).rejects.toThrow("it took longer than the 0.01s that customTimeouts give it");
});

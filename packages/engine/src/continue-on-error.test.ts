import { expect, test } from "vitest";
import { memoryBackend } from "@berth/state";
import { type DeclaredThing, operationOf } from "./fixtures/stack.ts";
import { TestCloud } from "./fixtures/test-cloud.ts";
import { destroy, up } from "./up.ts";

const things: readonly DeclaredThing[] = [
  { name: "a" },
  { name: "b", from: ["a"] },
  { name: "c", after: ["b"] },
  { name: "d" },
  { name: "e", from: ["d"] },
];

async function stackThatRefuses(refused: string) {
  let broken = true;
  const cloud = new TestCloud({
    fate: (action, id) => (broken && `${action} ${id}` === refused ? "refused" : "answered"),
  });
  const operation = await operationOf(things, cloud, memoryBackend({ project: "test" }));
  return {
    cloud,
    operation: { ...operation, parallel: 1, continueOnError: true },
    mend: () => (broken = false),
  };
}

test("what does not need what failed is done, the rest is named, and the next run does it", async () => {
  const { cloud, operation, mend } = await stackThatRefuses("create things/b");
  const { status, steps, outputs } = await up(operation);
  expect([status, cloud.log]).toEqual(["failed", ["create things/a", "create things/d", "create things/e"]]);
  expect(
    steps.map(({ step, outcome, blockedBy }) => [step.urn.split("::").at(-1), outcome, blockedBy]),
  ).toEqual([
    ["a", "done", undefined],
    ["b", "failed", undefined],
    ["c", "not-started", [2]],
    ["d", "done", undefined],
    ["e", "done", undefined],
  ]);
  expect(Object.keys(outputs).toSorted()).toEqual(["a", "d", "e"]);
  mend();
  expect((await up(operation)).status).toBe("succeeded");
  expect(cloud.things.ids()).toHaveLength(5);
});

test("nothing is deleted from under what could not be deleted", async () => {
  const { cloud, operation, mend } = await stackThatRefuses("delete things/b");
  await up(operation);
  cloud.log.length = 0;
  const { status, steps } = await destroy(operation);
  expect([status, cloud.log]).toEqual(["failed", ["delete things/e", "delete things/c", "delete things/d"]]);
  expect(steps.flatMap(({ step, blockedBy }) => (blockedBy ? [step.urn.split("::").at(-1)] : []))).toEqual([
    "a",
  ]);
  mend();
  expect((await destroy(operation)).status).toBe("succeeded");
  expect(cloud.things.ids()).toEqual([]);
});

test("what an operation is for is kept until the next one goes to work", async () => {
  const { operation, mend } = await stackThatRefuses("");
  mend();
  const last = async () => (await operation.backend.read("dev")).lastOperation;
  await up({ ...operation, message: "five things" });
  expect(await last()).toEqual({ operation: "up", message: "five things" });
  await up(operation);
  expect(await last()).toEqual({ operation: "up", message: "five things" });
  await destroy(operation);
  expect(await last()).toBeUndefined();
});

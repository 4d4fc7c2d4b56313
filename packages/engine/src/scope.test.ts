import { memoryBackend } from "@berth/state";
import { describe, expect, test } from "vitest";
import { type DeclaredThing, operationOf } from "./fixtures/stack.ts";
import { TestCloud } from "./fixtures/test-cloud.ts";
import type { ApplyOperation } from "./operation.ts";
import { preview } from "./preview.ts";
import { destroy, refresh, up } from "./up.ts";

const program = (value: string): readonly DeclaredThing[] => [
  { name: "a", value },
  { name: "b", from: ["a"], value },
  { name: "c", value },
];

async function stackOf(things: readonly DeclaredThing[]) {
  const cloud = new TestCloud();
  const backend = memoryBackend({ project: "test" });
  const operation = await operationOf(things, cloud, backend);
  return { cloud, backend, operation };
}

const targets = (...given: readonly string[]): Pick<ApplyOperation, "scope"> => ({
  scope: { targets: given, excludes: [], replaces: [] },
});

describe("an operation on a part of the stack", () => {
  test("creates what is targeted and what that needs; outputs of what is not there yet wait", async () => {
    const { cloud, backend, operation } = await stackOf(program("1"));
    const { status } = await up({ ...operation, ...targets("b") });
    expect([status, cloud.log]).toEqual(["succeeded", ["create things/a", "create things/b"]]);
    expect(Object.keys((await backend.read("dev")).outputs)).toEqual(["a", "b"]);
  });

  test("leaves the records and outputs of everything else, and asks its provider nothing", async () => {
    const { cloud, backend, operation } = await stackOf(program("1"));
    await up(operation);
    const before = await backend.read("dev");
    cloud.log.length = 0;
    const changed = await operationOf(program("2"), cloud, backend);
    const { status } = await up({ ...changed, ...targets("c") });
    expect([status, cloud.log]).toEqual(["succeeded", ["update things/c"]]);
    const after = await backend.read("dev");
    expect(after.resources.slice(0, 2)).toEqual(before.resources.slice(0, 2));
    expect([after.outputs["a"], after.outputs["b"]]).toEqual([before.outputs["a"], before.outputs["b"]]);
    expect((await preview({ ...changed, ...targets("c") })).plan.steps).toEqual([]);
    expect((await preview(changed)).plan.summary).toMatchObject({ update: 2, unchanged: 1 });
  });

  test("destroys what is targeted with what needs it, and keeps the outputs until nothing is left", async () => {
    const { cloud, backend, operation } = await stackOf(program("1"));
    await up(operation);
    const { outputs } = await backend.read("dev");
    expect((await destroy({ ...operation, ...targets("a") })).status).toBe("succeeded");
    const left = await backend.read("dev");
    expect([cloud.things.ids(), left.resources.map(({ id }) => id), left.outputs]).toEqual([
      ["things/c"],
      ["things/c"],
      outputs,
    ]);
    await destroy({ ...operation, ...targets("c") });
    expect(await backend.read("dev")).toMatchObject({ resources: [], outputs: {} });
  });

  test("is refused before anything happens where a pattern means nothing", async () => {
    const { cloud, operation } = await stackOf(program("1"));
    await expect(up({ ...operation, ...targets("bb") })).rejects.toThrow(
      /BERTH3080.*"bb" \(did you mean b\?\)/,
    );
    expect(cloud.log).toEqual([]);
  });
});

test("only what is in the part is read, and what is gone outside of it stays recorded", async () => {
  const { cloud, backend, operation } = await stackOf(program("1"));
  await up(operation);
  cloud.things.delete("things/c");
  cloud.reads.length = 0;
  const { plan } = await preview({ ...operation, ...targets("b"), refresh: true });
  expect([cloud.reads, plan.drift, plan.steps]).toEqual([["things/a", "things/b"], [], []]);
  await refresh({ ...operation, ...targets("a") });
  expect((await backend.read("dev")).resources.map(({ id }) => id)).toContain("things/c");
  await refresh({ ...operation, ...targets("c") });
  expect((await backend.read("dev")).resources.map(({ id }) => id)).not.toContain("things/c");
});

import { memoryBackend, type StateBackend } from "@berth/state";
import { beforeEach, describe, expect, test } from "vitest";
import type { ApplyOperation } from "../operation.ts";
import { preview } from "../preview.ts";
import { destroy, refresh, up } from "../up.ts";
import { type DeclaredThing, operationOf } from "../fixtures/stack.ts";
import { type CloudOptions, TestCloud } from "../fixtures/test-cloud.ts";

let backend: StateBackend;
let cloud: TestCloud;
let operation: ApplyOperation;

const things: readonly DeclaredThing[] = [
  { name: "a", value: "1", password: "the-password" },
  { name: "b", from: ["a"] },
];

beforeEach(async () => {
  backend = memoryBackend({ project: "test" });
  cloud = new TestCloud();
  await behave();
  await up(operation);
});

/** The same things in a cloud that behaves differently. */
async function behave(options: CloudOptions = {}): Promise<void> {
  cloud = new TestCloud({ things: cloud.things, ...options });
  operation = await operationOf(things, cloud, backend);
}

/** Somebody changes a thing without berth. */
function edit(name: string, inputs: Readonly<Record<string, string>>): void {
  const thing = cloud.things.get(`things/${name}`);
  if (!thing) throw new Error(`there is no ${name}`);
  cloud.things.set(`things/${name}`, { ...thing, inputs: { ...thing.inputs, ...inputs } });
}

type Planned = Awaited<ReturnType<typeof preview>>["plan"];
const driftOf = ({ drift = [] }: Planned): readonly string[] =>
  drift.flatMap(({ name, kind, properties }) =>
    kind === "gone" ? [`${name} is gone`] : properties.map((each) => `${name}.${each.path} ${each.kind}`),
  );
const changesOf = ({ changes }: Planned): readonly string[] =>
  changes.map(({ action, name, reason }) => `${action} ${name} (${reason.kind})`);

describe("drift", () => {
  test("of a stack that nobody touched is empty, and a preview without it reads nothing", async () => {
    const { plan } = await preview({ ...operation, drift: true });
    expect([plan.drift, plan.changes]).toEqual([[], []]);
    expect((await preview(operation)).plan.drift).toBeUndefined();
  });

  test("is what somebody changed; the plan takes it back, and what follows from it with it", async () => {
    edit("a", { value: "2", other: "added" });
    const { plan } = await preview({ ...operation, drift: true });
    expect(driftOf(plan)).toEqual(["a.value change"]);
    expect(changesOf(plan)).toEqual(["update a (inputs-changed)", "update b (inputs-changed)"]);
  });

  test("of secrets is seen and never shown", async () => {
    edit("a", { password: "another-one", value: "the-password" });
    const { plan } = await preview({ ...operation, refresh: true });
    expect(driftOf(plan)).toEqual(["a.password change", "a.value change"]);
    expect(JSON.stringify(plan)).not.toMatch(/another-one|the-password/);
  });

  test("that cannot be looked for is a warning, and with --refresh an error", async () => {
    await behave({
      fate: (action, id) => (action === "read" && id === "things/a" ? "request-lost" : "answered"),
    });
    edit("b", { value: "2" });
    const { plan } = await preview({ ...operation, drift: true });
    expect(driftOf(plan)).toEqual(["b.value change"]);
    expect(plan.problems).toMatchObject([{ code: "BERTH6030", severity: "warning" }]);
    const refused = { problems: [{ code: "BERTH6030", severity: "error" }] };
    await expect(preview({ ...operation, refresh: true })).rejects.toMatchObject(refused);
    await expect(refresh(operation)).rejects.toMatchObject(refused);
  });

  test("is not looked for offline", async () => {
    edit("a", { value: "2" });
    const { plan } = await preview({ ...operation, drift: true, offline: true });
    expect(plan.drift).toBeUndefined();
  });

  test("what is not ours any more is said", async () => {
    const thing = cloud.things.get("things/a");
    if (thing)
      cloud.things.set("things/a", { ...thing, ownership: { ...thing.ownership, operationKey: "x" } });
    const { plan } = await preview({ ...operation, drift: true });
    expect(plan.problems).toMatchObject([{ code: "BERTH6031", severity: "warning" }]);
  });

  test("reading stops when nobody waits any more", async () => {
    const abort = new AbortController();
    await behave({ during: async () => abort.abort() });
    const cancelled = preview({ ...operation, drift: true, signal: abort.signal });
    await expect(cancelled).rejects.toMatchObject({ problems: [{ code: "BERTH6009" }] });
  });
});

describe("up with refresh", () => {
  test("takes an edit back", async () => {
    edit("a", { value: "2" });
    const result = await up({ ...operation, refresh: true });
    expect([result.status, driftOf(result.plan)]).toEqual(["succeeded", ["a.value change"]]);
    expect(cloud.things.get("things/a")?.inputs["value"]).toBe("1");
    const { plan } = await preview({ ...operation, refresh: true });
    expect([plan.drift, plan.changes]).toEqual([[], []]);
  });

  test("makes what is gone again", async () => {
    cloud.things.delete("things/b");
    expect(changesOf((await preview(operation)).plan), "unread, it is as it is recorded").toEqual([]);
    const result = await up({ ...operation, refresh: true });
    expect([result.status, changesOf(result.plan)]).toEqual(["succeeded", ["create b (gone)"]]);
    expect(cloud.things.get("things/b")).toBeDefined();
  });

  test("asks again when the world moved between the plan and its approval", async () => {
    const asked: string[] = [];
    const approve = async (plan: Planned, because: string): Promise<boolean> => {
      asked.push(`${because}: ${driftOf(plan).join()}`);
      if (asked.length === 1) edit("b", { value: "2" });
      return true;
    };
    edit("a", { value: "2" });
    const result = await up({ ...operation, refresh: true, approve });
    expect(result.status).toBe("succeeded");
    expect(asked).toEqual(["first: a.value change", "moved: a.value change,b.value change"]);
  });

  test("of a part of the stack sees and writes that part alone", async () => {
    edit("a", { value: "2" });
    edit("b", { value: "2" });
    const scope = { targets: ["a"], excludes: [], replaces: [] };
    const result = await up({ ...operation, refresh: true, scope });
    expect([result.status, driftOf(result.plan)]).toEqual(["succeeded", ["a.value change"]]);
    expect(cloud.things.get("things/b")?.inputs["value"]).toBe("2");
    const { plan } = await preview({ ...operation, drift: true });
    expect(driftOf(plan)).toEqual(["b.value change"]);
  });

  test("that is refused writes nothing", async () => {
    edit("a", { value: "2" });
    const before = await backend.read("dev");
    await up({ ...operation, refresh: true, approve: async () => false });
    expect(await backend.read("dev")).toEqual(before);
  });
});

describe("a refresh", () => {
  test("writes what is there into the state, and changes nothing", async () => {
    edit("a", { value: "2", password: "another-one" });
    cloud.things.delete("things/b");
    const result = await refresh({
      ...operation,
      graph: { ...operation.graph, resources: [], index: new Map() },
    });
    expect([result.status, result.steps]).toEqual(["succeeded", []]);
    expect(driftOf(result.plan)).toEqual(["a.password change", "a.value change", "b is gone"]);
    const { resources } = await backend.read("dev");
    expect(resources.map(({ id, inputs }) => [id, inputs["value"]])).toEqual([["things/a", "2"]]);
    expect(JSON.stringify(resources)).not.toContain("another-one");
    expect((await refresh(operation)).plan.drift).toEqual([]);
    expect(changesOf((await preview(operation)).plan)).toEqual([
      "update a (inputs-changed)",
      "create b (not-recorded)",
    ]);
  });

  test("neither looks at nor forgets what nobody defines", async () => {
    cloud.things.delete("things/b");
    const result = await refresh({ ...operation, definition: () => undefined });
    expect([result.status, result.plan.drift]).toEqual(["succeeded", []]);
    expect(result.plan.problems).toMatchObject([{ code: "BERTH6034", severity: "warning" }]);
    expect((await backend.read("dev")).resources).toHaveLength(2);
  });

  test("of nothing writes nothing", async () => {
    const before = await backend.read("dev");
    await refresh(operation);
    expect(await backend.read("dev")).toEqual(before);
  });
});

test("a destroy with refresh forgets what is gone", async () => {
  cloud.things.delete("things/b");
  const result = await destroy({ ...operation, refresh: true });
  expect([result.status, result.steps.length]).toEqual(["succeeded", 1]);
  expect((await backend.read("dev")).resources).toEqual([]);
});

test("an update of what is gone fails, and the next run creates it", async () => {
  cloud.things.delete("things/b");
  const edited = await operationOf([things[0]!, { ...things[1]!, value: "3" }], cloud, backend);
  const result = await up(edited);
  expect([result.status, result.problems.map((each) => each.code)]).toEqual(["failed", ["BERTH6992"]]);
  expect(changesOf((await up(edited)).plan)).toEqual(["create b (not-recorded)"]);
  expect(cloud.things.get("things/b")?.inputs["value"]).toBe("3");
});

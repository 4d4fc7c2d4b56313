import { declare, type Provider } from "@berth/core";
import { BerthError } from "@berth/diagnostics";
import { memoryBackend, type StateBackend } from "@berth/state";
import { beforeEach, describe, expect, test } from "vitest";
import type { EngineEvent } from "./events.ts";
import type { ApplyOperation, ApplyResult } from "./operation.ts";
import { preview } from "./preview.ts";
import { type DeclaredThing, graphOf, operationOf } from "./fixtures/stack.ts";
import { type CloudAction, type CloudOptions, type Fate, TestCloud } from "./fixtures/test-cloud.ts";
import { Thing } from "./fixtures/thing.ts";
import { destroy, up } from "./up.ts";

let backend: StateBackend;
let cloud: TestCloud;
beforeEach(() => {
  backend = memoryBackend({ project: "test" });
  cloud = new TestCloud();
});

const operation = (things: readonly DeclaredThing[]): Promise<ApplyOperation> =>
  operationOf(things, cloud, backend);

async function apply(
  things: readonly DeclaredThing[],
  options: Partial<ApplyOperation> = {},
): Promise<ApplyResult> {
  return up({ ...(await operation(things)), ...options });
}

/** The same things, in a cloud that behaves differently. */
function behave(options: CloudOptions): void {
  cloud = new TestCloud({ things: cloud.things, ...options });
}

/** Each request meets the first fate that is listed for it, once. */
function once(...fates: readonly (readonly [CloudAction, string, Fate])[]): CloudOptions {
  const left = [...fates];
  return {
    fate: (action, id) => {
      const index = left.findIndex(([what, which]) => what === action && `things/${which}` === id);
      return index < 0 ? "answered" : (left.splice(index, 1)[0]?.[2] ?? "answered");
    },
  };
}

async function planOf(things: readonly DeclaredThing[]) {
  return (await preview(await operation(things))).plan;
}

async function actionsOf(things: readonly DeclaredThing[]): Promise<readonly string[]> {
  return (await planOf(things)).changes.map(
    ({ action, name, certainty }) => `${certainty} ${action} ${name}`,
  );
}

const names = async (): Promise<readonly string[]> =>
  (await backend.read("dev")).resources.map((record) => record.id);
const outcomes = ({ steps }: ApplyResult): readonly string[] =>
  steps.map((each) => `${each.step.action} ${each.step.urn.split("::").at(-1)}: ${each.outcome}`);

const chain: readonly DeclaredThing[] = [
  { name: "a" },
  { name: "b", from: ["a"] },
  { name: "c", from: ["b"], after: ["a"] },
];

describe("up", () => {
  test("creates what is declared, dependencies first, and then there is nothing to do", async () => {
    const result = await apply(chain);
    expect(result.problems).toEqual([]);
    expect(result.status).toBe("succeeded");
    expect(cloud.log).toEqual(["create things/a", "create things/b", "create things/c"]);
    expect(await names()).toEqual(["things/a", "things/b", "things/c"]);
    expect(await actionsOf(chain)).toEqual([]);

    const before = await backend.read("dev");
    expect((await apply(chain)).steps).toEqual([]);
    expect(await backend.read("dev"), "nothing is written where nothing changes").toEqual(before);
  });

  test("records outputs of the stack", async () => {
    const { outputs } = await apply(chain);
    expect(Object.keys(outputs)).toEqual(["a", "b", "c"]);
    expect((await backend.read("dev")).outputs).toEqual(outputs);
    await apply([{ name: "a" }]);
    expect(Object.keys((await backend.read("dev")).outputs)).toEqual(["a"]);
  });

  test("updates what changed and what takes values from it", async () => {
    await apply(chain);
    cloud.log.length = 0;
    const changed = [{ name: "a", value: "new" }, ...chain.slice(1)];
    expect(await actionsOf(changed)).toEqual(["will update a", "may update b", "may update c"]);
    await apply(changed);
    expect(cloud.log).toEqual(["update things/a", "update things/b", "update things/c"]);
    expect(await actionsOf(changed)).toEqual([]);
  });

  test("leaves alone what may have changed and did not", async () => {
    // The version follows from the name alone here, so that an update of the value brings nothing new.
    const provider = (): Provider => ({
      name: "test",
      create: (request) =>
        cloud.create(request).then(({ id }) => ({ id, outputs: { id, version: "1", token: "" } })),
      update: (request) =>
        cloud.update(request).then(({ id }) => ({ id, outputs: { id, version: "1", token: "" } })),
      delete: (request) => cloud.delete(request),
      read: (request) => cloud.read(request),
    });
    const constant = { providers: () => new Map([["test", provider()]]) };
    await apply(chain, constant);
    cloud.log.length = 0;
    const result = await apply([{ name: "a", value: "new" }, ...chain.slice(1)], constant);
    expect(outcomes(result)).toEqual(["update a: done", "update b: unchanged", "update c: unchanged"]);
    expect(cloud.log).toEqual(["update things/a"]);
  });

  test.each([
    ["comes, replaces", "2", ["update things/a", "delete things/b", "create things/b"]],
    ["does not come, leaves alone", "1", ["update things/a"]],
  ])("where a replacement was only possible and its reason %s", async (_, later, log) => {
    let version = "1";
    const answers = () => ({ id: "", outputs: { id: "things/a", version, token: "" } });
    const provider: Provider = {
      name: "test",
      create: (request) => cloud.create(request).then(({ id }) => ({ ...answers(), id })),
      update: (request) => cloud.update(request).then(({ id }) => ({ ...answers(), id })),
      delete: (request) => cloud.delete(request),
      read: (request) => cloud.read(request),
    };
    const program = (value: string) =>
      declare({ project: "test", stack: "dev" }, () => {
        const a = new Thing("a", { name: "a", value });
        new Thing("b", { name: "b", fixed: a.version });
      });
    const base = { ...(await operation([])), providers: () => new Map([["test", provider]]) };
    await up({ ...base, graph: await program("old") });
    version = later;
    cloud.log.length = 0;
    const graph = await program("new");
    const { plan } = await preview({ ...base, graph });
    expect(plan.changes.map(({ action, name, certainty }) => `${certainty} ${action} ${name}`)).toEqual([
      "will update a",
      "may replace b",
    ]);
    const result = await up({ ...base, graph });
    expect([result.problems, cloud.log]).toEqual([[], log]);
    expect((await preview({ ...base, graph })).plan.steps).toEqual([]);
  });

  test("replaces by deleting first, and records a dependent that stayed as it was", async () => {
    const things: readonly DeclaredThing[] = [
      { name: "a", fixed: "1" },
      { name: "b", after: ["a"] },
    ];
    await apply(things);
    cloud.log.length = 0;
    await apply([
      { name: "a", fixed: "2" },
      { name: "b", after: ["a"] },
    ]);
    expect(cloud.log).toEqual(["delete things/a", "create things/a"]);
    const [, dependent] = (await backend.read("dev")).resources;
    expect(dependent?.dependencies.map((urn) => urn.split("::").at(-1))).toEqual(["a"]);
  });

  test("deletes what is declared no longer, dependents first", async () => {
    await apply(chain);
    cloud.log.length = 0;
    await apply([{ name: "a" }]);
    expect(cloud.log).toEqual(["delete things/c", "delete things/b"]);
    expect(await names()).toEqual(["things/a"]);
  });

  test("turns a dependency around", async () => {
    await apply([{ name: "a" }, { name: "b", after: ["a"] }]);
    await apply([{ name: "b" }, { name: "a", after: ["b"] }]);
    expect(await names()).toEqual(["things/b", "things/a"]);
  });

  test("refuses what is protected, and touches nothing", async () => {
    await apply([{ name: "a", protect: true }]);
    const before = await backend.read("dev");
    await expect(apply([])).rejects.toThrow("BERTH3001");
    expect(await backend.read("dev")).toEqual(before);
    await apply([{ name: "a", protect: false }]);
    expect((await apply([])).status).toBe("succeeded");
  });

  test("refuses a missing provider before the first step", async () => {
    await expect(apply(chain, { providers: () => new Map() })).rejects.toThrow("BERTH6002");
    expect((await backend.read("dev")).serial).toBe(0);
  });
});

describe("destroy", () => {
  test("deletes everything in reverse and leaves an empty state", async () => {
    await apply(chain);
    cloud.log.length = 0;
    const result = await destroy(await operation(chain));
    expect(result.status).toBe("succeeded");
    expect(cloud.log).toEqual(["delete things/c", "delete things/b", "delete things/a"]);
    const { resources, outputs, pending } = await backend.read("dev");
    expect([resources, outputs, pending, cloud.things.ids()]).toEqual([[], {}, [], []]);
  });
});

describe("a failure", () => {
  test("starts nothing new, lets running steps finish, and the next up goes on", async () => {
    behave({
      ...once(["create", "b", "refused"]),
      during: async (_, id) =>
        id === "things/slow" ? new Promise((resolve) => setTimeout(resolve, 20)) : undefined,
    });
    const things = [...chain, { name: "slow" }, { name: "after-slow", after: ["slow"] }];
    const result = await apply(things);
    expect(result.status).toBe("failed");
    expect(outcomes(result).toSorted()).toEqual([
      "create a: done",
      "create after-slow: not-started",
      "create b: failed",
      "create c: not-started",
      "create slow: done",
    ]);
    expect(result.problems).toMatchObject([
      {
        code: "BERTH6991",
        resource: "urn:berth:dev:test::test:Thing::b",
        site: { line: expect.any(Number) },
      },
    ]);
    expect((await backend.read("dev")).pending).toEqual([]);
    expect((await apply(things)).status).toBe("succeeded");
    expect(cloud.log.filter((each) => each.startsWith("create"))).toHaveLength(5);
  });

  test.each<[string, Fate, readonly string[]]>([
    [
      "whose answer is lost is found, and brought up to date by the next up",
      "answer-lost",
      ["create things/a", "update things/a"],
    ],
    ["whose request is lost is made again", "request-lost", ["create things/a"]],
    ["that is refused is made again", "refused", ["create things/a"]],
  ])("of a create %s", async (_, fate, log) => {
    behave(once(["create", "a", fate]));
    expect((await apply([{ name: "a" }])).status).toBe("failed");
    expect((await apply([{ name: "a" }])).status).toBe("succeeded");
    expect(cloud.log).toEqual(log);
    expect(await actionsOf([{ name: "a" }])).toEqual([]);
  });

  test("of a create after which the cloud is gone leaves it pending, and the next up finds it", async () => {
    behave(once(["create", "a", "answer-lost"], ["read", "a", "request-lost"]));
    await apply([{ name: "a" }]);
    expect((await backend.read("dev")).pending).toHaveLength(1);
    expect((await planOf([{ name: "a" }])).changes[0]?.reason.kind).toBe("interrupted");
    const events: EngineEvent[] = [];
    expect((await apply([{ name: "a" }], { onEvent: (event) => events.push(event) })).status).toBe(
      "succeeded",
    );
    expect(events.find((event) => event.kind === "settled")).toMatchObject({
      action: "create",
      outcome: "adopted",
    });
    expect(cloud.log).toEqual(["create things/a"]);
  });

  test("of an update leaves it pending, also when the program goes back", async () => {
    await apply([{ name: "a", value: "1" }]);
    behave(once(["update", "a", "answer-lost"]));
    await apply([{ name: "a", value: "2" }]);
    expect(cloud.things.get("things/a")?.inputs["value"]).toBe("2");
    expect((await apply([{ name: "a", value: "1" }])).status).toBe("succeeded");
    expect(cloud.things.get("things/a")?.inputs["value"]).toBe("1");
    expect(await actionsOf([{ name: "a", value: "1" }])).toEqual([]);
  });

  test("of an update that is refused changes nothing: nothing is left to do when the program goes back", async () => {
    await apply([{ name: "a", value: "1" }]);
    behave(once(["update", "a", "refused"]));
    expect((await apply([{ name: "a", value: "2" }])).status).toBe("failed");
    expect((await backend.read("dev")).pending).toEqual([]);
    expect(await actionsOf([{ name: "a", value: "1" }])).toEqual([]);
    // What was in doubt before is in doubt still.
    behave(once(["update", "a", "answer-lost"], ["update", "a", "refused"]));
    await apply([{ name: "a", value: "3" }]);
    await apply([{ name: "a", value: "4" }]);
    expect(await actionsOf([{ name: "a", value: "1" }])).toEqual(["will update a"]);
  });

  test.each<[Fate, readonly string[]]>([
    ["answer-lost", []],
    ["refused", ["things/a"]],
    ["request-lost", ["things/a"]],
  ])("of a delete (%s) leaves what is there recorded, and nothing else", async (fate, left) => {
    await apply([{ name: "a" }]);
    behave(once(["delete", "a", fate]));
    await apply([]);
    expect([await names(), cloud.things.ids(), (await backend.read("dev")).pending]).toEqual([
      left,
      left,
      [],
    ]);
    expect((await apply([])).status).toBe("succeeded");
    expect(cloud.things.ids()).toEqual([]);
  });

  test("of a create that meets somebody else's thing is a conflict, and the thing is not touched", async () => {
    const foreign = {
      inputs: { name: "a" },
      ownership: { project: "other", stack: "dev", urn: "other", operationKey: "other" },
    };
    cloud.things.set("things/a", foreign);
    expect((await apply([{ name: "a" }])).problems[0]?.code).toBe("BERTH6990");
    expect([cloud.things.get("things/a"), (await backend.read("dev")).pending]).toEqual([foreign, []]);
  });

  test("of an interrupted create that meets somebody else's thing is said before anything else is done", async () => {
    behave(once(["create", "a", "request-lost"], ["read", "a", "request-lost"]));
    await apply([{ name: "a" }]);
    cloud.things.set("things/a", {
      inputs: {},
      ownership: { project: "other", stack: "dev", urn: "other", operationKey: "other" },
    });
    await expect(apply([{ name: "a" }, { name: "b" }])).rejects.toThrow("BERTH6007");
    expect([await names(), (await backend.read("dev")).pending]).toEqual([[], []]);
  });
});

describe("a full disk", () => {
  test("at any write stops what comes after, and the next up goes on", async () => {
    const writes: number[] = [];
    for (let at = 1; ; at++) {
      let count = 0;
      let full = true;
      cloud = new TestCloud();
      backend = memoryBackend({
        project: "test",
        beforeWrite: () => {
          count += 1;
          if (full && count >= at) throw Object.assign(new Error("ENOSPC"), { code: "ENOSPC" });
        },
      });
      const result = await apply(chain).catch((error: unknown) => error as Error);
      if (count < at) break;
      writes.push(at);
      const failed = result instanceof Error || result.status === "failed";
      expect(failed, `write ${at}`).toBe(true);
      full = false;
      expect((await apply(chain)).status, `write ${at}`).toBe("succeeded");
      expect(cloud.log, `write ${at}`).toEqual(["create things/a", "create things/b", "create things/c"]);
      expect(await actionsOf(chain)).toEqual([]);
    }
    expect(writes.length).toBeGreaterThan(7);
  });
});

describe("approval", () => {
  test("is asked once where the plan is the one that was shown", async () => {
    const approved = await planOf(chain);
    const asked: string[] = [];
    const approve = async (_: unknown, because: string): Promise<boolean> => asked.push(because) > 0;
    await apply(chain, { approved, approve });
    expect(asked).toEqual([]);
    await apply([{ name: "a", value: "2" }], { approve });
    expect(asked).toEqual(["first"]);
  });

  test("is asked again where the world moved, and a no changes nothing", async () => {
    const approved = await planOf(chain);
    await apply([{ name: "a" }]);
    const before = await backend.read("dev");
    const asked: string[] = [];
    const result = await apply(chain, {
      approved,
      approve: async (plan, because) => asked.push(`${because} ${plan.steps.length}`) < 0,
    });
    expect([result.status, asked, await backend.read("dev")]).toEqual(["refused", ["moved 2"], before]);
  });

  test("gives up where the world never rests", async () => {
    let time = 0;
    const base = await operation(chain);
    const restless: ApplyOperation = {
      ...base,
      plan: (request) => {
        const result = base.plan(request);
        return { ...result, plan: { ...result.plan, cost: { ...result.plan.cost, after: time++ } } };
      },
    };
    await expect(up({ ...restless, approve: async () => true })).rejects.toThrow("BERTH6003");
  });
});

describe("cancelling", () => {
  test("finishes what runs, starts nothing else, and says so", async () => {
    const controller = new AbortController();
    behave({ during: async (_, id) => (id === "things/b" ? controller.abort() : undefined) });
    const events: EngineEvent[] = [];
    const result = await apply(chain, { signal: controller.signal, onEvent: (event) => events.push(event) });
    expect([result.status, outcomes(result)]).toEqual([
      "cancelled",
      ["create a: done", "create b: done", "create c: not-started"],
    ]);
    expect(events.at(-1)).toEqual({
      kind: "finished",
      operation: "up",
      status: "cancelled",
      counts: { done: 2, unchanged: 0, failed: 0, notStarted: 1 },
    });
    expect((await backend.read("dev")).pending).toEqual([]);
    behave({});
    expect((await apply(chain)).status).toBe("succeeded");
    expect(cloud.log).toEqual(["create things/c"]);
  });
});

test("cancelling before the first step is coded and changes nothing", async () => {
  const controller = new AbortController();
  const base = await operation(chain);
  const cancelling: ApplyOperation = {
    ...base,
    signal: controller.signal,
    approve: async () => {
      controller.abort();
      throw controller.signal.reason;
    },
  };
  await expect(up(cancelling)).rejects.toThrow("BERTH6009");
  expect([cloud.log, (await backend.read("dev")).serial]).toEqual([[], 0]);
});

describe("honesty", () => {
  test("a callback that answers something else the second time stops its step", async () => {
    let calls = 0;
    const graph = await declare({ project: "test", stack: "dev" }, () => {
      const a = new Thing("a", { name: "a" });
      new Thing("b", { name: "b", value: a.name.apply((name) => `${name} ${calls++}`) });
    });
    const result = await up({ ...(await operation([])), graph });
    expect(result.problems).toMatchObject([{ code: "BERTH6005", path: "value" }]);
    expect(cloud.log).toEqual(["create things/a"]);
  });
});

describe("secrets", () => {
  const things = [
    { name: "a", password: "hunter2-hunter2" },
    { name: "b", from: ["a"] },
  ];

  test("are nowhere in the state, the events, the plan or the result", async () => {
    const events: EngineEvent[] = [];
    const result = await apply(things, { onEvent: (event) => events.push(event) });
    expect(result.status).toBe("succeeded");
    expect(cloud.things.get("things/a")?.inputs["password"]).toBe("hunter2-hunter2");
    const texts = JSON.stringify([events, result, await backend.read("dev"), await planOf(things)]);
    expect(texts).not.toContain("hunter2");
    expect(texts).not.toContain("token-of");
    expect(await actionsOf(things)).toEqual([]);
    expect(await actionsOf([{ name: "a", password: "other" }, things[1]!])).toEqual([
      "will update a",
      "may update b",
    ]);
  });

  test("are masked in what providers throw", async () => {
    const failing: Provider = {
      name: "test",
      create: async () => {
        throw new Error(
          `400 {"password":"hunter2-hunter2","base64":"${Buffer.from("hunter2-hunter2").toString("base64")}"}`,
        );
      },
      update: (request) => cloud.update(request),
      delete: (request) => cloud.delete(request),
      read: (request) => cloud.read(request),
    };
    const result = await apply(things, { providers: () => new Map([["test", failing]]) });
    expect(result.problems.map((each) => each.message)).toEqual([
      '400 {"password":"[secret]","base64":"[secret]"}',
    ]);
  });
});

test("a second up while one runs is refused by name", async () => {
  const inner: string[] = [];
  behave({
    during: async () => {
      const error: unknown = await apply(chain).catch((thrown: unknown) => thrown);
      inner.push(BerthError.is(error) ? (error.problems[0]?.code ?? "") : "none");
    },
  });
  await apply([{ name: "a" }]);
  expect(inner).toEqual(["BERTH4001"]);
  expect((await graphOf([])).resources).toEqual([]);
});

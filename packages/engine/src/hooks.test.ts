import {
  declare,
  type ErrorHookFunction,
  type HookFunction,
  hook,
  type HookSubject,
  type ResourceOptions,
  Secret,
} from "@berth/core";
import { planStack } from "@berth/planner";
import { memoryBackend, type StateBackend } from "@berth/state";
import { beforeEach, describe, expect, test } from "vitest";
import { definition, openTestSecrets } from "./fixtures/stack.ts";
import { type CloudAction, type Fate, TestCloud } from "./fixtures/test-cloud.ts";
import { Thing } from "./fixtures/thing.ts";
import type { ApplyOperation, ApplyResult } from "./operation.ts";
import { preview } from "./preview.ts";
import { destroy, up } from "./up.ts";

let backend: StateBackend;
let cloud: TestCloud;
let said: string[];
beforeEach(() => {
  backend = memoryBackend({ project: "test" });
  cloud = new TestCloud();
  said = [];
});

const say =
  (word: string): HookFunction =>
  ({ name, id, outputs }) => {
    said.push(
      `${word} ${name} ${id ?? "-"} ${outputs ? "with" : "without"} outputs; ${cloud.log.length} requests`,
    );
  };

const fails =
  (text: string): HookFunction =>
  () => {
    throw new Error(text);
  };

/** What programs name. */
interface Named {
  readonly bye: ReturnType<typeof hook>;
  readonly gone: ReturnType<typeof hook>;
}

type Program = (named: Named) => void;

async function operationOf(program: Program): Promise<ApplyOperation> {
  return {
    graph: await declare({ project: "test", stack: "dev" }, () =>
      program({ bye: hook("bye", say("bye")), gone: hook("gone", say("gone")) }),
    ),
    definition,
    providers: () => new Map([["test", cloud]]),
    backend,
    secrets: openTestSecrets,
    plan: planStack,
  };
}

const apply = async (program: Program): Promise<ApplyResult> => up(await operationOf(program));
const thing = (name: string, options: ResourceOptions, value = ""): void =>
  void new Thing(name, { name, value }, options);
const codes = ({ problems }: ApplyResult): readonly string[] =>
  problems.map((each) => `${each.code} ${each.message}`);
const noProgram = (): Promise<ApplyOperation> =>
  operationOf(() => undefined).then((operation) => ({
    ...operation,
    graph: { ...operation.graph, hooks: new Map() },
  }));

/** Requests of this action meet this fate. */
function behave(action: CloudAction, fate: Fate, times = Number.POSITIVE_INFINITY): void {
  let left = times;
  cloud = new TestCloud({
    things: cloud.things,
    fate: (what) => (what === action && left-- > 0 ? fate : "answered"),
  });
}

const all = ({ bye, gone }: Named): ResourceOptions => ({
  hooks: {
    beforeCreate: say("beforeCreate"),
    afterCreate: [say("afterCreate"), say("and")],
    beforeUpdate: say("beforeUpdate"),
    afterUpdate: say("afterUpdate"),
    beforeDelete: bye,
    afterDelete: gone,
  },
});

describe("hooks", () => {
  test("are called around each action, never in a preview", async () => {
    await preview(await operationOf((named) => thing("a", all(named))));
    expect(said).toEqual([]);
    expect((await apply((named) => thing("a", all(named)))).problems).toEqual([]);
    expect((await apply((named) => thing("a", all(named), "new"))).problems).toEqual([]);
    expect((await apply(() => undefined)).problems).toEqual([]);
    expect(said).toEqual([
      "beforeCreate a - without outputs; 0 requests",
      "afterCreate a things/a with outputs; 1 requests",
      "and a things/a with outputs; 1 requests",
      "beforeUpdate a things/a with outputs; 1 requests",
      "afterUpdate a things/a with outputs; 2 requests",
      "bye a things/a with outputs; 2 requests",
      "gone a things/a with outputs; 3 requests",
    ]);
  });

  test("are told secrets as secrets", async () => {
    let told: HookSubject | undefined;
    await apply(() => thing("a", { hooks: { afterCreate: (subject) => void (told = subject) } }));
    expect(told).toMatchObject({
      urn: expect.stringMatching(/::a$/) as string,
      type: "test:Thing",
      inputs: { name: "a" },
    });
    expect(told?.outputs?.["token"]).toBeInstanceOf(Secret);
  });

  test("one before that throws fails the step before anything is asked for", async () => {
    const result = await apply(() => {
      thing("a", { hooks: { beforeCreate: fails("not today") } });
    });
    expect([result.status, codes(result), cloud.log]).toEqual([
      "failed",
      ["BERTH6070 a hook that is called before its creation failed: not today"],
      [],
    ]);
    expect((await backend.read("dev")).pending).toEqual([]);
  });

  test("one after that throws is reported; what was done is recorded, and what depends on it is not started", async () => {
    const program = (hooks: ResourceOptions["hooks"]) => () => {
      const first = new Thing("a", { name: "a" }, hooks ? { hooks } : {});
      thing("b", { dependsOn: first });
    };
    const result = await apply(program({ afterCreate: [fails("unhealthy"), fails("so there")] }));
    expect([result.status, codes(result), cloud.log]).toEqual([
      "failed",
      [
        "BERTH6070 a hook that is called after its creation failed: unhealthy",
        "BERTH6070 a hook that is called after its creation failed: so there",
      ],
      ["create things/a"],
    ]);
    expect(result.steps.map((each) => each.outcome)).toEqual(["done", "not-started"]);
    expect(result.problems[0]?.resource).toMatch(/::a$/);
    expect((await backend.read("dev")).pending).toEqual([]);
    await apply(program(undefined));
    expect(cloud.log).toEqual(["create things/a", "create things/b"]);
  });

  test("errors do not tell secrets", async () => {
    const leak: HookFunction = ({ outputs }) => {
      const token = outputs?.["token"];
      throw new Error(`no: ${token instanceof Secret ? String(token.reveal()) : "?"}`);
    };
    const result = await apply(() => thing("a", { hooks: { afterCreate: leak } }));
    expect(codes(result)).toEqual([
      "BERTH6070 a hook that is called after its creation failed: no: [secret]",
    ]);
  });
});

describe("hooks of a deletion", () => {
  test("are recorded by name, and an operation without the program is refused before anything", async () => {
    await apply((named) => thing("a", all(named)));
    await apply((named) => void [thing("a", all(named)), thing("b", {})]);
    expect((await backend.read("dev")).resources[0]?.options).toEqual({
      deleteHooks: { before: ["bye"], after: ["gone"] },
    });
    said = [];
    const refusal = await destroy(await noProgram()).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      problems: [
        { code: "BERTH6071", message: 'the deletion of things/a calls the hook "bye", which is not at hand' },
        {
          code: "BERTH6071",
          message: 'the deletion of things/a calls the hook "gone", which is not at hand',
        },
      ],
    });
    expect(cloud.things.ids()).toEqual(["things/a", "things/b"]);
    const { plan } = await preview({ ...(await noProgram()), operation: "destroy" });
    expect(plan.problems.map((each) => each.code)).toEqual(["BERTH6071", "BERTH6071"]);

    expect((await destroy(await operationOf(() => undefined))).status).toBe("succeeded");
    expect(said).toHaveLength(2);
  });

  test("that the program takes back or adds are bookkeeping", async () => {
    await apply(() => thing("a", {}));
    await apply(({ bye }) => thing("a", { hooks: { beforeDelete: bye } }));
    expect((await backend.read("dev")).resources[0]?.options).toEqual({ deleteHooks: { before: ["bye"] } });
    await apply(() => thing("a", {}));
    expect((await backend.read("dev")).resources[0]?.options).toBeUndefined();
    expect(cloud.log).toEqual(["create things/a"]);
  });

  test("one before that throws keeps it", async () => {
    const stuck = hook("stuck", fails("still in use"));
    await apply(() => thing("a", { hooks: { beforeDelete: stuck } }));
    const result = await up({
      ...(await operationOf(() => undefined)),
      graph: await declare({ project: "test", stack: "dev" }, () => void hook("stuck", stuck.run)),
    });
    expect(codes(result)).toEqual([
      "BERTH6070 a hook that is called before its deletion failed: still in use",
    ]);
    expect(cloud.things.ids()).toEqual(["things/a"]);
  });
});

describe("hooks of an error", () => {
  const again =
    (times: number): ErrorHookFunction =>
    ({ attempt, action, problems }) => {
      said.push(`${action} ${attempt} ${problems[0]?.message ?? ""}`);
      return attempt <= times ? "retry" : undefined;
    };

  test("may have it tried again", async () => {
    behave("create", "refused", 2);
    const result = await apply(() =>
      thing("a", { hooks: { onError: again(5), beforeCreate: say("before") } }),
    );
    expect(result.problems).toEqual([]);
    expect(said).toEqual([
      "before a - without outputs; 0 requests",
      "create 1 create of things/a is refused",
      "create 2 create of things/a is refused",
    ]);
  });

  test("at most a hundred times, and not where they say nothing", async () => {
    behave("create", "refused");
    const result = await apply(() => thing("a", { hooks: { onError: again(Number.POSITIVE_INFINITY) } }));
    expect([said.length, codes(result)]).toEqual([100, ["BERTH6991 create of things/a is refused"]]);
    said = [];
    await apply(() => thing("a", { hooks: { onError: again(0) } }));
    expect(said).toHaveLength(1);
  });

  test("what was created although it failed is updated when it is tried again, never created twice", async () => {
    behave("create", "answer-lost", 1);
    const result = await apply(() => thing("a", { hooks: { onError: again(1) } }));
    expect([result.problems, cloud.log]).toEqual([[], ["create things/a", "update things/a"]]);
    expect((await backend.read("dev")).pending).toEqual([]);
  });

  test("where nobody knows whether it was created, it is not tried again", async () => {
    cloud = new TestCloud({
      fate: (action) =>
        action === "create" ? "answer-lost" : action === "read" ? "request-lost" : "answered",
    });
    const result = await apply(() => thing("a", { hooks: { onError: again(9) } }));
    expect([result.status, cloud.log, said.length]).toEqual(["failed", ["create things/a"], 1]);
    expect((await backend.read("dev")).pending).toHaveLength(1);
  });

  test("updates are tried again, and deletions of what the program still declares", async () => {
    await apply(() => void new Thing("a", { name: "a", fixed: "1" }));
    behave("update", "refused", 1);
    const hooks = { onError: again(3) };
    expect(
      (await apply(() => void new Thing("a", { name: "a", fixed: "1", value: "2" }, { hooks }))).problems,
    ).toEqual([]);
    behave("delete", "refused", 1);
    expect((await apply(() => void new Thing("a", { name: "a", fixed: "2" }, { hooks }))).problems).toEqual(
      [],
    );
    expect(said).toEqual([
      "update 1 update of things/a is refused",
      "delete 1 delete of things/a is refused",
    ]);
  });

  test("one that throws is reported with the error", async () => {
    behave("create", "refused");
    const result = await apply(() =>
      thing("a", { hooks: { onError: () => Promise.reject(new Error("worse")) } }),
    );
    expect(codes(result)).toEqual([
      "BERTH6991 create of things/a is refused",
      "BERTH6070 a hook that is called on an error failed: worse",
    ]);
  });
});

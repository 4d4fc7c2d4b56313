import { declare, secret } from "@berth/core";
import { memoryBackend, type StateBackend } from "@berth/state";
import { beforeEach, describe, expect, test } from "vitest";
import { definition, openTestSecrets } from "../fixtures/stack.ts";
import { type CloudOptions, TestCloud } from "../fixtures/test-cloud.ts";
import { Thing } from "../fixtures/thing.ts";
import type { ApplyOperation } from "../operation.ts";
import { preview } from "../preview.ts";
import { planStack } from "@berth/planner";
import { up } from "../up.ts";

let backend: StateBackend;
let cloud: TestCloud;

beforeEach(() => {
  backend = memoryBackend({ project: "test" });
  cloud = new TestCloud();
  const ownership = { project: "other", stack: "prod", urn: "urn:elsewhere", operationKey: "theirs" };
  cloud.things.set("things/old", {
    inputs: { name: "old", value: "1", from: [], password: "the-password" },
    ownership,
  });
});

async function operation(program: () => unknown): Promise<ApplyOperation> {
  return {
    graph: await declare({ project: "test", stack: "dev" }, program),
    definition,
    providers: () => new Map([["test", cloud]]),
    backend,
    secrets: openTestSecrets,
    plan: planStack,
  };
}

function behave(options: CloudOptions): void {
  cloud = new TestCloud({ things: cloud.things, ...options });
}

const adopts =
  (value = "1", id = "things/old") =>
  (): object => {
    const old = new Thing("old", { name: "old", value, password: secret("the-password") }, { import: id });
    const after = new Thing("after", { name: "after", value: old.version });
    return { version: after.version };
  };

describe("an import", () => {
  test("takes what exists into the stack, and changes nothing of it but whose it is", async () => {
    const before = cloud.things.get("things/old")?.inputs;
    const { plan } = await preview(await operation(adopts()));
    expect(plan.problems).toEqual([]);
    expect(
      plan.changes.map(({ action, name, certainty, reason }) => [action, name, certainty, reason]),
    ).toEqual([
      ["import", "old", "will", { kind: "imported", id: "things/old" }],
      ["create", "after", "will", { kind: "not-recorded" }],
    ]);
    expect(plan.changes[1]?.after?.["value"], "its outputs are known").toBe(cloud.version("things/old"));
    expect(plan.summary.import).toBe(1);

    const result = await up(await operation(adopts()));
    expect([result.status, result.problems]).toEqual(["succeeded", []]);
    expect(cloud.log).toEqual(["update things/old", "create things/after"]);
    expect({ ...before, ...cloud.things.get("things/old")?.inputs }).toEqual(before);
    const { resources } = await backend.read("dev");
    expect(resources.map((each) => each.id)).toEqual(["things/old", "things/after"]);
    expect(JSON.stringify(resources)).not.toContain("the-password");
    expect((await preview(await operation(adopts()))).plan.changes).toEqual([]);
    const withoutOption = (): object => {
      const old = new Thing("old", { name: "old", value: "1", password: secret("the-password") });
      return { after: new Thing("after", { name: "after", value: old.version }).version };
    };
    expect((await preview(await operation(withoutOption))).plan.changes).toEqual([]);
  });

  test("of something else than the program says is refused, with all that differs", async () => {
    const program = (): void => {
      new Thing(
        "old",
        { name: "old", value: "2", password: secret("another"), fixed: "x" },
        { import: "things/old" },
      );
    };
    const { plan } = await preview(await operation(program));
    expect(plan.problems.map(({ code, path, site }) => [code, path, site !== undefined])).toEqual([
      ["BERTH3051", "fixed", true],
      ["BERTH3051", "password", true],
      ["BERTH3051", "value", true],
    ]);
    expect(JSON.stringify(plan)).not.toMatch(/the-password|another/);
    await expect(up(await operation(program))).rejects.toMatchObject({
      problems: [{ code: "BERTH3051" }, {}, {}],
    });
    expect(cloud.log).toEqual([]);
  });

  test("of nothing is refused at its line", async () => {
    const { plan } = await preview(await operation(adopts("1", "things/none")));
    expect(plan.problems).toMatchObject([{ code: "BERTH3050", site: { line: expect.any(Number) } }]);
  });

  test("that cannot be looked at is planned offline, and looked at when it is carried out", async () => {
    const { plan } = await preview({ ...(await operation(adopts())), offline: true });
    expect(plan.changes.map(({ action }) => action)).toEqual(["import", "create"]);
    behave({ fate: (action) => (action === "read" ? "request-lost" : "answered") });
    await expect(up(await operation(adopts()))).rejects.toMatchObject({ problems: [{ code: "BERTH6030" }] });
    expect((await preview(await operation(adopts()))).plan.problems).toMatchObject([
      { code: "BERTH6030", severity: "warning" },
    ]);
  });

  test("of what moved between plan and step does nothing", async () => {
    let reads = 0;
    behave({
      fate: (action) => {
        if (action === "read" && ++reads === 2)
          cloud.things.set("things/old", { ...old, inputs: { ...old.inputs, value: "9" } });
        return "answered";
      },
    });
    const old = cloud.things.get("things/old")!;
    const result = await up(await operation(adopts()));
    expect(result.problems).toMatchObject([{ code: "BERTH6032", path: "value" }]);
    expect(cloud.log).toEqual([]);
    expect((await backend.read("dev")).pending).toEqual([]);
  });

  test.each([
    ["answer-lost", ["things/old"]],
    ["request-lost", []],
    ["refused", []],
  ] as const)("whose update is %s leaves what the next run goes on from", async (fate, recorded) => {
    let lost = false;
    behave({
      fate: (action, id) => {
        if (action !== "update" || id !== "things/old" || lost) return "answered";
        lost = true;
        return fate;
      },
    });
    expect((await up(await operation(adopts()))).status).toBe("failed");
    expect((await backend.read("dev")).resources.map((each) => each.id)).toEqual(recorded);
    const result = await up(await operation(adopts()));
    expect([result.status, result.problems]).toEqual(["succeeded", []]);
    expect((await preview(await operation(adopts()))).plan.changes).toEqual([]);
    expect((await backend.read("dev")).pending).toEqual([]);
  });

  test.each(["before", "after"] as const)("killed %s its request is settled", async (when) => {
    const killed = new Error("killed");
    let dead = false;
    behave({
      fate: () => {
        if (dead) throw killed;
        return "answered";
      },
      during: async (action) => {
        if (action === "update" && when === "before") dead = true;
        if (dead) throw killed;
      },
    });
    const update = cloud.update.bind(cloud);
    cloud.update = async (request) => {
      const result = await update(request);
      dead = true;
      if (when === "after") throw killed;
      return result;
    };
    await up(await operation(adopts()));
    expect((await backend.read("dev")).pending).toMatchObject([{ action: "import" }]);
    behave({});
    const result = await up(await operation(adopts()));
    expect([result.status, result.problems]).toEqual(["succeeded", []]);
    expect((await preview(await operation(adopts()))).plan.changes).toEqual([]);
  });
});

describe("a read", () => {
  const reads =
    (id = "things/old") =>
    (): object => {
      const old = Thing.get("shared", id);
      new Thing("after", { name: "after", value: old.value });
      return { version: old.version };
    };
  const lines = async (program: () => unknown, options = {}) =>
    (await preview({ ...(await operation(program)), ...options })).plan.changes.map(
      ({ action, name, certainty }) => `${certainty} ${action} ${name}`,
    );

  test("is resolved before planning, recorded, and known without a network from then on", async () => {
    const { plan } = await preview(await operation(reads()));
    expect(plan.problems).toEqual([]);
    expect(plan.changes.map(({ action, name, reason }) => [action, name, reason])).toEqual([
      ["read", "shared", { kind: "reads", id: "things/old" }],
      ["create", "after", { kind: "not-recorded" }],
    ]);
    expect(plan.changes[1]?.after?.["value"]).toBe("1");
    const result = await up(await operation(reads()));
    expect([result.status, result.problems, result.outputs]).toEqual([
      "succeeded",
      [],
      { version: cloud.version("things/old") },
    ]);
    expect(cloud.log).toEqual(["create things/after"]);
    expect((await backend.read("dev")).resources).toMatchObject([{ id: "things/old", external: true }, {}]);
    expect(JSON.stringify(await backend.read("dev"))).not.toContain("the-password");
    expect(await lines(reads())).toEqual([]);
    behave({ fate: () => "request-lost" });
    expect(await lines(reads(), { offline: true })).toEqual([]);
  });

  test("follows what is there at each look", async () => {
    await up(await operation(reads()));
    const old = cloud.things.get("things/old")!;
    cloud.things.set("things/old", { ...old, inputs: { ...old.inputs, value: "2" } });
    const { plan } = await preview(await operation(reads()));
    expect([plan.drift, plan.changes.map(({ action, name }) => `${action} ${name}`)]).toEqual([
      undefined,
      ["update after"],
    ]);
    await up(await operation(reads()));
    expect(cloud.things.get("things/after")?.inputs["value"]).toBe("2");
    expect(await lines(reads(), { offline: true })).toEqual([]);
  });

  test("of an id that is not known yet is a step of its own", async () => {
    const program = (): object => {
      const made = new Thing("made", { name: "made", value: "7" });
      const seen = Thing.get(
        "seen",
        made.id.apply((id) => id),
      );
      const chosen = Thing.get(
        "chosen",
        made.version.apply((version) => (version === "" ? "" : "things/old")),
      );
      new Thing("after", { name: "after", value: chosen.value, from: [seen.version] });
      return {};
    };
    const { plan } = await preview(await operation(program));
    expect(plan.problems).toEqual([]);
    const result = await up(await operation(program));
    expect([result.status, result.problems]).toEqual(["succeeded", []]);
    expect(cloud.things.get("things/after")?.inputs).toMatchObject({
      value: "1",
      from: [cloud.version("things/made")],
    });
    expect(await lines(program)).toEqual([]);
  });

  test("of what does not exist is an error at its line", async () => {
    const { plan } = await preview(await operation(reads("things/none")));
    expect(plan.problems).toMatchObject([{ code: "BERTH3052", site: { line: expect.any(Number) } }]);
    await up(await operation(reads()));
    cloud.things.delete("things/old");
    expect((await preview(await operation(reads()))).plan.problems).toMatchObject([{ code: "BERTH3052" }]);
  });

  test("of another id reads anew", async () => {
    await up(await operation(reads()));
    const old = cloud.things.get("things/old")!;
    cloud.things.set("things/new", { ...old, inputs: { ...old.inputs, name: "new", value: "5" } });
    expect(await lines(reads("things/new"))).toEqual(["will read shared", "will update after"]);
    await up(await operation(reads("things/new")));
    expect(cloud.things.get("things/after")?.inputs["value"]).toBe("5");
  });

  test("is never deleted: it is let go with its declaration, and with the stack", async () => {
    await up(await operation(reads()));
    cloud.log.length = 0;
    const result = await up(await operation(() => ({})));
    expect([result.status, cloud.log]).toEqual(["succeeded", ["delete things/after"]]);
    expect((await backend.read("dev")).resources).toEqual([]);
    expect(cloud.things.get("things/old")).toBeDefined();
  });

  test("may become a resource of the stack by an import, and a resource may become a read", async () => {
    await up(await operation(reads()));
    const imports = (): void => {
      new Thing(
        "shared",
        { name: "old", value: "1", password: secret("the-password") },
        { import: "things/old" },
      );
    };
    expect(await lines(imports)).toContain("will import shared");
    expect((await up(await operation(imports))).problems).toEqual([]);
    expect((await backend.read("dev")).resources).toMatchObject([{ id: "things/old" }]);
    expect((await backend.read("dev")).resources[0]).not.toHaveProperty("external");
    await up(await operation(reads()));
    expect((await backend.read("dev")).resources[0]).toMatchObject({ external: true });
    expect(cloud.log).not.toContain("delete things/old");
  });
});

import type { StackState, Urn } from "@berth/core";
import { describe, expect, test } from "vitest";
import { encodeSnapshot } from "../snapshot.ts";
import { integrityFaults } from "../integrity.ts";
import { memoryBackend } from "../memory-backend.ts";
import { operationOn, recordOf, urnOf } from "../testing/records.ts";
import { exportState, readExportedState, renameStack } from "./exported-state.ts";
import { moveRecords, planMoves } from "./move-records.ts";
import { planRemovals, removeRecords } from "./remove-records.ts";
import { differenceOf, isSame, refuseLoss } from "./replacement.ts";
import { dependentsOf, findUrn } from "./selection.ts";

const other = (name: string): Urn => urnOf(name).replace("test:Thing", "test:Other");
const state: StackState = {
  project: "store",
  stack: "dev",
  serial: 9,
  resources: [
    recordOf("a"),
    { ...recordOf("front/web", ["a"]), parent: "urn:berth:dev:store::test:Part::front" },
    { ...recordOf("front/web/port", ["front/web"]), parent: urnOf("front/web") },
    { ...recordOf("a"), urn: other("a"), type: "test:Other" },
  ],
  superseded: [{ ...recordOf("a"), operationKey: "older", id: "things/a-old" }],
  outputs: {},
  pending: [operationOn("lost"), { ...operationOn("a", "delete", "removal"), superseded: "older" }],
};

/** What an edit makes of {@link state} through a session, as another process reads it. */
async function after(edit: Parameters<typeof inSession>[1]): Promise<StackState> {
  return inSession(memoryBackend({ project: "store" }), edit);
}

async function inSession(
  backend: ReturnType<typeof memoryBackend>,
  edit: (session: Awaited<ReturnType<typeof backend.lock>>) => Promise<unknown>,
): Promise<StackState> {
  const session = await backend.lock("dev", { operation: "state" });
  await session.replaceAll(state);
  await edit(session);
  await session.release();
  return backend.read("dev");
}

describe("names", () => {
  test("are paths where that is clear, paths with types, or URNs", () => {
    expect(findUrn(state, "front/web")).toBe(urnOf("front/web"));
    expect(findUrn(state, "test:Other::a")).toBe(other("a"));
    expect(findUrn(state, urnOf("lost"))).toBe(urnOf("lost"));
    expect(() => findUrn(state, "a")).toThrow('"a" could be test:Thing::a or test:Other::a');
    expect(() => findUrn(state, "front/wep")).toThrow("did you mean front/web?");
    for (const name of ["", "*", "constructor", "__proto__", "::", "test:Thing::"])
      expect(() => findUrn(state, name)).toThrow("BERTH4031");
  });

  test("lead to what needs them, directly or through others", () => {
    expect(dependentsOf(state, [urnOf("a")])).toEqual([urnOf("front/web/port"), urnOf("front/web")]);
    expect(dependentsOf(state, [urnOf("a"), urnOf("front/web")])).toEqual([urnOf("front/web/port")]);
    expect(dependentsOf(state, [other("a")])).toEqual([]);
  });
});

describe("moves", () => {
  test("take what is below along, and a component's whole content", async () => {
    const one = await after((session) =>
      moveRecords(session, planMoves(session.state, "front/web", "shop/site")),
    );
    expect(one.resources.map((each) => each.urn)).toEqual([
      other("a"),
      urnOf("a"),
      urnOf("shop/site"),
      urnOf("shop/site/port"),
    ]);
    expect(one.resources[3]?.parent).toBe(urnOf("shop/site"));
    const all = await after((session) => moveRecords(session, planMoves(session.state, "front", "back")));
    expect(all.resources.map((each) => each.urn).slice(2)).toEqual([
      urnOf("back/web"),
      urnOf("back/web/port"),
    ]);
    expect(integrityFaults(all)).toEqual([]);
  });

  test("take what was superseded, and what is pending for it, along", async () => {
    const moved = await after((session) =>
      moveRecords(session, planMoves(session.state, "test:Thing::a", "z")),
    );
    expect(moved.superseded?.map((each) => each.urn)).toEqual([urnOf("z")]);
    expect(moved.pending.map((each) => each.urn)).toEqual([urnOf("lost"), urnOf("z")]);
  });

  test.each([
    ["what is taken", "front/web", "a", "which is recorded already"],
    ["into itself", "front/web", "front/web/port", "which is being moved itself"],
    ["what only waits", "front/web", "lost", "which is recorded already"],
    ["no name", "front/web", "a//b", "cannot be a name"],
    ["nothing", "front/web", "", "cannot be a name"],
    ["a control character", "front/web", "a\u0007", "cannot be a name"],
    ["another type", "front/web", other("b"), "a move changes names only"],
  ])("to %s are refused", (_, from, to, why) => {
    expect(() => planMoves(state, from, to)).toThrow(why);
  });
});

describe("removals", () => {
  test("go in an order in which each can, with all that was under the URN", async () => {
    const removals = planRemovals(state, ["test:Thing::a"], true);
    expect(removals.map((each) => each.ids)).toEqual([
      ["things/front/web/port"],
      ["things/front/web"],
      ["things/a-old", "things/a"],
    ]);
    const left = await after((session) => removeRecords(session, removals));
    expect(left.resources.map((each) => each.urn)).toEqual([other("a")]);
    expect([left.superseded, left.pending]).toEqual([undefined, [operationOn("lost")]]);
  });

  test("of providers go after what was made with them, of interrupted creations at all", async () => {
    const made = { ...recordOf("m", ["a"]), providerResource: urnOf("a") };
    const left = await after(async (session) => {
      await session.replaceAll({ ...state, resources: [...state.resources, made] });
      await removeRecords(session, planRemovals(session.state, ["test:Thing::a", "lost"], true));
    });
    expect([left.resources.map((each) => each.urn), left.pending]).toEqual([[other("a")], []]);
  });

  test("of what is needed or protected are refused, all of them at once", () => {
    expect(() => planRemovals(state, ["test:Thing::a"], false)).toThrow(
      "it is needed by test:Thing::front/web/port, test:Thing::front/web",
    );
    const resources = state.resources.map((each) => ({ ...each, protect: true }));
    expect(() => planRemovals({ ...state, resources }, ["front/web"], true)).toThrow(
      /BERTH4034[^]*front\/web[^]*BERTH4034/,
    );
  });
});

describe("an exported state", () => {
  const text = JSON.stringify(exportState(state));

  test("is read as it was, in any order, and a snapshot is too", () => {
    expect(readExportedState(text, "file")).toEqual({ ...state, resources: readOrder() });
    const mixed = JSON.stringify({ ...exportState(state), resources: state.resources.toReversed() });
    expect(readExportedState(mixed, "file")).toEqual(readExportedState(text, "file"));
    expect(readExportedState(encodeSnapshot(state, "snapshot", 1).text, "file")).toEqual(state);
  });

  function readOrder() {
    return [state.resources[3], state.resources[0], state.resources[1], state.resources[2]];
  }

  test.each<[string, string, string]>([
    ["no JSON", "{", "it is not an exported state"],
    ["another format", text.replace("berth.state", "berth.plan"), "it is not an exported state"],
    ["no project", text.replace('"project":"store"', '"project":7'), "does not say of which project"],
    ["a newer version", text.replace('"version":2', '"version":3'), "BERTH4005"],
    ["a record without id", text.replace('"id":"things/a"', '"Id":"things/a"'), "resources[0]"],
    [
      "a record that lacks what it needs",
      text.replaceAll(urnOf("a"), urnOf("gone")).replace(urnOf("gone"), urnOf("a")),
      "is not recorded",
    ],
    [
      "a damaged snapshot",
      encodeSnapshot(state, "snapshot", 1).text.replace("things/a", "things/x"),
      "BERTH4004",
    ],
  ])("with %s is refused", (_, given, why) => {
    expect(() => readExportedState(given, "file")).toThrow(why);
  });

  test("of another stack has this one's URNs, everywhere", () => {
    const renamed = renameStack(state, "shop", "prod");
    expect(JSON.stringify(renamed)).not.toContain("urn:berth:dev:store");
    expect(integrityFaults(renamed)).toEqual([]);
    expect(renameStack(renamed, "store", "dev")).toEqual(state);
  });
});

describe("a whole state in the place of another", () => {
  test("is refused where it is older, or forgets something", () => {
    refuseLoss(state, { ...state, serial: 10, resources: state.resources.toReversed() });
    expect(() => refuseLoss(state, { ...state, serial: 8 })).toThrow("its serial is 8, the recorded one 9");
    expect(() => refuseLoss(state, { ...state, resources: state.resources.slice(1) })).toThrow(
      "things/a is recorded",
    );
    const { superseded: _, ...without } = state;
    expect(() => refuseLoss(state, without)).toThrow("things/a-old is recorded");
  });

  test("is told apart by URN", () => {
    expect(isSame(differenceOf(state, { ...state, serial: 10 }))).toBe(true);
    const [first, ...others] = state.resources;
    const next = {
      ...state,
      resources: [{ ...first!, id: "x" }, ...others.slice(1), recordOf("n")],
      outputs: { a: 1 },
    };
    expect(differenceOf(state, next)).toEqual({
      added: [urnOf("n")],
      removed: [urnOf("front/web")],
      changed: [urnOf("a")],
      others: ["outputs"],
    });
  });

  test("is written as one: a crash at any write leaves all of the old or all of the new", async () => {
    const found = new Set<string>();
    for (let at = 1; ; at++) {
      let [count, isArmed] = [0, false];
      const backend = memoryBackend({
        project: "store",
        beforeWrite: () => {
          if (isArmed && ++count === at) throw new Error("the disk is gone");
        },
      });
      const session = await backend.lock("dev", { operation: "state" });
      await session.replaceAll(state);
      await session.begin(operationOn("a", "update", "third"));
      isArmed = true;
      const next = {
        ...state,
        resources: state.resources.map((each) => ({ ...each, inputs: { name: "new" } })),
      };
      const isDone = await session.replaceAll(next).then(
        () => true,
        () => false,
      );
      if (!isDone) await expect(session.begin(operationOn("b"))).rejects.toThrow("BERTH4012");
      await session.release();
      isArmed = false;
      const names = (await backend.read("dev")).resources.map((each) => each.inputs["name"] === "new");
      expect(new Set(names).size).toBe(1);
      found.add(String(names[0]));
      await (await backend.lock("dev", { operation: "up" })).release();
      if (isDone) break;
    }
    expect([...found].toSorted()).toEqual(["false", "true"]);
  });
});

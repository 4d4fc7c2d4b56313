import type { Json, JsonObject } from "@berth/core";
import type { Change, PlannedPropertyChange } from "@berth/planner";
import { describe, expect, test } from "vitest";
import { disagreementsOfCreate, disagreementsOfUpdate } from "./agreement.ts";

const unknown = { $berth: "unknown", producers: ["a.id"] };
const secret = { $berth: "secret" };

const change = (parts: { after?: JsonObject; properties?: readonly PlannedPropertyChange[] }): Change => ({
  urn: "urn",
  type: "test:Thing",
  name: "thing",
  action: "create",
  certainty: "will",
  reason: { kind: "not-recorded" },
  assigned: {},
  properties: [],
  ...parts,
});

describe("a create", () => {
  test.each<[string, Json, Json, readonly string[]]>([
    ["equal", { a: [1, { b: "x" }] }, { a: [1, { b: "x" }] }, []],
    ["another value", { a: [1, { b: "x" }] }, { a: [1, { b: "y" }] }, ["v.a[1].b"]],
    ["unknown then", { a: unknown }, { a: { any: ["thing"] } }, []],
    ["secret then and now", secret, secret, []],
    ["secret then, open now", secret, "open", ["v"]],
    ["open then, secret now", "open", secret, ["v"]],
    ["one element more", [1], [1, 2], ["v"]],
    ["one property more", { a: 1 }, { a: 1, b: 2 }, ["v.b"]],
    ["one property less", { a: 1, b: 2 }, { a: 1 }, ["v.b"]],
    ["another type", [], {}, ["v"]],
  ])("%s", (_, planned, now, paths) => {
    expect(disagreementsOfCreate(change({ after: { v: planned } }), { v: now })).toEqual(paths);
  });
});

describe("an update", () => {
  const difference = (path: string, after: Json) =>
    ({ path, kind: "change", after, certainty: "will", because: [] }) as const;
  const planned = (path: string, certainty: "will" | "may", after: Json): PlannedPropertyChange => ({
    path,
    kind: "change",
    certainty,
    after,
  });

  test.each<
    [string, readonly PlannedPropertyChange[], readonly (readonly [string, Json])[], readonly string[]]
  >([
    ["as planned", [planned("a", "will", 2)], [["a", 2]], []],
    ["to another value", [planned("a", "will", 2)], [["a", 3]], ["a"]],
    [
      "not planned at all",
      [planned("a", "will", 2)],
      [
        ["a", 2],
        ["b", 1],
      ],
      ["b"],
    ],
    ["of what may change", [planned("a", "may", unknown)], [["a", 7]], []],
    ["inside what may change", [planned("a", "may", unknown)], [["a.b[0]", 7]], []],
    ["beside what may change", [planned("a", "may", unknown)], [["ab", 7]], ["ab"]],
    ["that came to nothing", [planned("a", "may", unknown)], [], []],
  ])("%s", (_, properties, now, paths) => {
    const differences = now.map(([path, after]) => difference(path, after));
    expect(disagreementsOfUpdate(change({ properties }), differences)).toEqual(paths);
  });
});

test("what was secret until now is shown as a secret, whatever it is from now on", () => {
  const properties: readonly PlannedPropertyChange[] = [
    { path: "a", kind: "change", certainty: "will", before: secret, after: secret },
  ];
  const kept = { $berth: "secret", digest: "1" };
  const now = {
    path: "a",
    kind: "change",
    before: kept,
    after: "open",
    certainty: "will",
    because: [],
  } as const;
  expect(disagreementsOfUpdate(change({ properties }), [now])).toEqual([]);
  expect(disagreementsOfUpdate(change({ properties }), [{ ...now, before: "was open" }])).toEqual(["a"]);
});

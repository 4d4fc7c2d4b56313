import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../json.ts";
import { requireKind } from "../schema/kind.ts";
import { deployments } from "../testing/random-objects.ts";
import { applyFields, type FieldWrite, updateFields } from "./apply-object.ts";
import { checkTyped } from "./check-typed.ts";
import {
  difference,
  EMPTY,
  type FieldSet,
  intersection,
  isEmptySet,
  pathsOf,
  readFieldsV1,
  recursiveDifference,
  union,
  writeFieldsV1,
} from "./field-set.ts";
import { capUpdaters, type Managers, managerId, readManagers, writeManagers } from "./managed-fields.ts";
import { compareElements, formatPath } from "./path-element.ts";
import { compareTyped, fieldSetOf, mergeTyped, removeFields } from "./typed.ts";

const { type } = requireKind("apps/v1", "Deployment");
const empty: JsonObject = { apiVersion: "apps/v1", kind: "Deployment" };
const none: Managers = new Map();

const writing = (live: JsonObject, managers: Managers, manager: string): FieldWrite => ({
  type,
  live,
  managers,
  writer: { manager, apiVersion: "apps/v1", time: "2026-01-31T12:00:00Z" },
  ignored: EMPTY,
});

function applied(live: JsonObject, managers: Managers, manager: string, stated: JsonObject) {
  const result = applyFields(writing(live, managers, manager), stated, true);
  if (result.kind === "conflicts") throw new Error("forced");
  return result;
}

const pathTexts = (set: FieldSet) => pathsOf(set).map(formatPath);
const ownedBy = (managers: Managers, manager: string) =>
  [...managers.values()].find((each) => each.manager === manager)?.fields ?? EMPTY;
const without = (object: JsonObject, ...names: string[]) =>
  Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));

describe("field sets", () => {
  test("are written and read as fieldsV1, with the dot where a path is a member and a way", () => {
    const written = {
      "f:spec": {
        ".": {},
        "f:ports": { 'k:{"port":80,"protocol":"TCP"}': { ".": {}, "f:name": {} } },
        "f:x": { 'v:"a"': {} },
      },
    };
    const set = readFieldsV1(written);
    expect(set && writeFieldsV1(set)).toEqual(written);
    expect(set && pathTexts(set)).toEqual([
      ".spec",
      '.spec.ports[port=80,protocol="TCP"]',
      '.spec.ports[port=80,protocol="TCP"].name',
      '.spec.x[="a"]',
    ]);
  });

  test.each([
    null,
    [],
    { spec: {} },
    { "f:spec": 1 },
    { "k:{": {} },
    { "k:[]": {} },
    { "k:{}": {} },
    { "i:x": {} },
    { "v:": {} },
  ])("%j is refused", (value) => expect(readFieldsV1(value)).toBeUndefined());

  test("order: fields, keys, values, indices; numbers before texts before booleans", () => {
    const elements = [
      "i:2",
      "v:true",
      'v:"a"',
      "v:10",
      "v:9",
      'k:{"name":"b"}',
      'k:{"name":"a"}',
      'k:{"a":1}',
      "f:b",
      "f:a",
      "i:10",
    ];
    expect(elements.toSorted(compareElements)).toEqual([
      "f:a",
      "f:b",
      'k:{"a":1}',
      'k:{"name":"a"}',
      'k:{"name":"b"}',
      "v:9",
      "v:10",
      'v:"a"',
      "v:true",
      "i:2",
      "i:10",
    ]);
  });

  const sets = deployments.map((object) => fieldSetOf(type, object));

  test("obey the laws of sets", () => {
    fc.assert(
      fc.property(sets, sets, (a, b) => {
        expect(pathTexts(union(difference(a, b), intersection(a, b))).toSorted()).toEqual(
          pathTexts(a).toSorted(),
        );
        expect(isEmptySet(difference(a, a))).toBe(true);
        expect(isEmptySet(recursiveDifference(difference(a, b), b)) || !isEmptySet(difference(a, b))).toBe(
          true,
        );
        expect(pathTexts(union(a, b)).toSorted()).toEqual(pathTexts(union(b, a)).toSorted());
        const read = readFieldsV1(writeFieldsV1(a));
        expect(read && pathTexts(read)).toEqual(pathTexts(a));
      }),
    );
  });
});

describe("typed values", () => {
  test("what is merged over a value is in it, and merging it again changes nothing", () => {
    fc.assert(
      fc.property(deployments, deployments, (live, stated) => {
        const merged = mergeTyped(type, live, stated) ?? {};
        expect(mergeTyped(type, merged, stated)).toEqual(merged);
        const said = fieldSetOf(type, withoutEmpty(stated));
        expect(pathTexts(difference(said, fieldSetOf(type, merged)))).toEqual([]);
      }),
    );
  });

  /** An empty list or map states nothing where there is something already. */
  const withoutEmpty = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(withoutEmpty);
    if (typeof value !== "object" || value === null) return value;
    const members = Object.entries(value).map(([name, member]) => [name, withoutEmpty(member)] as const);
    return Object.fromEntries(
      members.filter(([, member]) => typeof member !== "object" || Object.keys(member ?? {}).length > 0),
    );
  };

  test("a comparison finds nothing between equals, and turns round with its arguments", () => {
    fc.assert(
      fc.property(deployments, deployments, (a, b) => {
        const [there, back] = [compareTyped(type, a, b), compareTyped(type, b, a)];
        expect(pathTexts(compareTyped(type, a, structuredClone(a)).modified)).toEqual([]);
        expect(pathTexts(there.added).toSorted()).toEqual(pathTexts(back.removed).toSorted());
        expect(pathTexts(there.modified).toSorted()).toEqual(pathTexts(back.modified).toSorted());
      }),
    );
  });

  test("removing everything leaves nothing, removing nothing leaves everything", () => {
    fc.assert(
      fc.property(deployments, (object) => {
        expect(removeFields(type, object, EMPTY)).toEqual(object);
        expect(leavesOf(removeFields(type, object, fieldSetOf(type, object)))).toEqual([]);
      }),
    );
  });

  const leavesOf = (value: Json): Json[] => {
    if (typeof value !== "object" || value === null) return value === null ? [] : [value];
    return Object.values(value).flatMap(leavesOf);
  };

  test.each<[Json, string]>([
    [{ spec: { replica: 1 } }, ".spec.replica: field not declared in schema"],
    [{ spec: { replicas: "1" } }, ".spec.replicas: expected numeric (int or float), got string"],
    [{ spec: { paused: 1 } }, ".spec.paused: expected boolean, got"],
    [{ spec: [] }, ".spec: expected map, got []"],
    [
      { spec: { template: { spec: { containers: {} } } } },
      ".spec.template.spec.containers: expected list, got {}",
    ],
    [
      { spec: { template: { spec: { containers: [{ name: "a" }, { name: "a" }] } } } },
      '.spec.template.spec.containers: duplicate entries for key [name="a"]',
    ],
    [
      { spec: { template: { spec: { containers: [{ image: "a" }] } } } },
      "element 0: associative list with keys has an element that omits all key fields",
    ],
    [{ metadata: { finalizers: ["a", "a"] } }, '.metadata.finalizers: duplicate entries for key [="a"]'],
    [{ metadata: { labels: { a: 1 } } }, ".metadata.labels.a: expected string, got"],
  ])("%j is no deployment", (value, message) => {
    expect(checkTyped(type, value)).toEqual([expect.stringContaining(message)]);
  });
});

describe("server-side apply", () => {
  test("applying again what one applied changes nothing", () => {
    fc.assert(
      fc.property(deployments, (stated) => {
        const first = applied(empty, none, "a", stated);
        const again = applied(first.object, first.managers, "a", stated);
        expect(again.object).toEqual(first.object);
        expect(writeManagers(again.managers)).toEqual(writeManagers(first.managers));
      }),
    );
  });

  test("a sole writer who applies something else leaves what only that says", () => {
    fc.assert(
      fc.property(deployments, deployments, (before, after) => {
        const first = applied(empty, none, "a", before);
        const second = applied(first.object, first.managers, "a", after);
        const fresh = applied(empty, none, "a", after);
        expect(pathTexts(ownedBy(second.managers, "a"))).toEqual(pathTexts(ownedBy(fresh.managers, "a")));
        const leftOver = difference(fieldSetOf(type, second.object), fieldSetOf(type, fresh.object));
        expect(
          pathTexts(leftOver).filter(
            (path) => !path.endsWith("]") && valueIsStated(second.object, before, path),
          ),
        ).toEqual([]);
      }),
    );
  });

  /** Nulls stand where everything went away; they are gone once the object is read into its type. */
  const valueIsStated = (object: JsonObject, before: JsonObject, path: string) =>
    pathTexts(fieldSetOf(type, withoutNulls(object))).includes(path) &&
    pathTexts(fieldSetOf(type, before)).includes(path);

  const withoutNulls = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(withoutNulls);
    if (typeof value !== "object" || value === null) return value;
    const kept = Object.entries(value).filter(([, member]) => member !== null);
    return Object.fromEntries(kept.map(([name, member]) => [name, withoutNulls(member)]));
  };

  test("conflicts are exactly the fields of another that would change; force takes them", () => {
    fc.assert(
      fc.property(deployments, deployments, (mine, theirs) => {
        const first = applied(empty, none, "a", mine);
        const attempt = applyFields(writing(first.object, first.managers, "b"), theirs, false);
        const forced = applied(first.object, first.managers, "b", theirs);
        const { added, modified } = compareTyped(type, first.object, forced.object);
        const lost = intersection(ownedBy(first.managers, "a"), union(added, modified));
        expect(attempt.kind === "conflicts").toBe(!isEmptySet(lost));
        if (attempt.kind === "conflicts")
          expect([...attempt.owners.values()].flatMap(pathTexts)).toEqual(pathTexts(lost));
        expect(isEmptySet(intersection(ownedBy(forced.managers, "a"), lost))).toBe(true);
      }),
    );
  });

  test("what two state together stays until the last of them lets go", () => {
    const stated = { ...empty, spec: { replicas: 2, paused: true } };
    const first = applied(empty, none, "a", stated);
    const shared = applied(first.object, first.managers, "b", { ...empty, spec: { replicas: 2 } });
    const released = applied(shared.object, shared.managers, "a", empty);
    expect(released.object).toEqual({ ...empty, spec: { replicas: 2 } });
    const gone = applied(released.object, released.managers, "b", empty);
    expect(without(gone.object, "spec")).toEqual(empty);
  });

  test("an update takes the fields that it changes, and its own removals free them", () => {
    const first = applied(empty, none, "a", { ...empty, spec: { replicas: 2, paused: true } });
    const scaled = { ...empty, spec: { replicas: 3, paused: true } };
    const managers = updateFields(writing(first.object, first.managers, "scaler"), scaled);
    expect(pathTexts(ownedBy(managers, "scaler"))).toEqual([".spec.replicas"]);
    expect(pathTexts(ownedBy(managers, "a"))).toEqual([".spec.paused"]);
    const later = updateFields(writing(scaled, managers, "scaler"), { ...empty, spec: { paused: true } });
    expect(pathTexts(ownedBy(later, "scaler"))).toEqual([]);
  });

  test("an object that nobody tracked belongs to whoever wrote it before the first apply", () => {
    const live = { ...empty, spec: { replicas: 3 } };
    const attempt = applyFields(writing(live, none, "a"), { ...empty, spec: { replicas: 4 } }, false);
    expect(attempt.kind === "conflicts" && [...attempt.owners.keys()].map((each) => each.manager)).toEqual([
      "before-first-apply",
    ]);
  });
});

describe("managers", () => {
  test("more than ten updaters become one of the oldest", () => {
    const entries = Array.from({ length: 13 }, (_, index) => ({
      manager: `m${String(index).padStart(2, "0")}`,
      operation: "Update",
      apiVersion: "apps/v1",
      time: `2026-01-31T12:00:${String(index).padStart(2, "0")}Z`,
      fieldsType: "FieldsV1",
      fieldsV1: { "f:metadata": { "f:labels": { [`f:l${index}`]: {} } } },
    }));
    const capped = capUpdaters(readManagers(entries) ?? none);
    expect(capped.size).toBe(10);
    expect(pathTexts(ownedBy(capped, "ancient-changes"))).toHaveLength(4);
  });

  test("are told apart by operation and subresource, appliers not by version", () => {
    const base = { manager: "a", apiVersion: "v1" } as const;
    expect(managerId({ ...base, operation: "Apply" })).toBe(
      managerId({ ...base, apiVersion: "v2", operation: "Apply" }),
    );
    expect(managerId({ ...base, operation: "Update" })).not.toBe(
      managerId({ ...base, operation: "Update", subresource: "status" }),
    );
  });

  test.each([
    1,
    [1],
    [{ operation: "Delete", apiVersion: "v1", fieldsType: "FieldsV1" }],
    [{ operation: "Apply", apiVersion: "" }],
  ])("%j is no list of managers", (value) => expect(readManagers(value)).toBeUndefined());
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Step } from "../plan.ts";
import type { ClusterPart, Doing } from "./doing.ts";
import { orderSteps } from "./order-steps.ts";

type Needs = Readonly<Record<string, readonly string[]>>;
const resources = (needs: Needs) =>
  Object.entries(needs).map(([urn, dependencies]) => ({ urn, dependencies }));
const lines = (steps: readonly Step[]): readonly string[] =>
  steps.map(
    ({ id, action, urn, after }) =>
      `${id} ${action} ${urn}${after.length > 0 ? ` after ${after.join(" ")}` : ""}`,
  );
const order = (doings: readonly Doing[], desired: Needs, recorded: Needs = {}): readonly string[] =>
  lines(orderSteps(doings, { desired: resources(desired), recorded: resources(recorded) }));
const all = (
  action: Doing["action"],
  needs: Needs,
  part?: (urn: string) => ClusterPart | undefined,
): readonly Doing[] =>
  Object.keys(needs).map((urn) => {
    const own = part?.(urn);
    return { urn, action, ...(own ? { part: own } : {}) };
  });

describe("dependencies", () => {
  test("come first, and the order of declaration decides where they leave the choice", () => {
    const graph = { b: [], a: [], c: ["a", "b"] };
    expect(order(all("create", graph), graph)).toEqual(["1 create b", "2 create a", "3 create c after 1 2"]);
  });

  test("pass through what does not change", () => {
    const graph = { network: [], subnet: ["network"], pool: ["subnet"] };
    const doings: Doing[] = [
      { urn: "network", action: "update" },
      { urn: "pool", action: "update" },
    ];
    expect(order(doings, graph, graph)).toEqual(["1 update network", "2 update pool after 1"]);
  });

  test("a replacement that is only possible waits with its deletion for what decides", () => {
    const graph = { a: [], b: ["a"] };
    const undecided = { urn: "b", action: "replace", isUndecided: true } as const;
    expect(order([{ urn: "a", action: "update" }, undecided], graph, graph)).toEqual([
      "1 update a",
      "2 delete b after 1",
      "3 create b after 1 2",
    ]);
    // What is replaced itself can decide only when its dependents are gone.
    expect(order([{ urn: "a", action: "replace" }, undecided], graph, graph)).toEqual([
      "1 delete b",
      "2 delete a after 1",
      "3 create a after 2",
      "4 create b after 1 3",
    ]);
  });

  test("deletions go in reverse, after everything else", () => {
    const recorded = { network: [], subnet: ["network"], pool: ["subnet"] };
    expect(
      order([...all("delete", recorded), { urn: "new", action: "create" }], { new: [] }, recorded),
    ).toEqual(["1 create new", "2 delete pool", "3 delete subnet after 2", "4 delete network after 3"]);
  });

  test("deletions pass through what does not change", () => {
    const recorded = { network: [], subnet: ["network"], pool: ["subnet"] };
    const doings: Doing[] = [
      { urn: "network", action: "delete" },
      { urn: "pool", action: "delete" },
    ];
    expect(order(doings, { subnet: [] }, recorded)).toEqual(["1 delete pool", "2 delete network after 1"]);
  });

  test("what lets go of a resource is updated before that is deleted", () => {
    expect(
      order(
        [
          { urn: "old", action: "delete" },
          { urn: "user", action: "update" },
        ],
        { user: [] },
        { old: [], user: ["old"] },
      ),
    ).toEqual(["1 update user", "2 delete old after 1"]);
  });
});

describe("replacement", () => {
  test("deletes first: dependents that are replaced too go before and come after", () => {
    const graph = { network: [], subnet: ["network"], pool: ["subnet"], record: ["network"] };
    const doings: Doing[] = [
      { urn: "network", action: "replace" },
      { urn: "subnet", action: "replace" },
      { urn: "record", action: "update" },
    ];
    expect(order(doings, graph, graph)).toEqual([
      "1 delete subnet",
      "2 delete network after 1",
      "3 create network after 2",
      "4 create subnet after 1 3",
      "5 update record after 3",
    ]);
  });

  test("an update that waits for what is created again is no circle with a deletion before it", () => {
    // link depended on both; it stays with network only, which is replaced, and so the old link goes first.
    const desired = { network: [], user: ["network"] };
    const recorded = { network: [], link: ["network"], user: ["link", "network"] };
    const doings: Doing[] = [
      { urn: "network", action: "replace" },
      { urn: "user", action: "update" },
      { urn: "link", action: "delete" },
    ];
    expect(order(doings, desired, recorded)).toEqual([
      "1 delete link",
      "2 delete network after 1",
      "3 create network after 2",
      "4 update user after 3",
    ]);
  });

  test("a create waits for the deletion of what holds its identity", () => {
    const doings: Doing[] = [
      { urn: "renamed", action: "create", evicts: [{ urn: "old", superseded: false }] },
      { urn: "old", action: "delete" },
    ];
    expect(order(doings, { renamed: [] }, { old: [] })).toEqual(["1 delete old", "2 create renamed after 1"]);
  });
});

describe("a cluster", () => {
  const part = (kind: ClusterPart["kind"], ends = false): ClusterPart => ({ cluster: "c", kind, ends });
  const desired = { c: [], web: ["c"], api: ["c"], grows: ["c"], shrinks: ["c"] };

  test("gets its nodes, then is written to, then loses nodes, one step at a time", () => {
    const doings: Doing[] = [
      { urn: "web", action: "update", part: part("write") },
      { urn: "api", action: "create", part: part("write") },
      { urn: "grows", action: "update", part: part("grow") },
      { urn: "shrinks", action: "update", part: part("shrink") },
      { urn: "old", action: "delete", part: part("write") },
      { urn: "pool", action: "delete", part: part("shrink") },
    ];
    expect(order(doings, desired, { ...desired, old: ["c"], pool: ["c"] })).toEqual([
      "1 update grows",
      "2 update web after 1",
      "3 create api after 2",
      "4 delete old after 3",
      "5 update shrinks after 4",
      "6 delete pool after 5",
    ]);
  });

  test("a pool that needs an object waits for it", () => {
    const doings: Doing[] = [
      { urn: "web", action: "create", part: part("write") },
      { urn: "api", action: "create", part: part("write") },
      { urn: "grows", action: "create", part: part("grow") },
    ];
    expect(order(doings, { c: [], web: ["c"], grows: ["web"], api: ["c"] })).toEqual([
      "1 create web",
      "2 create grows after 1",
      "3 create api after 2",
    ]);
  });

  test("that is replaced is emptied and taken down first, and filled again", () => {
    const recorded = { c: [], pool: ["c"], web: ["c"] };
    const doings: Doing[] = [
      { urn: "c", action: "replace" },
      { urn: "pool", action: "replace", part: part("grow", true) },
      { urn: "web", action: "replace", part: part("write", true) },
    ];
    expect(order(doings, recorded, recorded)).toEqual([
      "1 delete web",
      "2 delete pool after 1",
      "3 delete c after 1 2",
      "4 create c after 3",
      "5 create pool after 2 4",
      "6 create web after 1 5",
    ]);
  });
});

describe("invariants", () => {
  const size = 12;
  const urns = Array.from({ length: size }, (_, index) => `r${index}`);
  /** Each resource needs some of those before it. */
  const dependencies = fc
    .array(fc.array(fc.nat(size - 1), { maxLength: 4 }), { minLength: size, maxLength: size })
    .map((picks) =>
      urns.map((urn, index) => ({
        urn,
        dependencies: [...new Set(picks[index]!.filter((each) => each < index))].map((each) => `r${each}`),
      })),
    );
  const fate = fc.constantFrom("none", "create", "update", "replace", "delete", "absent");
  const kind = fc.constantFrom(undefined, "grow", "write", "shrink");
  const wish = fc.record({
    first: fc.boolean(),
    evicts: fc.constantFrom("nobody", "nobody", ...urns),
    goesWith: fc.constantFrom("nobody", "nobody", ...urns),
    forgets: fc.boolean(),
  });
  const situation = fc.record({
    desired: dependencies,
    recorded: dependencies,
    fates: fc.array(fate, { minLength: size, maxLength: size }),
    wishes: fc.array(wish, { minLength: size, maxLength: size }),
    old: fc.subarray(urns),
    kinds: fc.array(kind, { minLength: size, maxLength: size }),
  });

  test("dependencies hold, a cluster takes one step at a time, and every step names earlier ones only", () => {
    fc.assert(
      fc.property(situation, ({ desired, recorded, fates, kinds, wishes, old }) => {
        const fateOf = new Map(urns.map((urn, index) => [urn, fates[index]!]));
        const has = (urn: string, not: readonly string[]): boolean =>
          fateOf.has(urn) && !not.includes(fateOf.get(urn)!);
        const surroundings = {
          desired: desired
            .filter((each) => has(each.urn, ["delete", "absent"]))
            .map((each) => ({
              ...each,
              dependencies: each.dependencies.filter((urn) => has(urn, ["delete", "absent"])),
            })),
          recorded: recorded
            .filter((each) => has(each.urn, ["create", "absent"]))
            .map((each) => ({
              ...each,
              dependencies: each.dependencies.filter((urn) => has(urn, ["create", "absent"])),
            })),
        };
        const superseded = recorded.filter((each) => old.includes(each.urn));
        // As the planner has it: what waits for a deletion, itself or through what it needs, does not come first.
        const waits = new Set<string>();
        const doings: Doing[] = desired.flatMap(({ urn, dependencies: needs }): readonly Doing[] => {
          const index = urns.indexOf(urn);
          const action = fates[index]!;
          const { first, evicts: other, goesWith, forgets } = wishes[index]!;
          const isMade = action === "create" || action === "replace";
          const evicts =
            isMade && other !== urn && has(other, ["create", "none", "update", "absent"])
              ? [{ urn: other, superseded: false }]
              : isMade && old.includes(other)
                ? [{ urn: other, superseded: true }]
                : [];
          const isBehind = needs.some((each) => waits.has(each) && has(each, ["delete", "absent"]));
          const createFirst = action === "replace" && first && evicts.length === 0 && !isBehind;
          if (isBehind || evicts.length > 0 || (action === "replace" && !createFirst)) waits.add(urn);
          if (action === "none" || action === "absent") return [];
          const of = kinds[index];
          const ends = action === "replace" || action === "delete";
          return [
            {
              urn,
              action,
              isUndecided: action === "replace" && index % 2 === 0,
              createFirst,
              evicts,
              ...(ends && goesWith !== urn && has(goesWith, ["create", "none", "update", "absent"])
                ? { goesWith }
                : ends && forgets
                  ? { forgets }
                  : {}),
              ...(of ? { part: { cluster: "c", kind: of, ends: false } } : {}),
            },
          ];
        });
        for (const urn of old) {
          const of = kinds[urns.indexOf(urn)];
          const part = of ? { part: { cluster: "c", kind: of, ends: false } } : {};
          doings.push({ urn, action: "delete", superseded: true, ...part });
        }
        const steps = orderSteps(doings, { ...surroundings, superseded });
        const shared = doings.filter(
          ({ urn, createFirst }) =>
            createFirst &&
            old.includes(urn) &&
            !doings.some(({ evicts = [] }) => evicts.some((each) => each.superseded && each.urn === urn)),
        ).length;
        expect(steps.length).toBe(
          doings.reduce((sum, each) => sum + (each.action === "replace" ? 2 : 1), 0) - shared,
        );
        const before = steps.map(() => new Set<number>());
        for (const { id, after } of steps) {
          for (const each of after) {
            expect(each).toBeLessThan(id);
            before[id - 1]!.add(each);
            for (const earlier of before[each - 1]!) before[id - 1]!.add(earlier);
          }
        }
        const makes = new Map(
          steps
            .filter((each) => each.action !== "delete" && each.action !== "forget")
            .map((each) => [each.urn, each.id]),
        );
        const createdFirst = new Set(doings.flatMap((each) => (each.createFirst ? [each.urn] : [])));
        const gone = steps.filter(({ action }) => action === "delete" || action === "forget");
        const ends = new Map(
          gone
            .filter((each) => (each.superseded === true) === createdFirst.has(each.urn))
            .map((each) => [each.urn, each.id]),
        );
        const companions = new Map(
          doings.flatMap((each) => (each.goesWith ? [[each.urn, each.goesWith]] : [])),
        );
        for (const urn of createdFirst) expect(before[ends.get(urn)! - 1]).toContain(makes.get(urn));
        for (const { urn, evicts = [] } of doings)
          for (const each of evicts)
            if (!each.superseded) expect(before[makes.get(urn)! - 1]).toContain(ends.get(each.urn));
        for (const { urn, dependencies: needs } of surroundings.desired) {
          for (const each of needs) {
            if (makes.has(urn) && makes.has(each))
              expect(before[makes.get(urn)! - 1]).toContain(makes.get(each));
          }
        }
        for (const { urn, dependencies: needs } of surroundings.recorded) {
          for (const each of needs) {
            if (ends.has(urn) && ends.has(each) && !companions.has(urn) && !companions.has(each))
              expect(before[ends.get(each)! - 1]).toContain(ends.get(urn));
          }
        }
        const inCluster = steps.filter(({ urn }) => kinds[urns.indexOf(urn)] !== undefined);
        inCluster.forEach(({ id }, index) => {
          if (index > 0) expect(before[id - 1]).toContain(inCluster[index - 1]!.id);
        });
      }),
      { numRuns: Number(process.env["BERTH_RUNS"] ?? 300) },
    );
  });

  test("thousands of changes on both sides of an unchanged resource stay linear", () => {
    const count = 3000;
    const left = Array.from({ length: count }, (_, index) => `left${index}`);
    const right = Array.from({ length: count }, (_, index) => `right${index}`);
    const desired = [
      ...left.map((urn) => ({ urn, dependencies: [] })),
      { urn: "middle", dependencies: left },
      ...right.map((urn) => ({ urn, dependencies: ["middle"] })),
    ];
    const steps = orderSteps(
      [...left, ...right].map((urn) => ({ urn, action: "update" })),
      { desired, recorded: desired },
    );
    expect(steps.reduce((sum, each) => sum + each.after.length, 0)).toBeLessThan(3 * count);
    expect(steps.at(-1)?.after).toEqual([count]);
  });
});

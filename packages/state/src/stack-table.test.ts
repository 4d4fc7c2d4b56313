import type { PendingOperation, ResourceRecord, StackState, Urn } from "@berth/core";
import {
  assert,
  asyncProperty,
  constantFrom,
  integer,
  property,
  record,
  subarray,
  array,
  boolean,
  option,
} from "fast-check";
import { expect, test } from "vitest";
import { integrityFaults } from "./integrity.ts";
import type { JournalEntry } from "./journal-entry.ts";
import { memoryBackend } from "./memory-backend.ts";
import { decodeSnapshot, encodeSnapshot } from "./snapshot.ts";
import { StackTable } from "./stack-table.ts";
import { operationOn, recordOf, urnOf } from "./testing/records.ts";

const numRuns = process.env["BERTH_LONG"] === "1" ? 20_000 : 400;

const empty: StackState = {
  project: "store",
  stack: "dev",
  serial: 0,
  resources: [],
  outputs: {},
  pending: [],
};

/** Providers are made with nothing, clusters with providers, things with both: nothing is the cluster of its cluster. */
const names = ["p1", "p2", "k1", "k2", "a", "b", "c", "d"] as const;
type Name = (typeof names)[number];
const kindOf = (name: string) => (name[0] === "p" || name[0] === "k" ? name[0] : "thing");

const command = record({
  what: constantFrom(
    "record",
    "record",
    "record",
    "supersede",
    "remove",
    "bury",
    "begin",
    "fail",
    "move",
    "forget",
  ),
  name: constantFrom(...names),
  other: constantFrom(...names),
  dependencies: subarray([...names]),
  references: subarray([...names]),
  parent: option(constantFrom(...names)),
  cluster: option(constantFrom("k1" as const, "k2" as const)),
  provider: option(constantFrom("p1" as const, "p2" as const)),
  index: integer({ min: 0, max: 3 }),
  isSuperseded: boolean(),
});
type Command = typeof command extends { generate: (...args: never) => { value: infer T } } ? T : never;

/** The entry that a session would write for it; nothing where a session would refuse. */
function entryOf(table: StackTable, given: Command, key: string): JournalEntry | undefined {
  const urn = urnOf(given.name);
  const superseded = table.superseded(urn);
  const buried = superseded[given.index % Math.max(1, superseded.length)]?.operationKey;
  const isLast = superseded.length + (table.record(urn) ? 1 : 0) === 1;
  const isNeeded = isLast && table.usersOf(urn).length > 0;
  switch (given.what) {
    case "record":
    case "supersede":
      return {
        kind: "recorded",
        operationKey: key,
        record: recorded(table, given, key),
        ...(given.what === "supersede" && table.record(urn) && { supersedes: true }),
      };
    case "remove":
      return isNeeded ? undefined : { kind: "removed", operationKey: key, urn };
    case "bury":
      if (buried === undefined || isNeeded) return undefined;
      return { kind: "removed", operationKey: key, urn, superseded: buried };
    case "forget":
      if (isNeeded || (given.isSuperseded && buried === undefined)) return undefined;
      return { kind: "forgotten", urn, ...(given.isSuperseded && { superseded: buried! }) };
    case "begin": {
      if (given.isSuperseded && buried === undefined) return undefined;
      const operation: PendingOperation = given.isSuperseded
        ? { ...operationOn(given.name, "delete", key), superseded: buried! }
        : { ...operationOn(given.name, "create", key), intended: intendedOf(recorded(table, given, key)) };
      return { kind: "begin", operation };
    }
    case "fail":
      return { kind: "failed", operationKey: key, urn, reason: "no" };
    case "move": {
      const to = urnOf(given.other);
      const isFree = !table.record(to) && !table.pending(to) && table.superseded(to).length === 0;
      if (!isFree || kindOf(given.name) !== kindOf(given.other)) return undefined;
      return { kind: "moved", from: urn, to };
    }
  }
}

function recorded(table: StackTable, given: Command, key: string): ResourceRecord {
  const { name, dependencies, references, parent, cluster, provider } = given;
  const kind = kindOf(name);
  const withProvider = kind !== "p" && provider !== null && table.record(urnOf(provider)) !== undefined;
  return {
    ...recordOf(name, dependencies),
    operationKey: key,
    references: references.length > 0 ? { name: references.map(urnOf).toSorted() } : {},
    ...(parent !== null && { parent: urnOf(parent) }),
    ...(kind === "thing" &&
      cluster !== null && { cluster: urnOf(cluster), options: { deletedWith: urnOf(cluster) } }),
    ...(withProvider && { providerResource: urnOf(provider) }),
  };
}

function intendedOf({ id: _, inputs: __, outputs: ___, ...intended }: ResourceRecord) {
  return intended;
}

test("any entries leave a whole state, and one that is read again goes on as the one in memory", () => {
  assert(
    property(array(command, { maxLength: 60 }), (commands) => {
      const table = new StackTable(empty);
      const entries: JournalEntry[] = [];
      for (const [index, each] of commands.entries()) {
        const entry = entryOf(table, each, `key ${index}`);
        if (!entry) continue;
        entries.push(entry);
        const { text } = encodeSnapshot(table.state(), "snapshot", 1);
        const again = new StackTable(decodeSnapshot(text, "snapshot", empty).state);
        table.apply(entry);
        again.apply(entry);
        expect(integrityFaults(table.state())).toEqual([]);
        expect(again.state()).toEqual(table.state());
      }
      const replayed = new StackTable(empty);
      for (const entry of entries) replayed.apply(entry);
      expect(replayed.state()).toEqual(table.state());
    }),
    { numRuns },
  );
});

test("after a move nothing names what was moved", () => {
  assert(
    property(array(command, { maxLength: 30 }), constantFrom<Name>("a", "k1", "p1"), (commands, name) => {
      const table = new StackTable(empty);
      for (const [index, each] of commands.entries()) {
        const entry = entryOf(table, each, `key ${index}`);
        if (entry) table.apply(entry);
      }
      const free = urnOf(`${name}-new`);
      const before = JSON.stringify(table.state());
      table.apply({ kind: "moved", from: urnOf(name), to: free });
      const after = JSON.stringify({ ...table.state(), serial: table.serial - 1 });
      const quoted = (urn: Urn) => JSON.stringify(urn);
      expect(after).not.toContain(quoted(urnOf(name)));
      expect(after.includes(quoted(free))).toBe(before.includes(quoted(urnOf(name))));
      expect(integrityFaults(table.state())).toEqual([]);
    }),
    { numRuns },
  );
});

test("what a session says is what the next one reads, also after a crash and a commit", async () => {
  await assert(
    asyncProperty(array(record({ command, commits: boolean() }), { maxLength: 25 }), async (steps) => {
      const backend = memoryBackend({ project: "store" });
      let session = await backend.lock("dev", { operation: "up" });
      for (const [index, { command: given, commits }] of steps.entries()) {
        const entry = entryOf(new StackTable(session.state), given, `key ${index}`);
        if (entry?.kind === "recorded") {
          const operation = operationOn(given.name, "create", `key ${index}`);
          await session.begin(operation);
          await session.succeed(operation, { ...entry, kind: "recorded" });
        } else if (entry?.kind === "moved" && (session.record(entry.from) ?? session.pending(entry.from))) {
          await session.move(entry.from, entry.to);
        } else if (entry?.kind === "removed" && entry.superseded !== undefined) {
          const operation = {
            ...operationOn(given.name, "delete", `key ${index}`),
            superseded: entry.superseded,
          };
          await session.begin(operation);
          await session.succeed(operation, { kind: "removed", superseded: entry.superseded });
        }
        if (commits) await session.commit();
        else {
          const { state } = session;
          await session.release();
          session = await backend.lock("dev", { operation: "up" });
          expect(session.state).toEqual(state);
        }
      }
    }),
    { numRuns: numRuns / 4 },
  );
});

test("a move of what 10,000 others depend on takes time in proportion to them", () => {
  const many = Array.from({ length: 10_000 }, (_, i) => recordOf(`r${i}`, ["hub"]));
  const table = new StackTable({ ...empty, resources: [recordOf("hub"), ...many] });
  table.apply({ kind: "moved", from: urnOf("hub"), to: urnOf("center") });
  expect(table.state().resources.filter((each) => each.dependencies[0] === urnOf("center"))).toHaveLength(
    10_000,
  );
  expect(table.state().resources[0]?.urn).toBe(urnOf("center"));
});

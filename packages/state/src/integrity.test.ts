import type { StackState } from "@berth/core";
import { describe, expect, test } from "vitest";
import { integrityFaults } from "./integrity.ts";
import { inDependencyOrder } from "./order.ts";
import { decodeSnapshot, encodeSnapshot } from "./snapshot.ts";
import { operationOn, recordOf, urnOf } from "./testing/records.ts";

const state = (...resources: StackState["resources"]): StackState => ({
  project: "store",
  stack: "dev",
  serial: 1,
  resources,
  outputs: {},
  pending: [],
});

describe("a state's invariants", () => {
  test.each<[string, StackState, string]>([
    ["no URN", state({ ...recordOf("a"), urn: "" }), "resource 1 has no urn"],
    ["no type", state({ ...recordOf("a"), type: "" }), `${urnOf("a")} has no type`],
    ["no id", state({ ...recordOf("a"), id: "" }), `${urnOf("a")} has no id`],
    ["twice", state(recordOf("a"), recordOf("a")), `${urnOf("a")} is recorded twice`],
    [
      "dangling",
      state(recordOf("b", ["a"])),
      `${urnOf("b")} depends on ${urnOf("a")}, which is not recorded`,
    ],
    [
      "out of order",
      state(recordOf("b", ["a"]), recordOf("a")),
      `${urnOf("b")} depends on ${urnOf("a")}, which does not come before it`,
    ],
    [
      "itself",
      state(recordOf("a", ["a"])),
      `${urnOf("a")} depends on ${urnOf("a")}, which does not come before it`,
    ],
    [
      "of a provider that is gone",
      state({ ...recordOf("b"), providerResource: urnOf("a") }),
      `${urnOf("b")} was made with ${urnOf("a")}, which is not recorded`,
    ],
    [
      "of no provider",
      state({ ...recordOf("b"), providerResource: "" }),
      `${urnOf("b")} has no providerResource`,
    ],
    [
      "pending twice",
      { ...state(), pending: [operationOn("a"), operationOn("a")] },
      `${urnOf("a")} has two pending operations`,
    ],
  ])("%s", (_, broken, fault) => {
    expect(integrityFaults(broken)).toEqual([fault]);
    expect(() => encodeSnapshot(broken, "snapshot.json", 1)).toThrow(fault);
  });

  test("are verified on reading too, where the checksum is right", () => {
    const { text } = encodeSnapshot(state(recordOf("a"), recordOf("b", ["a"])), "snapshot.json", 1);
    expect(decodeSnapshot(text, "snapshot.json", { project: "store", stack: "dev" }).state).toEqual(
      state(recordOf("a"), recordOf("b", ["a"])),
    );
  });
});

describe("the order of records", () => {
  test("is that of dependencies, then names, for a chain of any length", () => {
    const length = 20_000;
    const chain = Array.from({ length }, (_, i) => recordOf(`${i}`, i + 1 < length ? [`${i + 1}`] : []));
    const ordered = inDependencyOrder(new Map(chain.map((record) => [record.urn, record])));
    expect(ordered).toEqual(chain.toReversed());
  });

  test("does not depend on how they were recorded", () => {
    const records = [recordOf("c", ["a"]), recordOf("b"), recordOf("a"), recordOf("d", ["b", "c"])];
    const orders = [records, records.toReversed()].map((each) =>
      inDependencyOrder(new Map(each.map((record) => [record.urn, record]))),
    );
    expect(orders[0]).toEqual(orders[1]);
    expect(integrityFaults(state(...orders[0]!))).toEqual([]);
  });
});

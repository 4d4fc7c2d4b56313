import type { ClusterSnapshot, StackState } from "@berth/core";
import { deepEqual, equal, rejects } from "node:assert/strict";
import type { BackendCase } from "./backend-case.ts";
import { lockContract } from "./lock-contract.ts";
import { operationOn, recordOf, urnOf } from "./records.ts";
import { create, rejectsWith } from "./session-steps.ts";

/**
 * What every `StateBackend` must do, whatever it is kept in.
 *
 * @example
 * for (const { name, run } of stateBackendContract) test(name, () => run(open, lapse));
 */
export const stateBackendContract: readonly BackendCase[] = [
  {
    name: "a stack that was never written is empty, and reading it makes nothing",
    async run(open) {
      const backend = await open();
      deepEqual(await backend.read("dev"), emptyState("dev"));
      deepEqual(await backend.list(), []);
      equal(await backend.holder("dev"), undefined);
    },
  },
  {
    name: "a lock that was taken and given back without a write leaves nothing",
    async run(open) {
      const session = await (await open()).lock("dev", { operation: "up" });
      await session.commit();
      await session.release();
      deepEqual(await (await open()).list(), []);
      equal((await (await open()).read("dev")).serial, 0);
    },
  },
  {
    name: "what was begun is pending, what succeeded is recorded, for everybody and at once",
    async run(open) {
      const session = await (await open()).lock("dev", { operation: "up" });
      const operation = operationOn("a");
      await session.begin(operation);
      deepEqual((await (await open()).read("dev")).pending, [operation]);
      await session.succeed(operation, { kind: "recorded", record: recordOf("a") });
      const state = await (await open()).read("dev");
      deepEqual(state.pending, []);
      deepEqual(state.resources, [recordOf("a")]);
      equal(state.serial, 2);
      deepEqual(session.state, state);
      await session.release();
    },
  },
  {
    name: "a commit changes no content, with a session and without",
    async run(open) {
      const session = await (await open()).lock("dev", { operation: "up" });
      await create(session, recordOf("b", ["a"]), recordOf("a"));
      await session.setOutputs({ url: "http://a" });
      const before = await (await open()).read("dev");
      await session.commit();
      deepEqual(session.state, before);
      deepEqual(await (await open()).read("dev"), before);
      await create(session, recordOf("c"));
      await session.release();
      equal((await (await open()).read("dev")).resources.length, 3);
      deepEqual(await (await open()).list(), ["dev"]);
    },
  },
  {
    name: "resources come after what they depend on, however they were recorded",
    async run(open) {
      const session = await (await open()).lock("dev", { operation: "up" });
      await create(session, recordOf("z"), recordOf("a", ["z"]), recordOf("b", ["a", "z"]));
      deepEqual(names(session.state), ["z", "a", "b"]);
      await session.commit();
      deepEqual(names(await (await open()).read("dev")), ["z", "a", "b"]);
      await session.release();
    },
  },
  {
    name: "a dependency that is not recorded, or closes a cycle, is left out until it can stand",
    async run(open) {
      const session = await (await open()).lock("dev", { operation: "up" });
      await create(session, recordOf("a"), recordOf("b", ["a"]));
      await session.amend(recordOf("a", ["b", "c"]));
      deepEqual(session.record(urnOf("a"))?.dependencies, []);
      await session.amend(recordOf("b"));
      await session.amend(recordOf("a", ["b"]));
      await session.release();
      deepEqual(names(await (await open()).read("dev")), ["b", "a"]);
    },
  },
  {
    name: "what is removed is no dependency any more",
    async run(open) {
      const session = await (await open()).lock("dev", { operation: "up" });
      await create(session, recordOf("a"), recordOf("b", ["a"]));
      const removal = operationOn("a", "delete");
      await session.begin(removal);
      await session.succeed(removal, { kind: "removed" });
      await session.release();
      deepEqual((await (await open()).read("dev")).resources, [recordOf("b")]);
    },
  },
  {
    name: "what others were made with cannot be removed",
    async run(open) {
      const session = await (await open()).lock("dev", { operation: "up" });
      await create(session, recordOf("a"), { ...recordOf("b", ["a"]), providerResource: urnOf("a") });
      const removal = operationOn("a", "delete");
      await session.begin(removal);
      await rejects(async () => session.succeed(removal, { kind: "removed" }), TypeError);
      await session.fail(removal, "it is needed");
      await session.release();
      deepEqual(names(await (await open()).read("dev")), ["a", "b"]);
    },
  },
  {
    name: "what was superseded stays beside what took its place, until its own deletion succeeds",
    async run(open) {
      const session = await (await open()).lock("dev", { operation: "up" });
      await create(session, recordOf("a"), recordOf("b", ["a"]));
      const replacement = { ...operationOn("a", "create", "second"), supersedes: true } as const;
      await session.begin(replacement);
      await rejects(
        async () => session.succeed(replacement, { kind: "recorded", record: recordOf("a") }),
        TypeError,
        "two records with one operation key could not be told apart",
      );
      const next = { ...recordOf("a"), operationKey: "second", id: "things/a-2", generation: 1 };
      await session.succeed(replacement, { kind: "recorded", record: next, supersedes: true });
      deepEqual([session.record(urnOf("a")), session.superseded(urnOf("a"))], [next, [recordOf("a")]]);
      const removal = { ...operationOn("a", "delete", "third"), superseded: "key of a" };
      await session.begin(removal);
      await session.begin(operationOn("a", "update", "fourth"));
      const before = session.state;
      deepEqual(before.superseded, [recordOf("a")]);
      deepEqual(before.pending, [operationOn("a", "update", "fourth"), removal]);
      await session.release();

      const again = await (await open()).lock("dev", { operation: "up" });
      deepEqual(again.state, before);
      await again.commit();
      deepEqual(await (await open()).read("dev"), before);
      deepEqual(again.pending(urnOf("a"), "key of a"), removal);
      await again.succeed(removal, { kind: "removed", superseded: "key of a" });
      await again.fail(operationOn("a", "update", "fourth"), "no");
      await rejects(() => again.begin(removal), TypeError);
      await again.release();
      const state = await (await open()).read("dev");
      deepEqual([state.superseded, state.pending, names(state)], [undefined, [], ["a", "b"]]);
    },
  },
  {
    name: "a move changes a URN wherever it stands, and nothing else",
    async run(open) {
      const session = await (await open()).lock("dev", { operation: "up" });
      const snapshot: ClusterSnapshot = { cluster: urnOf("a"), objects: [{ kind: "Node" }] };
      await create(session, recordOf("a"), {
        ...recordOf("b", ["a"]),
        references: { name: [urnOf("a")] },
        cluster: urnOf("a"),
        parent: urnOf("a"),
        providerResource: urnOf("a"),
        options: { deletedWith: urnOf("a") },
      });
      await session.saveClusterSnapshot(snapshot);
      await session.begin(operationOn("a", "update", "second"));
      await session.move(urnOf("a"), urnOf("z"));
      const moved = {
        ...recordOf("b", ["z"]),
        references: { name: [urnOf("z")] },
        cluster: urnOf("z"),
        parent: urnOf("z"),
        providerResource: urnOf("z"),
        options: { deletedWith: urnOf("z") },
      };
      deepEqual(session.state.resources, [{ ...recordOf("a"), urn: urnOf("z") }, moved]);
      deepEqual(session.state.pending, [{ ...operationOn("a", "update", "second"), urn: urnOf("z") }]);
      await rejects(() => session.move(urnOf("a"), urnOf("y")), TypeError);
      await rejects(() => session.move(urnOf("b"), urnOf("z")), TypeError);
      await rejects(() => session.move(urnOf("b"), urnOf("b").replace("Thing", "Other")), TypeError);
      const { state } = session;
      await session.release();
      deepEqual(await (await open()).read("dev"), state);
      deepEqual(await (await open()).readClusterSnapshot("dev", urnOf("z")), {
        ...snapshot,
        cluster: urnOf("z"),
      });
    },
  },
  {
    name: "what is forgotten is recorded no more, and neither is what was pending for it",
    async run(open) {
      const session = await (await open()).lock("dev", { operation: "up" });
      await create(session, recordOf("p"), { ...recordOf("a", ["p"]), providerResource: urnOf("p") });
      await session.begin(operationOn("a", "update", "second"));
      await session.begin(operationOn("b", "create", "third"));
      await rejects(() => session.forget(urnOf("p")), TypeError);
      await rejects(() => session.forget(urnOf("c")), TypeError);
      await rejects(() => session.forget(urnOf("a"), "key of a"), TypeError);
      await session.forget(urnOf("a"));
      await session.forget(urnOf("b"));
      await session.forget(urnOf("p"));
      await session.release();
      const state = await (await open()).read("dev");
      deepEqual([state.resources, state.pending], [[], []]);
    },
  },
  {
    name: "everything can be replaced in one write, and the serial never goes back",
    async run(open) {
      const session = await (await open()).lock("dev", { operation: "up" });
      await create(session, recordOf("a"), recordOf("b", ["a"]));
      const { serial } = session.state;
      const next = { ...session.state, resources: [recordOf("c")], outputs: { x: 1 } };
      await rejectsWith("BERTH4007", () =>
        session.replaceAll({ ...next, resources: [recordOf("d", ["c"])] }),
      );
      deepEqual(names(await (await open()).read("dev")), ["a", "b"]);
      await session.replaceAll({ ...next, serial: 1 });
      equal(session.state.serial, serial + 1);
      await session.replaceAll({ ...next, serial: 100 });
      deepEqual(await (await open()).read("dev"), { ...next, serial: 101 });
      await create(session, recordOf("d", ["c"]));
      await session.release();
      const state = await (await open()).read("dev");
      deepEqual([names(state), state.serial], [["c", "d"], 103]);
    },
  },
  {
    name: "a failure clears what was pending and records nothing",
    async run(open) {
      const session = await (await open()).lock("dev", { operation: "up" });
      await session.begin(operationOn("a"));
      await session.fail(operationOn("a"), "no");
      await session.release();
      const state = await (await open()).read("dev");
      deepEqual([state.pending, state.resources], [[], []]);
    },
  },
  {
    name: "an operation that was not announced cannot end",
    async run(open) {
      const session = await (await open()).lock("dev", { operation: "up" });
      await rejects(
        async () => session.succeed(operationOn("a"), { kind: "recorded", record: recordOf("a") }),
        TypeError,
      );
      await session.release();
    },
  },
  {
    name: "a session that was left without its end is found as it was",
    async run(open) {
      const session = await (await open()).lock("dev", { operation: "up" });
      await create(session, recordOf("a"));
      await session.begin(operationOn("b"));
      await session.release();
      const next = await (await open()).lock("dev", { operation: "up" });
      deepEqual(next.state.pending, [operationOn("b")]);
      await next.begin(operationOn("b", "create", "second"));
      deepEqual(next.state.pending, [operationOn("b", "create", "second")]);
      await next.release();
    },
  },
  {
    name: "many changes at once keep their order and are all there",
    async run(open) {
      const session = await (await open()).lock("dev", { operation: "up" });
      const all = Array.from({ length: 50 }, (_, i) => recordOf(`r${String(i).padStart(2, "0")}`));
      await Promise.all(all.map((record) => create(session, record)));
      await session.release();
      const state = await (await open()).read("dev");
      deepEqual([state.serial, state.resources], [100, all]);
    },
  },
  {
    name: "outputs, the secrets' key and snapshots of clusters are kept",
    async run(open) {
      const backend = await open();
      const session = await backend.lock("dev", { operation: "up" });
      const key = { source: "passphrase", salt: "c2FsdA==", check: "00" } as const;
      const snapshot: ClusterSnapshot = {
        cluster: urnOf("k"),
        objects: [{ kind: "Node", metadata: { name: "n" } }],
      };
      await create(session, recordOf("k"));
      await session.setOutputs({ url: "http://a" });
      await session.setSecretsKey(key);
      await session.saveClusterSnapshot(snapshot);
      await session.commit();
      const before = session.state.serial;
      await session.setOutputs({ url: "http://a" });
      await session.setSecretsKey(key);
      equal(session.state.serial, before, "what is the same is not written again");
      deepEqual([session.state.outputs, session.state.secretsKey], [{ url: "http://a" }, key]);
      deepEqual(await (await open()).readClusterSnapshot("dev", urnOf("k")), snapshot);
      equal(await backend.readClusterSnapshot("dev", urnOf("other")), undefined);
      const removal = operationOn("k", "delete");
      await session.begin(removal);
      await session.succeed(removal, { kind: "removed" });
      await session.commit();
      equal(
        await backend.readClusterSnapshot("dev", urnOf("k")),
        undefined,
        "a cluster that is gone is forgotten",
      );
      await session.release();
    },
  },
  {
    name: "what an operation is for is kept, until another goes to work",
    async run(open) {
      const first = { operation: "up", message: "the shop's new pages" } as const;
      const session = await (await open()).lock("dev", { operation: "up" });
      await session.setOperation(undefined);
      equal(session.state.serial, 0, "that nothing was said is not written");
      await session.setOperation(first);
      await session.setOperation(first);
      equal(session.state.serial, 1, "what is the same is not written again");
      await session.release();
      deepEqual((await (await open()).read("dev")).lastOperation, first);
      const next = await (await open()).lock("dev", { operation: "up" });
      await create(next, recordOf("a"));
      await next.commit();
      deepEqual(next.state.lastOperation, first);
      await next.setOperation(undefined);
      await next.release();
      equal((await (await open()).read("dev")).lastOperation, undefined);
    },
  },
  {
    name: "a stack is removed only when it is empty",
    async run(open) {
      const backend = await open();
      const session = await backend.lock("dev", { operation: "up" });
      await create(session, recordOf("a"));
      await session.release();
      await rejectsWith("BERTH4009", () => backend.remove("dev"));
      const again = await backend.lock("dev", { operation: "destroy" });
      const removal = operationOn("a", "delete");
      await again.begin(removal);
      await again.succeed(removal, { kind: "removed" });
      await again.commit();
      await again.release();
      deepEqual((await backend.read("dev")).resources, []);
      await backend.remove("dev");
      deepEqual(await backend.list(), []);
      deepEqual(await backend.read("dev"), emptyState("dev"));
    },
  },
  {
    name: "names that cannot be part of a path are refused",
    async run(open) {
      const backend = await open();
      for (const name of ["", ".", "..", "a/b", "a\\b", "-x", "a b", "ä", "a".repeat(101), "a\0"]) {
        await rejectsWith("BERTH4008", () => backend.read(name));
        await rejectsWith("BERTH4008", () => backend.lock(name, { operation: "up" }));
      }
    },
  },
  ...lockContract,
];

function names(state: StackState): readonly string[] {
  return state.resources.map((record) => record.urn.slice(record.urn.lastIndexOf(":") + 1));
}

function emptyState(stack: string): StackState {
  return { project: "store", stack, serial: 0, resources: [], outputs: {}, pending: [] };
}

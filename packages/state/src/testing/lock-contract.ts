import { deepEqual, equal, notEqual, ok } from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { BerthError } from "@berth/diagnostics";
import type { LockHolder, StateBackend, StateSession } from "../backend.ts";
import type { BackendCase } from "./backend-case.ts";
import { operationOn, recordOf, urnOf } from "./records.ts";
import { create, rejectsWith } from "./session-steps.ts";

const purpose = { operation: "up" };

/** What every lock must do: a lease with a fencing token. Part of {@link stateBackendContract}. */
export const lockContract: readonly BackendCase[] = [
  {
    name: "of two locks one is held, and the other is told by whom",
    async run(open) {
      const session = await (await open()).lock("dev", purpose);
      await rejectsWith(
        "BERTH4001",
        async () => (await open()).lock("dev", { operation: "destroy" }),
        "running up since",
      );
      const other = await (await open()).lock("prod", purpose);
      await other.release();
      await session.release();
      await session.release();
      await (await (await open()).lock("dev", { operation: "destroy" })).release();
    },
  },
  {
    name: "a lock says who holds it, since when and until when; a free one has no holder",
    async run(open) {
      const before = Date.now() - 60_000;
      const session = await (await open()).lock("dev", purpose);
      const holder = await holderOf(open);
      deepEqual([holder.operation, holder.pid, holder.state, holder.fence], ["up", process.pid, "held", 1]);
      ok(Date.parse(holder.since) > before, holder.since);
      ok(Date.parse(holder.until) > Date.parse(holder.since), holder.until);
      await session.release();
      equal(await (await open()).holder("dev"), undefined);
    },
  },
  {
    name: "the fencing token grows with each taking, whether anything was written or not",
    async run(open) {
      const fences: number[] = [];
      for (let i = 0; i < 6; i++) {
        const session = await (await open()).lock("dev", purpose);
        fences.push((await holderOf(open)).fence);
        if (i % 2 === 1) await session.setOutputs({ i });
        if (i % 3 === 1) await session.commit();
        await session.release();
      }
      ok(
        fences.every((fence, i) => fence > (fences[i - 1] ?? 0)),
        fences.join(" "),
      );
    },
  },
  {
    name: "a lock whose lease has run out heals by itself, and what was done under it is kept",
    async run(open, lapse) {
      const first = await (await open()).lock("dev", purpose);
      await create(first, recordOf("a"));
      await first.begin(operationOn("b"));
      await rejectsWith("BERTH4001", async () => (await open()).lock("dev", purpose));
      const { id, fence } = await holderOf(open);
      await lapse("dev");
      equal((await holderOf(open)).state, "expired");
      const second = await (await open()).lock("dev", purpose);
      const now = await holderOf(open);
      notEqual(now.id, id);
      ok(now.fence > fence);
      deepEqual([second.state.resources, second.state.pending], [[recordOf("a")], [operationOn("b")]]);
      await first.release();
      equal((await holderOf(open)).id, now.id, "whoever lost the lock does not give it back");
      await second.release();
    },
  },
  {
    name: "a lease that has run out and that nobody took is still its holder's",
    async run(open, lapse) {
      const session = await (await open()).lock("dev", purpose);
      await session.setOutputs({ before: true });
      await lapse("dev");
      await session.setOutputs({ after: true });
      await session.commit();
      await session.release();
      deepEqual((await (await open()).read("dev")).outputs, { after: true });
    },
  },
  {
    name: "a late writer's entries are refused, and change nothing",
    async run(open, lapse) {
      const { late, next } = await takenOver(open, lapse, async (session) => {
        await create(session, recordOf("a"));
        await session.begin(operationOn("b"));
      });
      const outcome = { kind: "recorded", record: recordOf("b") } as const;
      await rejectsWith("BERTH4002", () => late.succeed(operationOn("b"), outcome));
      await rejectsWith("BERTH4012", () => late.commit());
      await late.release();
      await next.fail(operationOn("b"), "it was not made");
      await create(next, recordOf("c"));
      await next.release();
      const { resources, pending } = await (await open()).read("dev");
      deepEqual([resources, pending], [[recordOf("a"), recordOf("c")], []]);
    },
  },
  {
    name: "a late writer's first entry is refused as well, also when the next has written nothing",
    async run(open, lapse) {
      const { late, next } = await takenOver(open, lapse, async () => {});
      await rejectsWith("BERTH4002", () => late.begin(operationOn("a")));
      await late.release();
      await next.release();
      deepEqual((await (await open()).read("dev")).pending, []);
    },
  },
  {
    name: "a late writer's snapshot does not replace the next one's",
    async run(open, lapse) {
      const { late, next } = await takenOver(open, lapse, (session) => create(session, recordOf("a")));
      await create(next, recordOf("b"));
      await next.commit();
      await create(next, recordOf("c"));
      await rejectsWith("BERTH4002", () => late.commit());
      await late.release();
      await next.release();
      const { resources } = await (await open()).read("dev");
      deepEqual(resources, [recordOf("a"), recordOf("b"), recordOf("c")]);
    },
  },
  {
    name: "a late writer cannot replace everything, where the next has only begun to write",
    async run(open, lapse) {
      const { late, next } = await takenOver(open, lapse, async () => {});
      await create(next, recordOf("a"));
      await rejectsWith("BERTH4002", () => late.replaceAll({ ...late.state, outputs: { late: true } }));
      await late.release();
      await create(next, recordOf("b"));
      await next.commit();
      await next.release();
      const { resources, outputs } = await (await open()).read("dev");
      deepEqual([resources, outputs], [[recordOf("a"), recordOf("b")], {}]);
    },
  },
  {
    name: "a late writer saves no snapshot of a cluster",
    async run(open, lapse) {
      const { late, next } = await takenOver(open, lapse, (session) => create(session, recordOf("k")));
      const observed = (name: string) => ({ cluster: urnOf("k"), objects: [{ kind: "Node", name }] });
      await next.saveClusterSnapshot(observed("new"));
      await rejectsWith("BERTH4002", () => late.saveClusterSnapshot(observed("old")));
      await late.release();
      await next.release();
      deepEqual(await (await open()).readClusterSnapshot("dev", urnOf("k")), observed("new"));
    },
  },
  {
    name: "a lock is broken for the holder that was shown; it is refused, and the next one is not",
    async run(open) {
      const session = await (await open()).lock("dev", purpose);
      await create(session, recordOf("a"));
      const shown = await holderOf(open);
      await (await open()).unlock("dev", shown.id);
      equal(await (await open()).holder("dev"), undefined);
      await rejectsWith("BERTH4055", async () => (await open()).unlock("dev", shown.id), "nobody holds it");
      const next = await (await open()).lock("dev", purpose);
      ok((await holderOf(open)).fence > shown.fence);
      await rejectsWith("BERTH4055", async () => (await open()).unlock("dev", shown.id), "it is held by");
      await rejectsWith("BERTH4002", () => session.begin(operationOn("b")));
      await session.release();
      await create(next, recordOf("c"));
      await next.release();
      deepEqual((await (await open()).read("dev")).resources, [recordOf("a"), recordOf("c")]);
    },
  },
  {
    name: "twenty who want the lock have it one after the other, and each builds on the one before",
    async run(open) {
      let inside = 0;
      const takers = Array.from({ length: 20 }, async () => {
        const session = await lockWhenFree(await open());
        equal(++inside, 1, "two have the lock");
        const { n = 0 } = session.state.outputs;
        await session.setOutputs({ n: Number(n) + 1 });
        if (Number(n) % 2 === 0) await session.commit();
        equal(--inside, 0);
        await session.release();
      });
      await Promise.all(takers);
      deepEqual((await (await open()).read("dev")).outputs, { n: 20 });
    },
  },
  {
    name: "whoever reads while another writes and commits sees a state as it was at one moment",
    async run(open) {
      const session = await (await open()).lock("dev", purpose);
      let isWritten = false;
      const write = async () => {
        for (let n = 1; n <= 15; n++) {
          await create(session, recordOf(`r${n}`));
          await session.setOutputs({ n });
          if (n % 2 === 0) await session.commit();
        }
        isWritten = true;
      };
      const read = async () => {
        let last = 0;
        while (!isWritten) {
          const { serial, resources, outputs } = await (await open()).read("dev");
          ok(serial >= last, `${serial} after ${last}`);
          const { n = 0 } = outputs;
          ok([0, 1].includes(resources.length - Number(n)), `${resources.length} resources at ${Number(n)}`);
          last = serial;
          // Backends that never wait would not let the writer go on.
          await sleep(0);
        }
      };
      await Promise.all([write(), read(), read()]);
      await session.release();
    },
  },
];

async function holderOf(open: () => Promise<StateBackend>): Promise<LockHolder> {
  const holder = await (await open()).holder("dev");
  ok(holder, "nobody holds the lock");
  return holder;
}

/** A session whose lease ran out after `before`, and the one that took the lock over. */
async function takenOver(
  open: () => Promise<StateBackend>,
  lapse: (stack: string) => Promise<void>,
  before: (session: StateSession) => Promise<void>,
): Promise<{ readonly late: StateSession; readonly next: StateSession }> {
  const late = await (await open()).lock("dev", purpose);
  await before(late);
  await lapse("dev");
  return { late, next: await (await open()).lock("dev", purpose) };
}

async function lockWhenFree(backend: StateBackend): Promise<StateSession> {
  for (;;) {
    try {
      return await backend.lock("dev", purpose);
    } catch (error) {
      if (!BerthError.is(error) || error.problems[0]?.code !== "BERTH4001") throw error;
      await sleep(5);
    }
  }
}

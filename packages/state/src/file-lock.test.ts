import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { rename } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fileBackend, historyLength } from "./file-backend.ts";
import type { LeaseTimes } from "./lease.ts";
import { ownIdentity } from "./process-identity.ts";
import { operationOn, recordOf } from "./testing/records.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "berth-lock-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const backend = (lease?: LeaseTimes) => fileBackend({ directory, project: "store", ...(lease && { lease }) });
const lock = (lease?: LeaseTimes) => backend(lease).lock("dev", { operation: "destroy" });
const path = (file: string) => join(directory, "dev", file);
const files = () => readdirSync(join(directory, "dev"));

const own = ownIdentity();
const elsewhere = { ...own, host: "elsewhere" };
const dead = { ...own, pid: 2 ** 22 + 1 };
const ids = [0, 1].map((each) => `00000000-0000-4000-8000-00000000000${each}`);
const holder = {
  id: ids[0],
  operation: "up",
  user: "ann",
  host: own.host,
  pid: own.pid,
  since: "2026-11-23T10:00:00.000Z",
  ttl: 60_000,
  released: 0,
};

/** Writes a lock file that was last renewed so many seconds ago. */
function write(file: string, value: unknown, age = 0): void {
  mkdirSync(join(directory, "dev"), { recursive: true });
  writeFileSync(path(file), typeof value === "string" ? value : JSON.stringify(value));
  const renewed = Date.now() / 1000 - age;
  utimesSync(path(file), renewed, renewed);
}

/** As if the holder had slept for more than the time to live. */
function expire(file: string): void {
  const renewed = Date.now() / 1000 - 100;
  utimesSync(path(file), renewed, renewed);
}

describe("the lock of a stack", () => {
  test("says who holds it, since when and until when", async () => {
    write("lock.7", { ...holder, process: own });
    await expect(lock()).rejects.toThrow(
      `stack "dev" is locked by ann@${own.host}, process ${own.pid}, running up since 2026-11-23T10:00:00.000Z, until 20`,
    );
    expect(await backend().holder("dev")).toMatchObject({ id: ids[0], fence: 7, user: "ann", state: "held" });
    expect(files(), "whoever was refused leaves nothing").toEqual(["lock.7"]);
  });

  test.runIf(process.platform === "linux").each([
    ["a process that got the same number later", { ...own, started: "1" }],
    ["a process before the last boot", { ...own, boot: "another" }],
    ["a process that is gone", dead],
  ])("of %s is taken over at once", async (_, process) => {
    write("lock.7", { ...holder, process });
    expect((await backend().holder("dev"))?.state).toBe("dead");
    const session = await lock();
    expect(await backend().holder("dev")).toMatchObject({ fence: 8, state: "held" });
    await session.release();
  });

  test.runIf(process.platform === "linux").each([
    ["another machine", elsewhere],
    ["another container", { ...own, namespace: "pid:[1]" }],
    ["a process of this machine that sleeps", own],
  ])("of %s is taken over when its lease has run out, not before", async (_, process) => {
    write("lock.7", { ...holder, process }, 50);
    await expect(lock()).rejects.toThrow("BERTH4001");
    write("lock.7", { ...holder, process }, 61);
    expect((await backend().holder("dev"))?.state).toBe("expired");
    await (await lock()).release();
    expect(await backend().holder("dev")).toBeUndefined();
  });

  test("is renewed while its holder lives, also when the holder changes nothing", async () => {
    const session = await lock({ ttl: 60_000, renewal: 10 });
    expire("lock.1");
    while ((await backend().holder("dev"))?.state !== "held")
      await new Promise((resolve) => setTimeout(resolve, 5));
    await expect(lock()).rejects.toThrow("BERTH4001");
    await session.setOutputs({ a: 1 });
    await session.release();
  });

  test("heals by itself when its holder does not renew it", async () => {
    const sleeper = await lock();
    await sleeper.setOutputs({ by: "sleeper" });
    await expect(lock()).rejects.toThrow("BERTH4001");
    expire("lock.1");
    const next = await lock();
    await next.setOutputs({ by: "next" });
    await expect(sleeper.setOutputs({ by: "sleeper again" })).rejects.toThrow("BERTH4002");
    await sleeper.release();
    expect(await backend().holder("dev")).toMatchObject({ fence: 2, state: "held" });
    await next.release();
    expect((await backend().read("dev")).outputs).toEqual({ by: "next" });
  });

  test("that ran out and that nobody took is still its holder's", async () => {
    const session = await lock();
    expire("lock.1");
    await session.setOutputs({ a: 1 });
    await session.release();
    expect((await backend().read("dev")).outputs).toEqual({ a: 1 });
  });

  test("whose taker died on the way is taken over too, and what it left is swept", async () => {
    write("lock.7", { ...holder, process: dead });
    write("lock.8", { ...holder, id: ids[1], process: dead });
    write(`lock.${ids[1]}.new`, "");
    write("snapshot.json.8.new", "{");
    const session = await lock();
    expect(files()).toEqual(["lock.9"]);
    await session.release();
  });

  test("whose taker lives is held", async () => {
    write("lock.7", { ...holder, process: dead });
    write("lock.8", { ...holder, id: ids[1], process: own });
    await expect(lock()).rejects.toThrow("BERTH4001");
  });

  test("that cannot be read is refused", async () => {
    for (const text of ["", "{", "[]", "{}", JSON.stringify({ ...holder, id: "../x", process: own })]) {
      write("lock.7", text);
      await expect(lock()).rejects.toThrow("BERTH4003");
    }
  });

  test("that somebody took away stops the writer", async () => {
    const session = await lock();
    rmSync(path("lock.1"));
    await expect(session.setOutputs({ a: 1 })).rejects.toThrow("BERTH4002");
    await expect(session.setOutputs({ a: 2 })).rejects.toThrow("BERTH4012");
    await session.release();
    const other = await lock();
    const text = readFileSync(path("lock.1"), "utf8");
    await session.release();
    expect(readFileSync(path("lock.1"), "utf8")).toBe(text);
    expect(other.state.outputs).toEqual({});
    await other.release();
  });

  test("goes on above what the state records when lock files were lost", async () => {
    for (let i = 0; i < 5; i++) {
      const session = await lock();
      await session.setOutputs({ i });
      await session.commit();
      await session.release();
    }
    rmSync(path("lock.5"));
    const session = await lock();
    expect(files()).toContain("lock.6");
    await session.setOutputs({ i: 6 });
    await session.commit();
    await session.release();
    expect((await backend().read("dev")).outputs).toEqual({ i: 6 });
  });
});

describe("a writer that wakes after its lock was taken over", () => {
  /** A session that recorded `a`, whose lease has run out, and the one that took over. */
  async function takenOver() {
    const late = await lock();
    await late.begin(operationOn("a"));
    expire("lock.1");
    return { late, next: await lock() };
  }

  test("is refused, and what it recorded before is not lost", async () => {
    const { late, next } = await takenOver();
    expect(next.state.pending).toEqual([operationOn("a")]);
    await next.succeed(operationOn("a"), { kind: "recorded", record: recordOf("a") });
    await expect(late.succeed(operationOn("a"), { kind: "recorded", record: recordOf("a") })).rejects.toThrow(
      "BERTH4002",
    );
    await expect(late.commit()).rejects.toThrow("BERTH4012");
    await next.commit();
    await next.release();
    await late.release();
    expect((await backend().read("dev")).resources).toEqual([recordOf("a")]);
  });

  test("cannot bring back an older snapshot, not even between its last check and its rename", async () => {
    const { late, next } = await takenOver();
    await late.release();
    await next.commit();
    // What such a writer would have left: a draft, made before the lock was taken over.
    writeFileSync(path("snapshot.json.2.new"), "old");
    expire("lock.2");
    const third = await lock();
    await expect(rename(path("snapshot.json.2.new"), path("snapshot.json"))).rejects.toThrow("ENOENT");
    await third.release();
    await next.release();
  });

  test("writes into a journal of its own, which counts for nobody once another has written", async () => {
    const first = await lock();
    await first.begin(operationOn("a"));
    const text = readFileSync(path("journal.1.jsonl"));
    await first.release();
    const second = await lock();
    await second.succeed(operationOn("a"), { kind: "recorded", record: recordOf("a") });
    writeFileSync(path("journal.1.jsonl"), text);
    const state = await backend().read("dev");
    expect(state.pending, "beside the journal of the next").toEqual([]);
    await second.commit();
    await second.release();
    writeFileSync(path("journal.1.jsonl"), text);
    expect(await backend().read("dev"), "beside the snapshot of the next").toEqual(state);
    await (await lock()).release();
    expect(files()).not.toContain("journal.1.jsonl");
  });
});

describe("a lock that is broken", () => {
  test("is free for the next; its holder is refused", async () => {
    const session = await lock();
    const found = await backend().holder("dev");
    await backend().unlock("dev", found?.id ?? "");
    expect(await backend().holder("dev")).toBeUndefined();
    await expect(session.setOutputs({ a: 1 })).rejects.toThrow("it was broken or deleted");
    const next = await lock();
    await session.release();
    expect(await backend().holder("dev")).toMatchObject({ fence: 3, state: "held" });
    await next.release();
  });

  test("is that of the holder that was shown, and nobody else's", async () => {
    const first = await lock();
    const shown = await backend().holder("dev");
    await first.release();
    await expect(backend().unlock("dev", shown?.id ?? "")).rejects.toThrow("nobody holds it");
    const second = await lock();
    await expect(backend().unlock("dev", shown?.id ?? "")).rejects.toThrow("BERTH4055");
    await second.setOutputs({ a: 1 });
    await second.release();
  });

  test("is broken by one of many that try, and held by one of many that wait for it", async () => {
    write("lock.7", { ...holder, process: elsewhere });
    const breaking = Array.from({ length: 10 }, () => backend().unlock("dev", ids[0] ?? ""));
    const broken = await Promise.allSettled(breaking);
    expect(broken.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const taken = await Promise.allSettled(Array.from({ length: 20 }, () => lock()));
    const sessions = taken.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
    expect(sessions).toHaveLength(1);
    await sessions[0]?.release();
  });
});

test("replaced snapshots are kept, the last of them", async () => {
  for (let i = 0; i < historyLength + 3; i++) {
    const session = await lock();
    await session.setOutputs({ i });
    await session.commit();
    await session.release();
  }
  const kept = readdirSync(path("history")).map((file) => Number.parseInt(file, 10));
  expect(kept.toSorted((a, b) => a - b)).toEqual(Array.from({ length: historyLength }, (_, i) => i + 3));
  expect(readFileSync(path("history/5.json"), "utf8")).toContain('"serial":5');
});

import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { FolderLock } from "./lock.ts";
import { FileLog } from "./log.ts";
import { Store } from "./store.ts";

const folders: string[] = [];
function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "berth-local-"));
  folders.push(path);
  return path;
}
afterEach(() => {
  for (const path of folders.splice(0)) rmSync(path, { recursive: true });
});

function open(path: string): Store {
  return new Store(new FileLog(path));
}

function written(): string {
  const path = join(folder(), "cloud.log");
  const store = open(path);
  for (let n = 1; n <= 4; n++) {
    store.transact((transaction) => {
      transaction.put("a", `k${n}`, { n });
      if (n === 3) transaction.delete("a", "k1");
      transaction.next("count");
    });
  }
  store.close();
  return path;
}

describe("a store in a file", () => {
  test("reads back what was written, in order", () => {
    const store = open(written());
    expect([...store.collection("a")]).toEqual([
      ["k2", { n: 2 }],
      ["k3", { n: 3 }],
      ["k4", { n: 4 }],
    ]);
    expect(store.transact((transaction) => transaction.next("count"))).toBe(5);
    store.close();
  });

  test("is for its owner's eyes, also after it was compacted: it holds secrets as a cloud does", () => {
    const path = written();
    const mode = () => (statSync(path).mode & 0o777).toString(8);
    expect(mode()).toBe("600");
    new FileLog(path).compact([["a", "k", 1]]);
    expect(mode()).toBe("600");
  });

  test("cut off anywhere, holds a prefix of the transactions and goes on from there", () => {
    const path = written();
    const bytes = readFileSync(path);
    for (let length = 0; length <= bytes.length; length++) {
      writeFileSync(path, bytes);
      truncateSync(path, length);
      const store = open(path);
      const keys = [...store.collection("a").keys()].join(" ");
      expect(["", "k1", "k1 k2", "k2 k3", "k2 k3 k4"]).toContain(keys);
      store.transact((transaction) => transaction.put("a", "new", 1));
      store.close();
      expect([...open(path).collection("a").keys()].join(" ")).toBe(`${keys} new`.trim());
    }
  });

  test("with any other byte changed, is refused or cut off there, never read wrongly", () => {
    const path = written();
    const bytes = readFileSync(path);
    const right = ["", "k1", "k1 k2", "k2 k3", "k2 k3 k4"];
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      writeFileSync(path, changed);
      let keys: string;
      try {
        keys = [...open(path).collection("a").keys()].join(" ");
      } catch (error) {
        expect(String(error)).toMatch(/BERTH520[23]/);
        continue;
      }
      expect(right).toContain(keys);
    }
  });

  test("changes nothing when a transaction throws", () => {
    const path = written();
    const store = open(path);
    const before = readFileSync(path);
    expect(() =>
      store.transact((transaction) => {
        transaction.put("a", "k9", 9);
        throw new Error("no");
      }),
    ).toThrow("no");
    expect(store.collection("a").has("k9")).toBe(false);
    expect(readFileSync(path)).toEqual(before);
    store.close();
  });

  test("grows with what it holds, not with what was ever written", () => {
    const path = join(folder(), "cloud.log");
    const store = open(path);
    const text = "x".repeat(10_000);
    for (let n = 0; n < 500; n++)
      store.transact((transaction) => transaction.put("a", `k${n % 10}`, `${n} ${text}`));
    store.close();
    expect(readFileSync(path).length).toBeLessThan(1_300_000);
    expect(open(path).collection("a").get("k9")).toBe(`499 ${text}`);
  });

  test("takes nothing while it is only looked at", () => {
    const store = new Store(new FileLog(written(), { readOnly: true }));
    expect(store.collection("a").size).toBe(3);
    expect(() => store.transact((transaction) => transaction.put("a", "k9", 9))).toThrow("BERTH5205");
  });
});

describe("the lock of a folder", () => {
  test("is held by one, and free again after release", () => {
    const path = folder();
    const lock = FolderLock.acquire(path);
    expect(() => FolderLock.acquire(path)).toThrow(`process ${process.pid}`);
    lock.release();
    FolderLock.acquire(path).release();
  });

  test("of a process that died is taken over", () => {
    const path = folder();
    writeFileSync(join(path, "lock-7"), "4194304999\n");
    const lock = FolderLock.acquire(path);
    expect(() => FolderLock.acquire(path)).toThrow("BERTH5201");
    lock.release();
  });
});

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { azureBlobBackend, type LeaseTimes, type StateBackend, type StateSession } from "@berth/state";
import { operationOn, recordOf, stateBackendContract } from "@berth/state/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { setup as build } from "../workspace/build.ts";
import { workspaceRoot } from "../workspace/rooms.ts";
import { Azurite } from "./azurite.ts";
import { startFlakyProxy } from "./flaky-proxy.ts";

// The state in blobs against Azurite: a real server, on this machine.
let azurite: Azurite;
beforeAll(async () => {
  azurite = await Azurite.start();
});
afterAll(() => azurite.stop());

/** The shortest lease that the service grants, never renewed: it runs out while a test waits. */
const shortLease: LeaseTimes = { ttl: 15_000, renewal: 2 ** 30 };

function open(container: string, lease?: LeaseTimes, endpoint?: string): StateBackend {
  return azureBlobBackend({
    url: `azblob://${container}/teams/shop`,
    project: "store",
    environment: environment(endpoint),
    directory: workspaceRoot,
    ...(lease && { lease }),
  });
}

const environment = (endpoint?: string) => ({
  AZURE_STORAGE_CONNECTION_STRING: azurite.connectionString(endpoint),
});

describe.concurrent("in blobs", () => {
  test.for(stateBackendContract)("$name", async ({ run }) => {
    const container = await azurite.newContainer();
    await run(
      async () => open(container, shortLease),
      () => sleep(shortLease.ttl + 1000),
    );
  });
});

describe("what is kept in blobs", () => {
  test("is below prefix, project and stack; every committed snapshot is kept", async () => {
    const container = await azurite.newContainer();
    for (const n of [1, 2]) {
      const session = await open(container).lock("dev", { operation: "up" });
      await session.setOutputs({ n });
      await session.commit();
      await session.release();
    }
    const names: string[] = [];
    for await (const { name } of azurite.container(container).listBlobsFlat()) names.push(name);
    const files = ["history/1.json", "history/2.json", "journal.jsonl", "snapshot.json"];
    expect(names).toEqual(files.map((file) => `teams/shop/store/dev/${file}`));
  });

  test("and cut off within a journal's line is read up to the line before, at every byte", async () => {
    const container = await azurite.newContainer();
    const session = await open(container).lock("dev", { operation: "up" });
    await session.begin(operationOn("ä"));
    const before = session.state;
    await session.succeed(operationOn("ä"), { kind: "recorded", record: recordOf("ä") });
    const after = session.state;
    await session.release();
    const journal = azurite.container(container).getAppendBlobClient("teams/shop/store/dev/journal.jsonl");
    const bytes = await journal.downloadToBuffer();
    const lastLine = bytes.lastIndexOf("\n", bytes.length - 2) + 1;
    for (let length = lastLine; length <= bytes.length; length++) {
      await journal.create();
      await journal.appendBlock(bytes.subarray(0, length), length);
      const isWhole = length >= bytes.length - 1;
      expect(await open(container).read("dev"), `${length} bytes`).toEqual(isWhole ? after : before);
    }
  });

  test("and changed in any byte of the snapshot is refused", async () => {
    const container = await azurite.newContainer();
    const session = await open(container).lock("dev", { operation: "up" });
    await session.setOutputs({ a: 1 });
    await session.commit();
    await session.release();
    const snapshot = azurite.container(container).getBlockBlobClient("teams/shop/store/dev/snapshot.json");
    const bytes = await snapshot.downloadToBuffer();
    for (let at = 0; at < bytes.length; at += 7) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 0x01;
      await snapshot.upload(changed, changed.length);
      await expect(open(container).read("dev")).rejects.toThrow(/BERTH400[45]/);
    }
  });

  test("and damaged is repaired from the kept snapshots; the damaged blobs stay beside", async () => {
    const container = await azurite.newContainer();
    for (const name of ["a", "b"]) {
      const session = await open(container).lock("dev", { operation: "up" });
      await session.begin(operationOn(name));
      await session.succeed(operationOn(name), { kind: "recorded", record: recordOf(name) });
      await session.commit();
      await session.release();
    }
    const { resources } = await open(container).read("dev");
    const snapshot = azurite.container(container).getBlockBlobClient("teams/shop/store/dev/snapshot.json");
    const text = (await snapshot.downloadToBuffer()).toString().replace("things/a", "things/x");
    await snapshot.upload(text, text.length);
    await expect(open(container).read("dev")).rejects.toThrow("BERTH4004");
    const outcome = await open(container).repair("dev", async () => true);
    const kept = `azblob://${container}/teams/shop/store/dev/snapshot.json.damaged-3`;
    expect(outcome).toMatchObject({ kind: "repaired", kept: [kept] });
    expect((await open(container).read("dev")).resources).toEqual(resources);
  });

  test("is refused where the container does not exist, without saying how berth signs in", async () => {
    const error: unknown = await open("no-such-container")
      .lock("dev", { operation: "up" })
      .catch((thrown: unknown) => thrown);
    expect(String(error)).toContain("BERTH4053");
    expect(JSON.stringify(error) + String(error)).not.toMatch(/AccountKey|Eby8vdM02/);
  });
});

describe("a lock in blobs", () => {
  test("of a process of this machine that was killed is taken over at once", async () => {
    const container = await azurite.newContainer();
    const holder = spawn(process.execPath, ["-e", holdLock(container)], {
      env: { ...process.env, ...environment(), NODE_OPTIONS: "--conditions=@berth/source" },
      cwd: path.join(workspaceRoot, "packages/bench"),
    });
    await once(holder.stdout, "data");
    holder.kill("SIGKILL");
    await once(holder, "close");
    expect((await open(container).holder("dev"))?.state).toBe("dead");
    const session = await open(container).lock("dev", { operation: "up" });
    expect(session.state.pending).toEqual([operationOn("a")]);
    await session.release();
  });

  function holdLock(container: string): string {
    return `
      const { azureBlobBackend } = await import("@berth/state");
      const { operationOn } = await import("@berth/state/testing");
      const backend = azureBlobBackend({ url: "azblob://${container}/teams/shop", project: "store", environment: process.env, directory: "." });
      const session = await backend.lock("dev", { operation: "up" });
      await session.begin(operationOn("a"));
      console.log("held");
      setInterval(() => {}, 1000);`;
  }

  test("is renewed while its holder works", { timeout: 60_000 }, async () => {
    const container = await azurite.newContainer();
    const session = await open(container, { ttl: 15_000, renewal: 5_000 }).lock("dev", { operation: "up" });
    await sleep(20_000);
    await expect(open(container).lock("dev", { operation: "up" })).rejects.toThrow("BERTH4001");
    await session.setOutputs({ a: 1 });
    await session.release();
  });
});

describe("a network that fails at any request", { timeout: 300_000 }, () => {
  /** Records three things, commits after two and at the end; says what is durable. */
  async function write(backend: StateBackend, acknowledged: (name: string) => void): Promise<void> {
    const session = await backend.lock("dev", { operation: "up" });
    try {
      for (const name of ["a", "b", "c"]) {
        await session.begin(operationOn(name));
        await session.succeed(operationOn(name), { kind: "recorded", record: recordOf(name) });
        acknowledged(name);
        if (name === "b") await session.commit();
      }
      await session.commit();
    } finally {
      await session.release();
    }
  }

  /** Whoever was cut off before it said who it was has a lease that runs out. */
  async function lockInTime(backend: StateBackend): Promise<StateSession> {
    const start = performance.now();
    for (;;) {
      try {
        return await backend.lock("dev", { operation: "up" });
      } catch (error) {
        if (!/BERTH4001.*runs out/.test(String(error)) || performance.now() - start > 30_000) throw error;
      }
    }
  }

  /** Runs `meet` for each request of an undisturbed writer, several at once. */
  async function atEachRequest(meet: (at: number) => Promise<void>): Promise<void> {
    const proxy = await startFlakyProxy(azurite.endpoint, undefined);
    await write(open(await azurite.newContainer(), undefined, proxy.endpoint), () => {});
    proxy.close();
    expect(proxy.count()).toBeGreaterThan(20);
    await Promise.all(Array.from({ length: proxy.count() }, (_, i) => meet(i + 1)));
  }

  test("so that an answer is lost changes nothing: what was done is not done twice", async () => {
    await atEachRequest(async (at) => {
      const container = await azurite.newContainer();
      const proxy = await startFlakyProxy(azurite.endpoint, { kind: "answer-lost", at });
      const acknowledged: string[] = [];
      await write(open(container, undefined, proxy.endpoint), (name) => acknowledged.push(name));
      proxy.close();
      expect(acknowledged, `request ${at}`).toEqual(["a", "b", "c"]);
      const { resources, serial } = await open(container).read("dev");
      expect([resources.length, serial], `request ${at}`).toEqual([3, 6]);
      expect(await open(container).holder("dev"), `request ${at}`).toBeUndefined();
    });
  });

  test("and stays so leaves a state that opens, with all that was acknowledged", async () => {
    await atEachRequest(async (at) => {
      const container = await azurite.newContainer();
      const proxy = await startFlakyProxy(azurite.endpoint, { kind: "cut-off", at });
      const acknowledged: string[] = [];
      const failure: unknown = await write(open(container, shortLease, proxy.endpoint), (name) =>
        acknowledged.push(name),
      ).catch((error: unknown) => error);
      proxy.close();
      if (failure !== undefined) expect(String(failure), `request ${at}`).toMatch(/BERTH4054|BERTH4012/);
      const { resources, pending } = await open(container).read("dev");
      const names = resources.map(({ id }) => id.slice("things/".length));
      expect(names.slice(0, acknowledged.length), `request ${at}`).toEqual(acknowledged);
      expect(names.length + pending.length).toBeLessThanOrEqual(acknowledged.length + 1);

      const holder = await open(container).holder("dev");
      if (holder) await open(container).unlock("dev", holder.id);
      const session = await lockInTime(open(container));
      expect(session.state.resources, `request ${at}`).toEqual(resources);
      await session.begin(operationOn("d"));
      await session.commit();
      await session.release();
      expect((await open(container).read("dev")).pending.length).toBe(pending.length + 1);
    });
  });
});

describe("twenty who apply to one stack in blobs at once", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), "berth-azurite-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("do so one after the other, and none corrupts", { timeout: 300_000 }, async () => {
    const container = await azurite.newContainer();
    const url = `azblob://${container}`;
    const fixture = path.join(workspaceRoot, "packages/engine/src/fixtures/run-contention.ts");
    const { stdout } = await promisify(execFile)(process.execPath, [fixture, folder, url, "20"], {
      env: { ...process.env, ...environment(), NODE_OPTIONS: "--conditions=@berth/source" },
    });
    const found = JSON.parse(stdout) as {
      readonly statuses: readonly string[];
      readonly refusals: number;
      readonly turns: readonly string[];
      readonly balance: readonly number[];
      readonly stepsLeft: number;
    };
    expect(found.statuses).toEqual(Array.from({ length: 20 }, () => "succeeded"));
    expect(found.refusals).toBeGreaterThan(0);
    expect(new Set(found.turns).size, found.turns.join(" ")).toBe(20);
    expect(found.turns).toHaveLength(20);
    expect(found.balance).toEqual(Array.from({ length: 10 }, () => 1));
    expect(found.stepsLeft).toBe(0);
  });

  test(
    "with the command: those that come second are refused, and nothing is left to do",
    { timeout: 300_000 },
    async () => {
      await build();
      const container = await azurite.newContainer();
      const project = path.join(folder, "store");
      const example = path.join(workspaceRoot, "examples/aks-store");
      cpSync(example, project, {
        recursive: true,
        filter: (source) => !/[\\/](node_modules|\.berth|dist)$/.test(source),
      });
      symlinkSync(path.join(example, "node_modules"), path.join(project, "node_modules"), "junction");
      const file = path.join(project, "berth.yaml");
      writeFileSync(file, `${readFileSync(file, "utf8").trimEnd()}\nbackend: azblob://${container}/stores\n`);
      const berth = async (...words: readonly string[]) => {
        const command = path.join(workspaceRoot, "packages/cli/dist/berth.js");
        const child = spawn(process.execPath, [command, ...words, "--cwd", project, "--stack", "dev"], {
          env: { ...process.env, ...environment(), BERTH_PASSPHRASE: "for all of us" },
        });
        let said = "";
        child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
        child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
        const [code] = (await once(child, "close")) as [number | null];
        return { code, said };
      };
      const ended = await Promise.all(Array.from({ length: 20 }, () => berth("up", "--yes")));
      expect(ended.filter(({ code }) => code === 0).length).toBeGreaterThan(0);
      for (const { code, said } of ended.filter((each) => each.code !== 0))
        expect([code, said], said).toEqual([1, expect.stringContaining("BERTH4001")]);
      const { code, said } = await berth("preview", "--detailed-exitcode");
      expect(code, said).toBe(0);
      expect(existsSync(path.join(project, ".berth/state"))).toBe(false);
    },
  );
});

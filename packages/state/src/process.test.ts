import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fileBackend } from "./file-backend.ts";
import { ownIdentity } from "./process-identity.ts";
import { type Fault, faultEnvironment } from "./testing/fault.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "berth-state-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const backend = () => fileBackend({ directory, project: "store" });

function start(fixture: string, fault?: Fault): ChildProcessWithoutNullStreams {
  const file = join(import.meta.dirname, "fixtures", fixture);
  const env = { ...process.env, NODE_OPTIONS: "--conditions=@berth/source" };
  return spawn(process.execPath, [file, directory], {
    env: fault ? { ...env, ...withOptions(env.NODE_OPTIONS, faultEnvironment(fault)) } : env,
  });
}

function withOptions(options: string, fault: Record<string, string>): Record<string, string> {
  return { ...fault, NODE_OPTIONS: `${options} ${fault["NODE_OPTIONS"] ?? ""}` };
}

interface Ended {
  readonly output: readonly string[];
  readonly errors: string;
  readonly signal: string | null;
}

async function ended(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  let [output, errors] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const [, signal] = (await once(child, "close")) as [number | null, string | null];
  return { output: output.split("\n").filter(Boolean), errors, signal };
}

describe("a real process", () => {
  test.each(["kill", "full"] as const)(
    "that meets %s at any write leaves a state that opens, with all that was acknowledged",
    { timeout: 180_000 },
    async (kind) => {
      const runs: number[] = [];
      // In steps that meet every kind of write; test:long meets each of them.
      const step = process.env["BERTH_LONG"] === "1" ? 1 : 7;
      for (let at = 1; ; at += step) {
        rmSync(directory, { recursive: true, force: true });
        mkdirSync(directory);
        const first = await ended(start("writer.ts", { kind, at, path: directory }));
        if (first.output.includes("done")) break;
        const met = kind === "kill" ? first.signal === "SIGKILL" : /BERTH401[02]/.test(first.errors);
        expect(met, first.errors).toBe(true);
        const acknowledged = first.output;
        const found = await backend().read("dev");
        const names = found.resources.map((record) => record.id.slice("things/".length));
        expect(names.slice(0, acknowledged.length), `write ${at}`).toEqual(acknowledged);
        expect(names.length + found.pending.length, `write ${at}`).toBeLessThanOrEqual(
          acknowledged.length + 1,
        );

        const second = await ended(start("writer.ts"));
        expect(second.output.at(-1), second.errors).toBe("done");
        expect((await backend().read("dev")).resources).toHaveLength(10);
        expect(readdirSync(join(directory, "dev"))).toEqual(["snapshot.json"]);
        runs.push(at);
      }
      expect(runs.length).toBeGreaterThan(5);
    },
  );

  test("a lock whose process is dead is taken over by exactly one of many", { timeout: 60_000 }, async () => {
    for (let round = 0; round < 3; round++) {
      const dead = start("taker.ts");
      await once(dead.stdout, "data");
      dead.kill("SIGKILL");
      await once(dead, "close");
      expect(existsSync(join(directory, "dev", "lock"))).toBe(true);

      const takers = Array.from({ length: 4 }, () => start("taker.ts"));
      const said = await Promise.all(
        takers.map(async (taker) => String((await once(taker.stdout, "data"))[0]).trim()),
      );
      expect(said.toSorted()).toEqual(["BERTH4001", "BERTH4001", "BERTH4001", "held"]);
      for (const taker of takers) taker.stdin.end();
      await Promise.all(takers.map(async (taker) => taker.exitCode ?? once(taker, "close")));
      expect(existsSync(join(directory, "dev"))).toBe(false);
    }
  });
});

describe("a lock", () => {
  const own = ownIdentity();
  const holder = {
    id: "00000000-0000-4000-8000-000000000000",
    operation: "up",
    user: "ann",
    host: own.host,
    pid: own.pid,
    since: "2026-11-23T10:00:00.000Z",
  };
  const write = (file: string, value: unknown) => {
    mkdirSync(join(directory, "dev"), { recursive: true });
    writeFileSync(join(directory, "dev", file), typeof value === "string" ? value : JSON.stringify(value));
  };
  const lock = () => backend().lock("dev", { operation: "destroy" });

  test("of a process that runs says who holds it and since when", async () => {
    write("lock", { ...holder, process: own });
    await expect(lock()).rejects.toThrow(
      `stack "dev" is locked by ann@${own.host}, process ${own.pid}, running up since 2026-11-23T10:00:00.000Z`,
    );
  });

  test.runIf(process.platform === "linux").each([
    ["a process that got the same number later", { ...own, started: "1" }],
    ["a process before the last boot", { ...own, boot: "another" }],
    ["a process that is gone", { ...own, pid: 2 ** 22 + 1 }],
  ])("of %s is taken over", async (_, process) => {
    write("lock", { ...holder, process });
    await (await lock()).release();
  });

  test.runIf(process.platform === "linux").each([
    ["another machine", { ...own, host: "elsewhere" }],
    ["another container", { ...own, namespace: "pid:[1]" }],
  ])("of %s is left alone, for nobody can tell", async (_, process) => {
    write("lock", { ...holder, process });
    await expect(lock()).rejects.toThrow("BERTH4001");
  });

  test("whose taker died on the way is taken over too, and what it left is swept", async () => {
    const dead = { ...own, pid: 2 ** 22 + 1 };
    const second = "00000000-0000-4000-8000-000000000001";
    write("lock", { ...holder, process: dead });
    write(`lock.after-${holder.id}`, { ...holder, id: second, process: dead });
    write(`lock.${second}.new`, "");
    const session = await lock();
    expect(readdirSync(join(directory, "dev"))).toEqual(["lock"]);
    await session.release();
  });

  test("whose taker lives is held", async () => {
    write("lock", { ...holder, process: { ...own, pid: 2 ** 22 + 1 } });
    write(`lock.after-${holder.id}`, { ...holder, id: "00000000-0000-4000-8000-000000000001", process: own });
    await expect(lock()).rejects.toThrow("BERTH4001");
  });

  test("that cannot be read is refused", async () => {
    for (const text of ["", "{", "[]", "{}", JSON.stringify({ ...holder, id: "../x", process: own })]) {
      write("lock", text);
      await expect(lock()).rejects.toThrow("BERTH4003");
    }
  });

  test("that somebody took away stops the writer", async () => {
    const session = await lock();
    rmSync(join(directory, "dev", "lock"));
    await expect(session.setOutputs({ a: 1 })).rejects.toThrow("BERTH4002");
    await expect(session.setOutputs({ a: 2 })).rejects.toThrow("BERTH4012");
    await session.release();
    const other = await lock();
    const text = readFileSync(join(directory, "dev", "lock"), "utf8");
    await session.release();
    expect(readFileSync(join(directory, "dev", "lock"), "utf8")).toBe(text);
    expect(other.state.outputs).toEqual({});
    await other.release();
  });
});

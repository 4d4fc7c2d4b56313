import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fileBackend } from "./file-backend.ts";
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
        expect(readdirSync(join(directory, "dev")).filter((file) => /new$|^journal/.test(file))).toEqual([]);
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
      expect((await backend().holder("dev"))?.state).toBe("dead");

      const takers = Array.from({ length: 4 }, () => start("taker.ts"));
      const said = await Promise.all(
        takers.map(async (taker) => String((await once(taker.stdout, "data"))[0]).trim()),
      );
      expect(said.toSorted()).toEqual(["BERTH4001", "BERTH4001", "BERTH4001", "held"]);
      for (const taker of takers) taker.stdin.end();
      await Promise.all(takers.map(async (taker) => taker.exitCode ?? once(taker, "close")));
      expect(await backend().holder("dev")).toBeUndefined();
    }
  });
});

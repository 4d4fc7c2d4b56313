import { fileBackend } from "@berth/state";
import { faultEnvironment } from "@berth/state/testing";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { preview } from "./preview.ts";
import { operationOf } from "./fixtures/stack.ts";
import { tenThings } from "./fixtures/ten-things.ts";
import { TestCloud } from "./fixtures/test-cloud.ts";
import { thingsOnDisk } from "./fixtures/things-on-disk.ts";

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "berth-killed-"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Ended {
  readonly output: string;
  readonly errors: string;
  readonly signal: string | null;
}

async function operate(folder: string, what: string, killAt?: number): Promise<Ended> {
  const base = { ...process.env, NODE_OPTIONS: "--conditions=@berth/source" };
  const fault =
    killAt === undefined ? {} : faultEnvironment({ kind: "kill", at: killAt, path: join(folder, "state") });
  const env = { ...base, ...fault, NODE_OPTIONS: `${base.NODE_OPTIONS} ${fault["NODE_OPTIONS"] ?? ""}` };
  const child = spawn(process.execPath, [join(import.meta.dirname, "fixtures", "operate.ts"), folder, what], {
    env,
  });
  let [output, errors] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const [, signal] = (await once(child, "close")) as [number | null, string | null];
  return { output: output.trim(), errors, signal };
}

/** How often each thing was made and deleted. */
function balance(folder: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const line of thingsOnDisk(join(folder, "cloud")).history()) {
    const [what, id = ""] = line.split(" ");
    const step = what === "created" ? 1 : what === "deleted" ? -1 : 0;
    counts.set(id, (counts.get(id) ?? 0) + step);
  }
  return counts;
}

async function stepsLeft(folder: string, what: string): Promise<number> {
  const cloud = new TestCloud({ things: thingsOnDisk(join(folder, "cloud")) });
  const backend = fileBackend({ directory: join(folder, "state"), project: "test" });
  const operation = await operationOf(what === "edit" ? tenThings("new") : tenThings("old"), cloud, backend);
  return (await preview({ ...operation, operation: what === "destroy" ? "destroy" : "up" })).plan.steps
    .length;
}

// Every write in test:long; in between, enough of them to meet each kind.
const stride = process.env["BERTH_LONG"] === "1" ? 1 : 11;

describe("a real process killed at a write of the state", () => {
  test.each(["up", "edit", "destroy"])(
    "of %s leaves a state from which the next one goes on: nothing twice, nothing lost",
    { timeout: 600_000 },
    async (what) => {
      const ready = join(root, `${what}-ready`);
      if (what !== "up") expect((await operate(ready, "up")).output).toBe("succeeded");
      let kills = 0;
      for (let at = 1; ; at += stride) {
        const folder = join(root, `${what}-${at}`);
        if (what !== "up") cpSync(ready, folder, { recursive: true });
        const first = await operate(folder, what, at);
        if (first.signal !== "SIGKILL") {
          expect(first.output, first.errors).toBe("succeeded");
          break;
        }
        kills += 1;
        const second = await operate(folder, what);
        expect(second.output, `write ${at}: ${second.errors}`).toBe("succeeded");

        const things = thingsOnDisk(join(folder, "cloud"));
        const { resources, pending } = await fileBackend({
          directory: join(folder, "state"),
          project: "test",
        }).read("dev");
        expect(pending).toEqual([]);
        expect(resources.map((record) => record.id).toSorted()).toEqual(things.ids());
        expect(things.ids()).toHaveLength(what === "destroy" ? 0 : 10);
        for (const [id, count] of balance(folder))
          expect(count, `write ${at}: ${id}`).toBe(things.get(id) ? 1 : 0);
        expect(await stepsLeft(folder, what), `write ${at}`).toBe(0);
        const files = readdirSync(join(folder, "state", "dev"));
        expect(files.filter((file) => /^journal|new$/.test(file))).toEqual([]);
        expect(readFileSync(join(folder, "state", "dev", "snapshot.json"), "utf8")).not.toContain(
          "a-secret-of-c",
        );
        rmSync(folder, { recursive: true });
      }
      expect(kills).toBeGreaterThan(2);
    },
  );
});

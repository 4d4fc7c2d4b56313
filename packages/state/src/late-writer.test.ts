import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fileBackend } from "./file-backend.ts";
import { operationOn, recordOf } from "./testing/records.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "berth-late-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const isLong = process.env["BERTH_LONG"] === "1";

/** As if nobody had renewed the stack's lock for more than a minute. */
function age(): void {
  const folder = join(directory, "dev");
  const renewed = Date.now() / 1000 - 61;
  for (const file of readdirSync(folder))
    if (/^lock\.\d+$/.test(file)) utimesSync(join(folder, file), renewed, renewed);
}

test.skipIf(process.platform === "win32")(
  "a process that was stopped anywhere, and wakes after its lock was taken over, changes nothing",
  { timeout: isLong ? 3_600_000 : 120_000 },
  async () => {
    const backend = fileBackend({ directory, project: "store" });
    const met = { late: 0, finished: 0 };
    for (let round = 0; round < (isLong ? 200 : 8); round++) {
      rmSync(join(directory, "dev"), { recursive: true, force: true });
      const writer = spawn(
        process.execPath,
        [join(import.meta.dirname, "fixtures", "writer.ts"), directory],
        {
          env: { ...process.env, NODE_OPTIONS: "--conditions=@berth/source" },
        },
      );
      let [output, errors] = ["", ""];
      writer.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
      writer.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
      const ended = once(writer, "close");
      await once(writer.stdout, "data");
      // Somewhere between two of its writes, or within one.
      await sleep((round * 1.7) % 12);
      writer.kill("SIGSTOP");
      await sleep(5);
      age();
      const next = await backend.lock("dev", { operation: "up" });
      const found = next.state;
      await next.begin(operationOn("z"));
      await next.succeed(operationOn("z"), { kind: "recorded", record: recordOf("z") });
      writer.kill("SIGCONT");
      await ended;
      await next.begin(operationOn("y"));
      await next.commit();
      await next.release();

      const acknowledged = output.split("\n").filter((line) => /^r\d$/.test(line));
      const isFinished = output.includes("done");
      if (!isFinished) expect(errors, `round ${round}`).toMatch(/BERTH40(02|12)/);
      met[isFinished ? "finished" : "late"] += 1;
      const recorded = found.resources.map(({ id }) => id.slice("things/".length));
      expect(recorded.slice(0, acknowledged.length), `round ${round}`).toEqual(acknowledged);
      const state = await backend.read("dev");
      expect(state.resources, `round ${round}`).toEqual([...found.resources, recordOf("z")]);
      expect(state.pending, `round ${round}`).toEqual(
        [...found.pending, operationOn("y")].toSorted((a, b) => (a.urn < b.urn ? -1 : 1)),
      );
    }
    expect(met.late, JSON.stringify(met)).toBeGreaterThan(0);
  },
);

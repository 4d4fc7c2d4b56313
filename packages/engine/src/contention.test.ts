import { fileBackend } from "@berth/state";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { contend } from "./fixtures/contention.ts";

test(
  "twenty processes that apply to one stack at once do so one after the other, and none corrupts",
  { timeout: 180_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "berth-contention-"));
    try {
      const backend = fileBackend({ directory: join(folder, "state"), project: "test" });
      const { statuses, refusals, turns, balance, stepsLeft } = await contend(
        folder,
        { url: "file://state", backend },
        20,
      );
      expect(statuses).toEqual(Array.from({ length: 20 }, () => "succeeded"));
      expect(refusals).toBeGreaterThan(0);
      expect(new Set(turns).size, `each has one turn: ${turns.join(" ")}`).toBe(turns.length);
      expect(turns).toHaveLength(20);
      expect([...balance.values()]).toEqual(Array.from({ length: 10 }, () => 1));
      expect(stepsLeft).toBe(0);
      const { resources, pending } = await backend.read("dev");
      expect([resources.length, pending]).toEqual([10, []]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "vitest";
import type { StateBackend } from "./backend.ts";
import { fileBackend } from "./file-backend.ts";
import { memoryBackend } from "./memory-backend.ts";
import { stateBackendContract } from "./testing/contract.ts";

describe.each(stateBackendContract)("$name", ({ run }) => {
  test("in memory", async () => {
    const backend = memoryBackend({ project: "store" });
    await run(async () => backend);
  });

  test("in files", async () => {
    const directory = await mkdtemp(join(tmpdir(), "berth-state-"));
    try {
      await run(async (): Promise<StateBackend> =>
        fileBackend({ directory: join(directory, "state"), project: "store" }),
      );
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});

import { mkdtemp, readdir, rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "vitest";
import type { StateBackend } from "./backend.ts";
import { fileBackend } from "./file-backend.ts";
import { memoryBackend } from "./memory-backend.ts";
import { stateBackendContract } from "./testing/contract.ts";

describe.each(stateBackendContract)("$name", ({ run }) => {
  test("in memory", async () => {
    let now = Date.now();
    const backend = memoryBackend({ project: "store", now: () => now });
    await run(
      async () => backend,
      async () => {
        now += 61_000;
      },
    );
  });

  test("in files", async () => {
    const directory = await mkdtemp(join(tmpdir(), "berth-state-"));
    try {
      await run(
        async (): Promise<StateBackend> =>
          fileBackend({ directory: join(directory, "state"), project: "store" }),
        (stack) => age(join(directory, "state", stack)),
      );
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});

/** Makes a folder's lock files look as if they were not renewed for more than a minute. */
async function age(folder: string): Promise<void> {
  const renewed = Date.now() / 1000 - 61;
  for (const file of await readdir(folder))
    if (/^lock\.\d+$/.test(file)) await utimes(join(folder, file), renewed, renewed);
}

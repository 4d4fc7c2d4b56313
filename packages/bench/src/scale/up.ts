import { up } from "@berth/engine";
import { planStack } from "@berth/planner";
import { fileBackend, memoryBackend, openSecrets, type StateBackend } from "@berth/state";
import { mkdtempSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Bench, Measurement } from "../bench.ts";
import { growthBeyondNLogN } from "./growth.ts";
import { type Clock, timeOf } from "./interleaved.ts";
import { definitionOfItem, itemProvider } from "./item.ts";
import { declareItems, type Shape, shapes } from "./shapes.ts";

const counts = [1_000, 10_000, 50_000] as const;

/** Creates whole stacks: with the state in memory, which is the engine alone, and in files, which is the disk too. */
export const upOfMany: Bench = {
  name: "up",
  description: "creating stacks with a provider that answers at once, from the program to the last record",
  async run(progress) {
    const measurements: Measurement[] = [
      { name: "a durable append to a file", value: await durableAppend(), unit: "ms" },
    ];
    await upOnce(shapes[0]!, 1_000, memoryBackend({ project: "bench" }));
    for (const kind of ["memory", "files"] as const) {
      for (const shape of shapes) {
        progress(`state in ${kind}, ${shape.name}, ${counts.join(", ")} resources`);
        const times: number[] = [];
        for (const count of counts) {
          const milliseconds = await withBackend(kind, (backend) => upOnce(shape, count, backend));
          times.push(milliseconds);
          measurements.push({
            name: `up, state in ${kind}, ${shape.name}, ${count}`,
            value: Math.round(count / (milliseconds / 1000)),
            unit: "resources/s",
          });
        }
        measurements.push({
          name: `  from ${counts[1]} to ${counts[2]}, beside n log n`,
          value: growthBeyondNLogN(
            { count: counts[1], milliseconds: times[1]! },
            { count: counts[2], milliseconds: times[2]! },
          ),
          unit: "times",
          target: { atMost: 1 },
        });
      }
    }
    return measurements;
  },
};

/** Milliseconds of an `up`, declaration included. On an empty state it creates everything. */
export async function upOnce(
  shape: Shape,
  count: number,
  backend: StateBackend,
  clock: Clock = timeOf,
): Promise<number> {
  const provider = itemProvider();
  return clock(async () => {
    const graph = await declareItems(shape, count);
    const { status, problems } = await up({
      graph,
      definition: definitionOfItem,
      providers: () => new Map([[provider.name, provider]]),
      backend,
      secrets: (recorded) => openSecrets({ recorded, passphrase: undefined, keyFile: "no secrets here" }),
      plan: planStack,
    });
    if (status !== "succeeded") throw new Error(`up ${status}: ${problems[0]?.message}`);
  });
}

/** A backend without any state; what it wrote to the disk is removed after. */
export async function withBackend<T>(
  kind: "memory" | "files",
  use: (backend: StateBackend) => Promise<T>,
): Promise<T> {
  if (kind === "memory") return use(memoryBackend({ project: "bench" }));
  const directory = mkdtempSync(path.join(tmpdir(), "berth-bench-"));
  try {
    return await use(fileBackend({ directory, project: "bench" }));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Milliseconds of appending a line and syncing it: what the disk asks for each write of a journal. */
async function durableAppend(): Promise<number> {
  const times = 200;
  const folder = mkdtempSync(path.join(tmpdir(), "berth-bench-"));
  const file = await open(path.join(folder, "appended"), "a");
  try {
    const line = `${"a".repeat(500)}\n`;
    const all = await timeOf(async () => {
      for (let i = 0; i < times; i++) {
        await file.writeFile(line);
        await file.datasync();
      }
    });
    return all / times;
  } finally {
    await file.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

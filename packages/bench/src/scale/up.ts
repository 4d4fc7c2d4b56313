import type { Graph } from "@berth/core";
import { type ApplyOperation, destroy, up } from "@berth/engine";
import { planStack } from "@berth/planner";
import { fileBackend, memoryBackend, openSecrets, type StateBackend } from "@berth/state";
import { mkdtempSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Bench, Measurement } from "../bench.ts";
import { type Cost, growthMeasurement } from "./growth.ts";
import { definitionOfItem, itemProvider } from "./item.ts";
import { declareItems, type Shape, shapes } from "./shapes.ts";
import { speedMeasurements } from "./speed.ts";
import { type Spent, spentBy } from "./spent.ts";

/** In files, 50,000 would take minutes of waiting for the disk, and show nothing else. */
const counts = { memory: [1_000, 10_000, 50_000], files: [1_000, 10_000] } as const;

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
        progress(`state in ${kind}, ${shape.name}, ${counts[kind].join(", ")} resources`);
        measurements.push(...(await upsOf(shape, kind)));
      }
    }
    return measurements;
  },
};

async function upsOf(shape: Shape, kind: "memory" | "files"): Promise<readonly Measurement[]> {
  const measurements: Measurement[] = [];
  const costs: Cost[] = [];
  for (const count of counts[kind]) {
    const spent = await withBackend(kind, (backend) => upOnce(shape, count, backend));
    costs.push({ count, time: spent.processor });
    measurements.push(...speedMeasurements(`up, state in ${kind}, ${shape.name}, ${count}`, count, spent));
  }
  const [few, many] = costs.slice(-2);
  return few && many ? [...measurements, growthMeasurement(few, many)] : measurements;
}

/** What an `up` takes, declaration included. On an empty state it creates everything. */
export async function upOnce(shape: Shape, count: number, backend: StateBackend): Promise<Spent> {
  return spentBy(async () => {
    const { status, problems } = await up(operationOn(await declareItems(shape, count), backend));
    if (status !== "succeeded") throw new Error(`up ${status}: ${problems[0]?.message}`);
  });
}

/** What it takes to destroy a stack that is made for it. */
export async function destroyOnce(shape: Shape, count: number): Promise<Spent> {
  const backend = memoryBackend({ project: "bench" });
  await upOnce(shape, count, backend);
  const operation = operationOn(await declareItems(shape, count), backend);
  return spentBy(async () => {
    const { status, problems } = await destroy(operation);
    if (status !== "succeeded") throw new Error(`destroy ${status}: ${problems[0]?.message}`);
  });
}

function operationOn(graph: Graph, backend: StateBackend): ApplyOperation {
  const provider = itemProvider();
  return {
    graph,
    definition: definitionOfItem,
    providers: () => new Map([[provider.name, provider]]),
    backend,
    secrets: (recorded) => openSecrets({ recorded, passphrase: undefined, keyFile: "no secrets here" }),
    plan: planStack,
  };
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
    const { elapsed } = await spentBy(async () => {
      for (let i = 0; i < times; i++) {
        await file.writeFile(line);
        await file.datasync();
      }
    });
    return elapsed / times;
  } finally {
    await file.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

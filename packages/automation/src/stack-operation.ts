import { join } from "node:path";
import type { Graph } from "@berth/core";
import type { EngineEvent, Operation } from "@berth/engine";
import { planStack } from "@berth/planner";
import { openSecrets } from "@berth/state";
import { type Cloud, localCloud } from "./cloud.ts";
import { definitionsOf } from "./definitions.ts";
import type { StackProject } from "./stack-project.ts";

/** What every operation can be told. */
export interface StackOperationOptions {
  readonly onEvent?: (event: EngineEvent) => void;
  /** Aborted: running steps finish, no other starts. */
  readonly signal?: AbortSignal;
}

/** Of which stack, and what may be done to its cloud. `look`: nothing, so that many may look at the same time. */
export interface OperationSetting {
  readonly project: StackProject;
  readonly graph: Graph;
  readonly use: "look" | "write";
  readonly options: StackOperationOptions;
}

/**
 * Sets up what every operation of the engine needs (cloud, providers, definitions, secrets, planner), runs one,
 * and closes the cloud.
 */
export async function withOperation<T>(
  { project, graph, use, options }: OperationSetting,
  run: (operation: Operation) => Promise<T>,
): Promise<T> {
  const cloud: Cloud = localCloud(project.dataFolder, use);
  try {
    return await run({
      graph,
      definition: definitionsOf(graph),
      providers: cloud.providers,
      backend: project.backend,
      secrets: (recorded) =>
        openSecrets({
          recorded,
          passphrase: process.env["BERTH_PASSPHRASE"] || undefined,
          keyFile: join(project.dataFolder, "secrets.key"),
        }),
      plan: planStack,
      projectFolder: project.directory,
      ...(options.onEvent && { onEvent: options.onEvent }),
      ...(options.signal && { signal: options.signal }),
    });
  } finally {
    await cloud.close();
  }
}

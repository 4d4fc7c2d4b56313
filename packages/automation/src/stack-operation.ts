import type { Graph } from "@berth/core";
import { BerthError, problem } from "@berth/diagnostics";
import { type EngineEvent, engineCodes, type Operation } from "@berth/engine";
import { planStack, type PlanScope } from "@berth/planner";
import { definitionsOf } from "./definitions.ts";
import { leftBehind, withWarning } from "./left-behind.ts";
import type { Tell } from "./operation-run.ts";
import { withStackReferences } from "./stack-references.ts";
import type { StackProject } from "./stack-project.ts";

/** What every operation can be told. */
export interface StackOperationOptions {
  /** Called with each event as it happens; the same that iterating over the operation gives. */
  readonly onEvent?: (event: EngineEvent) => void;
  /** Aborted: running steps finish, no other starts; before the first one, the operation is broken off. */
  readonly signal?: AbortSignal;
  /** Which part of the stack it is about: a slice that keeps every invariant of the whole. Absent: all of it. */
  readonly scope?: PlanScope;
}

/** Of which stack, and what may be done to its cloud. `look`: nothing, so that many may look at the same time. */
export interface OperationSetting {
  readonly project: StackProject;
  readonly graph: Graph;
  readonly use: "look" | "write";
  readonly tell: Tell;
  readonly signal: AbortSignal | undefined;
  readonly scope: PlanScope | undefined;
}

/**
 * Sets up what every operation of the engine needs (cloud, providers, definitions, secrets, planner), runs one,
 * and closes the cloud.
 */
export async function withOperation<T>(
  { project, graph, use, tell, signal, scope }: OperationSetting,
  run: (operation: Operation) => Promise<T>,
): Promise<T> {
  const key = await project.secretsKey?.(graph.stack);
  const policies = await project.policies();
  const warning = await leftBehind(project, graph.stack);
  const cloud = project.cloud.open(use);
  try {
    return await run({
      graph,
      definition: definitionsOf(graph),
      providers: (records) => withStackReferences(cloud.providers(records), project),
      backend: project.backend,
      secrets: (recorded) => project.secrets(recorded ?? key),
      plan: (request) => withWarning(planStack(request), warning),
      projectFolder: project.directory,
      surroundings: () => project.surroundings(graph.stack),
      ...(policies.length > 0 && { policies }),
      onEvent: tell,
      ...(signal && { signal }),
      ...(scope && { scope }),
    });
  } finally {
    await cloud.close();
  }
}

/** Waits for what cannot be stopped (a program that runs), but no longer than until somebody cancels. @throws BERTH6009 */
export async function untilAborted<T>(signal: AbortSignal | undefined, run: () => Promise<T>): Promise<T> {
  if (!signal) return run();
  let stop = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => {
      const message = "it was cancelled before anything was changed";
      reject(new BerthError([problem(engineCodes.BERTH6009, { message })]));
    };
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await (signal.aborted ? aborted : Promise.race([aborted, run()]));
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

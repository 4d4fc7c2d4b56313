import { join } from "node:path";
import type { Graph, Json, JsonObject, StackState, Value } from "@berth/core";
import {
  type ApplyResult,
  destroy,
  type EngineEvent,
  preview,
  type Operation,
  type PreviewResult,
  up,
  why,
} from "@berth/engine";
import { explainPod, type Explanation, type Plan, planStack } from "@berth/planner";
import { openSecrets, type StateBackend } from "@berth/state";
import { type Cloud, localCloud } from "./cloud.ts";
import { definitionsOf } from "./definitions.ts";
import { loadProgram } from "./loader/load-program.ts";

/** What every operation can be told. */
export interface StackOperationOptions {
  readonly onEvent?: (event: EngineEvent) => void;
  /** Aborted: running steps finish, no other starts. */
  readonly signal?: AbortSignal;
}

/** What a preview can be told besides. */
export interface StackPreviewOptions extends StackOperationOptions {
  /** Plan from the saved snapshot, without asking any API. */
  readonly offline?: boolean;
}

/** What `up` and `destroy` can be told besides. */
export interface StackApplyOptions extends StackOperationOptions {
  /** Asked before anything is applied, and again when the world moved meanwhile. Absent: whatever is planned is applied. */
  readonly approve?: (plan: Plan, because: "first" | "moved") => Promise<boolean>;
}

/** What a stack takes from its project. */
export interface StackProject {
  readonly name: string;
  /** Absolute path of the project's folder. */
  readonly directory: string;
  /** Absolute path of the folder with states, key and local cloud. */
  readonly dataFolder: string;
  /** The program, relative to the folder. */
  readonly entry: string;
  readonly backend: StateBackend;
  configuration(stack: string): Promise<Readonly<Record<string, Json>>>;
}

/**
 * One instance of a project's program: its configuration, its state, its resources. What it throws is a BerthError
 * with all problems; what goes wrong in a step of `up` or `destroy` is in the result instead.
 *
 * @example
 * const stack = (await openProject({ cwd: "shop" })).stack("dev");
 * const { status, problems } = await stack.up({ approve: async (plan) => plan.summary.delete === 0 });
 */
export class Stack {
  readonly project: StackProject;
  readonly name: string;

  constructor(project: StackProject, name: string) {
    this.project = project;
    this.name = name;
  }

  /** Plans, and changes nothing. */
  async preview({ offline, ...rest }: StackPreviewOptions = {}): Promise<PreviewResult> {
    const graph = await this.graph();
    return this.#run(graph, "look", rest, (operation) =>
      preview({ ...operation, ...(offline !== undefined && { offline }) }),
    );
  }

  /**
   * Why a pod goes where {@link Stack.preview} says, from the decision that was made: each node with
   * its verdicts and scores.
   *
   * @param pod `store-front#1` of a pod to come, or the real name of one that runs; `NAMESPACE/` may stand before it
   * @param node only this one, beside the one that was chosen
   * @throws BERTH3204, BERTH3205 and BERTH3206 for names that are not there, or are several
   * @example const { why, nodes } = await stack.why("store-front#1", "user#2");
   */
  async why(
    pod: string,
    node?: string,
    { offline, ...rest }: StackPreviewOptions = {},
  ): Promise<Explanation> {
    const graph = await this.graph();
    return this.#run(graph, "look", rest, (operation) =>
      why({
        ...operation,
        ...(offline !== undefined && { offline }),
        question: { pod, ...(node !== undefined && { node }) },
        explain: explainPod,
      }),
    );
  }

  /** Plans, asks, and applies exactly what was planned. */
  async up(options: StackApplyOptions = {}): Promise<ApplyResult> {
    const graph = await this.graph();
    return this.#run(graph, "write", options, (operation) =>
      up({ ...operation, ...(options.approve && { approve: options.approve }) }),
    );
  }

  /** Deletes everything that the stack made. The program is not run: it may be gone, or broken. */
  async destroy(options: StackApplyOptions = {}): Promise<ApplyResult> {
    const graph = emptyGraph(this.project.name, this.name);
    return this.#run(graph, "write", options, (operation) =>
      destroy({ ...operation, ...(options.approve && { approve: options.approve }) }),
    );
  }

  /** What the last operation applied; secrets encrypted. */
  async state(): Promise<StackState> {
    return this.project.backend.read(this.name);
  }

  /** Outputs as they were last applied; secrets encrypted. */
  async outputs(): Promise<JsonObject> {
    return (await this.state()).outputs;
  }

  /** Runs the program, which declares. */
  async graph(): Promise<Graph> {
    const { directory, entry, name } = this.project;
    const config = namespaced(name, await this.project.configuration(this.name));
    return loadProgram({ directory, entry, project: name, stack: this.name, config });
  }

  async #run<T>(
    graph: Graph,
    use: "look" | "write",
    options: StackOperationOptions,
    run: (operation: Operation) => Promise<T>,
  ): Promise<T> {
    const folder = this.project.dataFolder;
    const cloud: Cloud = localCloud(folder, use);
    try {
      return await run({
        graph,
        definition: definitionsOf(graph),
        providers: cloud.providers,
        backend: this.project.backend,
        secrets: (recorded) =>
          openSecrets({
            recorded,
            passphrase: process.env["BERTH_PASSPHRASE"] || undefined,
            keyFile: join(folder, "secrets.key"),
          }),
        plan: planStack,
        projectFolder: this.project.directory,
        ...(options.onEvent && { onEvent: options.onEvent }),
        ...(options.signal && { signal: options.signal }),
      });
    } finally {
      await cloud.close();
    }
  }
}

/** `replicas` is the project's own `shop:replicas`; `azure:location` stays what it is. */
function namespaced(
  project: string,
  values: Readonly<Record<string, Value>>,
): Readonly<Record<string, Value>> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key.includes(":") ? key : `${project}:${key}`, value]),
  );
}

function emptyGraph(project: string, stack: string): Graph {
  return { project, stack, resources: [], components: [], outputs: {}, index: new Map(), warnings: [] };
}

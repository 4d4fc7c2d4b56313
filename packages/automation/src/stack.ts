import type { Graph, JsonObject, StackState } from "@berth/core";
import {
  type ApplyOperation,
  type ApplyResult,
  checkPlan,
  destroy,
  findResources,
  type FoundResources,
  type ImportQuestion,
  type Operation,
  type PlanCheck,
  preview,
  type PreviewResult,
  refresh,
  type SavedPlan,
  up,
  why,
} from "@berth/engine";
import { BerthError, problem } from "@berth/diagnostics";
import { explainPod, type Explanation, type Plan } from "@berth/planner";
import { revealed } from "./revealed.ts";
import { codes } from "./codes.ts";
import { type PackageName, programText, type ProgramText } from "./import/program-text.ts";
import { OperationRun } from "./operation-run.ts";
import { type StackOperationOptions, untilAborted, withOperation } from "./stack-operation.ts";
import type { StackProject } from "./stack-project.ts";
import { StackRecords } from "./stack-records.ts";

/** What a preview can be told besides. */
export interface StackPreviewOptions extends StackOperationOptions {
  /** Plan from the saved snapshot, without asking any API. */
  readonly offline?: boolean;
  /** Read what is recorded, say what was changed outside of berth, and plan against it. What cannot be read is a warning. */
  readonly drift?: boolean;
  /** The same, and what cannot be read is an error: what `up` with this option would do. */
  readonly refresh?: boolean;
  /** Bind the plan to all that it rests on, so that it can be written to a file: `saved` in the result. */
  readonly save?: boolean;
}

/** What `up` and `destroy` can be told besides. */
export interface StackApplyOptions extends StackOperationOptions {
  /** Asked before anything is applied, and again when the world moved meanwhile. Absent: whatever is planned is applied. */
  readonly approve?: (plan: Plan, because: "first" | "moved") => Promise<boolean>;
  /** Read what is recorded before it is planned, and record what was changed outside of berth before the first step. */
  readonly refresh?: boolean;
  /** What it is for: kept in the state until the next operation that goes to work. */
  readonly message?: string;
  /** How many steps may run at the same time. Default 10. */
  readonly parallel?: number;
  /** Whether, after a step failed, everything that does not need it is still done. */
  readonly continueOnError?: boolean;
}

/** What `up` can be told besides. */
export interface StackUpOptions extends StackApplyOptions {
  /**
   * The plan of a file: exactly this is applied, without asking, or nothing. Its own scope and refresh count.
   *
   * @example await stack.up({ saved: readSavedPlan(await readFile("plan.json", "utf8"), "plan.json") });
   */
  readonly saved?: SavedPlan;
}

/** What `destroy` can be told besides. */
export interface StackDestroyOptions extends StackApplyOptions {
  /** Run the program, for the hooks that deletions call. Otherwise it is not run: it may be gone, or broken. */
  readonly runProgram?: boolean;
}

/** What is to be written into the program: single resources, all that a cluster of the stack has, or a resource group. */
export interface StackImportQuestion extends Pick<ImportQuestion, "resources" | "cluster"> {
  /** Name of a resource group in Azure. */
  readonly resourceGroup?: string;
}

/** The text to add to the program, and what of what was found the stack has already. */
export interface ImportedText extends ProgramText {
  readonly recorded: FoundResources["recorded"];
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
  preview({ offline, drift, refresh, save, ...rest }: StackPreviewOptions = {}): OperationRun<PreviewResult> {
    const looking = {
      ...(offline !== undefined && { offline }),
      ...(drift !== undefined && { drift }),
      ...(refresh !== undefined && { refresh }),
      ...(save !== undefined && { save }),
    };
    return this.#run("look", rest, (operation) => preview({ ...operation, ...looking }));
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
  why(pod: string, node?: string, { offline, ...rest }: StackPreviewOptions = {}): OperationRun<Explanation> {
    return this.#run("look", rest, (operation) =>
      why({
        ...operation,
        ...(offline !== undefined && { offline }),
        question: { pod, ...(node !== undefined && { node }) },
        explain: explainPod,
      }),
    );
  }

  /** Plans, asks, and applies exactly what was planned. */
  up({ saved, ...options }: StackUpOptions = {}): OperationRun<ApplyResult> {
    return this.#run("write", options, (operation) =>
      up({ ...operation, ...applying(options), ...(saved && { saved }) }),
    );
  }

  /**
   * Whether a saved plan still rests on what it was made from. Nothing is planned, so it costs little more than
   * running the program.
   *
   * @throws BERTH6053 where it is a plan of another stack
   * @example const { moved } = await stack.check(readSavedPlan(text, "plan.json"));
   */
  check(saved: SavedPlan, options: StackOperationOptions = {}): OperationRun<PlanCheck> {
    return this.#run("look", options, (operation) => checkPlan(operation, saved));
  }

  /**
   * Deletes everything that the stack made. The program is not run, unless `runProgram` says so.
   *
   * @throws BERTH6071 where a deletion calls a hook, which only the program has
   */
  destroy({ runProgram = false, ...options }: StackDestroyOptions = {}): OperationRun<ApplyResult> {
    return this.#run(
      "write",
      options,
      (operation) => destroy({ ...operation, ...applying(options) }),
      runProgram ? undefined : async () => emptyGraph(this.project.name, this.name),
    );
  }

  /**
   * Records what was changed outside of berth, and changes nothing else. The program is run, since only it knows types
   * of its own; where it cannot be, that is a warning in the plan, and types that come with berth are refreshed.
   *
   * @throws BERTH6030 where something that is recorded cannot be read
   * @example const { plan } = await stack.refresh({ approve: async ({ drift = [] }) => drift.every((each) => each.kind === "changed") });
   */
  refresh(options: StackApplyOptions = {}): OperationRun<ApplyResult> {
    return this.#run(
      "write",
      options,
      (operation) => refresh({ ...operation, ...applying(options) }),
      () => this.#graphForRefresh(),
    );
  }

  /** What is recorded, to be put right by hand. */
  get records(): StackRecords {
    return new StackRecords(this.project.backend, this.name);
  }

  /**
   * Writes the program text for what exists: the next preview of a program with that text shows imports, `up` takes
   * them into the stack. Nothing is recorded here.
   *
   * @throws BERTH6035 to BERTH6037 with everything that is wrong with the question
   * @example const { text } = await stack.import({ resources: [{ type: "azure:ResourceGroup", id: "/subscriptions/…" }] });
   */
  import(
    { resourceGroup, ...question }: StackImportQuestion,
    options: StackOperationOptions = {},
  ): OperationRun<ImportedText> {
    const container = resourceGroup === undefined ? {} : { container: groupOf(resourceGroup) };
    return this.#run(
      "look",
      options,
      async (operation) => {
        const { resources, recorded } = await findResources(operation, { ...question, ...container });
        return { ...programText(resources, packageNames), recorded };
      },
      () => this.#graphForRefresh(),
    );
  }

  /** What the last operation applied; secrets encrypted. */
  async state(): Promise<StackState> {
    return this.project.backend.read(this.name);
  }

  /**
   * Outputs as they were last applied; secrets encrypted, or with `showSecrets` as they are.
   *
   * @throws BERTH4020 where secrets are to be shown and the key is not at hand, BERTH4021 where it is the wrong one
   */
  async outputs({ showSecrets = false }: { readonly showSecrets?: boolean } = {}): Promise<JsonObject> {
    const { outputs, secretsKey } = await this.state();
    return showSecrets ? revealed(outputs, this.project.secrets(secretsKey)) : outputs;
  }

  /** Runs the program, which declares. Secret configuration values that cannot be read are unknown in it. */
  async graph(): Promise<Graph> {
    return this.project.declare(this.name);
  }

  /** What the program warns of is said where it is planned. */
  async #graphForRefresh(): Promise<Graph> {
    const { project, name } = this;
    try {
      return { ...(await project.declare(name, { unreadable: "seal" })), warnings: [] };
    } catch (thrown) {
      const reasons = BerthError.is(thrown) ? thrown.problems : [];
      const why = reasons.map((each) => each.message).join("; ") || String(thrown);
      const message = `the program cannot be run: ${why}`;
      const warnings = [problem(codes.BERTH7005, { message, severity: "warning" })];
      return { ...emptyGraph(project.name, name), warnings };
    }
  }

  #run<T>(
    use: "look" | "write",
    { onEvent, signal, scope }: StackOperationOptions,
    run: (operation: Operation) => Promise<T>,
    declare = () => this.project.declare(this.name, { unreadable: use === "look" ? "seal" : "refuse" }),
  ): OperationRun<T> {
    return new OperationRun(async (tell) => {
      const graph = await untilAborted(signal, declare);
      return withOperation({ project: this.project, graph, use, tell, signal, scope }, run);
    }, onEvent);
  }
}

/** How programs import the packages that come with berth. */
const packageNames: ReadonlyMap<string, PackageName> = new Map([
  ["azure", { from: "@berth/azure", as: "azure" }],
  ["kubernetes", { from: "@berth/kubernetes", as: "k8s" }],
]);

function groupOf(name: string): NonNullable<ImportQuestion["container"]> {
  return { type: "azure:ResourceGroup", inputs: { name } };
}

/** What the engine is told of how to apply. */
function applying({
  approve,
  refresh: reads,
  parallel,
  continueOnError,
  message,
}: StackApplyOptions): Pick<
  ApplyOperation,
  "approve" | "refresh" | "parallel" | "continueOnError" | "message"
> {
  return {
    ...(approve && { approve }),
    ...(reads !== undefined && { refresh: reads }),
    ...(parallel !== undefined && { parallel }),
    ...(continueOnError !== undefined && { continueOnError }),
    ...(message !== undefined && { message }),
  };
}

function emptyGraph(project: string, stack: string): Graph {
  return { project, stack, resources: [], components: [], outputs: {}, index: new Map(), warnings: [] };
}

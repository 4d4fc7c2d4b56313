import { fileURLToPath } from "node:url";
import {
  type ApplyResult,
  type ConfigValues,
  inlineProject,
  type InlineProgram,
  openProject,
  type Plan,
  type Policy,
  type PolicySettings,
  Stack,
  type StackOperationOptions,
} from "@berth/automation";
import { BerthError } from "@berth/diagnostics";

/**
 * What a test runs: a function that declares, or the folder of a project with a berth.yaml. What is in files is loaded as the
 * command does, anew each time.
 */
export type TestProgram = InlineProgram | string | URL;

/** A stack in a test. */
export interface TestStackOptions {
  /** Configuration values, over those of the project's own files. Secrets as `Secret`. */
  readonly config?: ConfigValues;
  /** Name of the stack: default `test`. Of a project with files: its `berth.<stack>.yaml` counts. */
  readonly stack?: string;
  /** Name of the project: default `test`, or what its berth.yaml says. */
  readonly project?: string;
  /** Policies to hold it to. Of a project with files: besides those that its berth.yaml names. */
  readonly policies?: readonly Policy[];
  /** Configuration of {@link policies} by name. */
  readonly policySettings?: PolicySettings;
}

/**
 * A stack on a cloud in memory, planned by the real planner and applied by the real engine, and gone with the test.
 * Nothing is read from or written to a disk, but a program's own files.
 *
 * @example
 * const stack = await testStack(shop, { config: { replicas: 3 } });
 * expect(await stack.preview()).toPlace("web", { on: "user", pods: 3 });
 * await stack.up();
 * stack.configure({ replicas: 4 });
 * expect(await stack.preview()).toUpdate("kubernetes:Deployment", "web", "spec.replicas");
 */
export async function testStack(program: TestProgram, options: TestStackOptions = {}): Promise<TestStack> {
  const { stack = "test", project = "test", config = {}, policies, policySettings } = options;
  const edited: Edited = { program: typeof program === "function" ? program : undefined, config };
  const files = typeof program === "function" ? undefined : await openProject({ cwd: folderOf(program) });
  const inline = inlineProject({
    name: files?.name ?? project,
    config: () => edited.config,
    program: () => edited.program?.(),
    ...(files && { directory: files.directory }),
    ...(policies && { policies }),
    ...(policySettings && { policySettings }),
  });
  const { name, directory, backend, cloud } = inline;
  return new TestStack(
    new Stack(
      {
        name,
        directory,
        backend,
        cloud,
        secrets: (recorded) => inline.secrets(recorded),
        policies: async () => [...((await files?.policies()) ?? []), ...(await inline.policies())],
        surroundings: (of) => inline.surroundings(of),
        declare: async (of) =>
          files && !edited.program ? files.declare(of, {}, edited.config) : inline.declare(of),
      },
      stack,
    ),
    edited,
  );
}

/** What the next operation runs. No program: that of the project's files. */
interface Edited {
  program: InlineProgram | undefined;
  config: ConfigValues;
}

/** What {@link testStack} makes. */
export class TestStack {
  /** The stack as programs drive it: events, aborts, results also of what fails. */
  readonly stack: Stack;
  readonly #edited: Edited;

  /** @internal */
  constructor(stack: Stack, edited: Edited) {
    this.stack = stack;
    this.#edited = edited;
  }

  /** What `berth preview` would plan. Problems are in the plan; what cannot be planned at all throws. */
  async preview(options: StackOperationOptions = {}): Promise<Plan> {
    return (await this.stack.preview(options)).plan;
  }

  /** Applies what is planned, unasked. @throws BerthError with the problems where it did not succeed */
  async up(options: StackOperationOptions = {}): Promise<ApplyResult> {
    return succeeded(await this.stack.up(options));
  }

  /** Deletes everything. @throws BerthError with the problems where it did not succeed */
  async destroy(options: StackOperationOptions = {}): Promise<ApplyResult> {
    return succeeded(await this.stack.destroy(options));
  }

  /** Another program, and other values where they are given, from now on: what somebody edits between two previews. */
  edit(program: InlineProgram, config: ConfigValues = this.#edited.config): void {
    this.#edited.program = program;
    this.#edited.config = config;
  }

  /** Other configuration values for the same program. */
  configure(config: ConfigValues): void {
    this.#edited.config = config;
  }

  /** Outputs as they were last applied, secrets as they are. */
  async outputs(): ReturnType<Stack["outputs"]> {
    return this.stack.outputs({ showSecrets: true });
  }
}

function folderOf(program: Exclude<TestProgram, InlineProgram>): string {
  return typeof program === "string" && !program.startsWith("file:") ? program : fileURLToPath(program);
}

function succeeded(result: ApplyResult): ApplyResult {
  if (result.status === "succeeded") return result;
  throw new BerthError(result.problems);
}

import { join } from "node:path";
import type { Graph, SecretsKey } from "@berth/core";
import { type ConfiguredPolicy, configurePolicies, type Surroundings } from "@berth/engine";
import { BerthError, nearest, problem } from "@berth/diagnostics";
import {
  defaultBackendUrl,
  existingKeyFileAt,
  type KeySource,
  openBackend,
  openSecrets,
  type Secrets,
  type StateBackend,
} from "@berth/state";
import { type ChangedSecrets, changeSecrets, type SecretsTarget } from "./change-secrets.ts";
import type { CloudSource } from "./cloud.ts";
import { codes } from "./codes.ts";
import { loadPolicies } from "./loader/load-policies.ts";
import { loadProgram } from "./loader/load-program.ts";
import { folderCloud } from "./local-cloud.ts";
import { type ConfigValues, shortKey } from "./config/config-values.ts";
import { StackConfiguration } from "./config/stack-configuration.ts";
import { checkName, findProject, type PolicyModule, type ProjectFile } from "./project/project-file.ts";
import { stackFileName } from "./project/stack-file.ts";
import type { DeclareOptions, StackProject } from "./stack-project.ts";
import { ProjectStacks, selectionIsGone } from "./stacks/project-stacks.ts";
import { surroundingsOf } from "./surroundings.ts";
import { Stack } from "./stack.ts";

/**
 * Opens the project of a folder.
 *
 * @throws BERTH7201 to BERTH7204 where there is none or its file is wrong, BERTH4050 where its backend's URL is
 * @example
 * const project = await openProject({ cwd: "shop" });
 * const { plan } = await project.stack("dev").preview();
 */
export async function openProject({ cwd }: { readonly cwd: string }): Promise<Project> {
  const { directory, file } = await findProject(cwd);
  return new Project(directory, file);
}

/** A project: a program, its stacks, and where their states are. */
export class Project implements StackProject {
  /** Absolute path of the folder with berth.yaml. */
  readonly directory: string;
  readonly file: ProjectFile;
  /** Absolute path of the folder with states, key and local cloud. */
  readonly dataFolder: string;
  readonly backend: StateBackend;
  readonly cloud: CloudSource;
  /** Which stacks there are, and how they come and go. */
  readonly allStacks: ProjectStacks;
  /** States are where other machines find them too. */
  readonly #isShared: boolean;

  constructor(directory: string, file: ProjectFile) {
    this.directory = directory;
    this.file = file;
    this.dataFolder = join(directory, ".berth");
    const url = process.env["BERTH_BACKEND"] || file.backend || defaultBackendUrl;
    this.backend = openBackend(url, { directory, project: file.name, environment: process.env });
    this.#isShared = !url.startsWith("file://");
    this.allStacks = new ProjectStacks({ directory, dataFolder: this.dataFolder, backend: this.backend });
    this.cloud = folderCloud(join(this.dataFolder, "local"));
  }

  get name(): string {
    return this.file.name;
  }

  /** @param over - configuration values that count more than those of the stack's file */
  async declare(stack: string, how: DeclareOptions = {}, over: ConfigValues = {}): Promise<Graph> {
    const { directory, name, file } = this;
    const config = await this.configuration(stack).values(over, how.unreadable ?? "seal");
    return loadProgram({ directory, entry: file.entry, project: name, stack, config });
  }

  async policies(): Promise<readonly ConfiguredPolicy[]> {
    const modules = (this.file.policies ?? []).map((each) =>
      typeof each === "string" ? { module: each } : each,
    );
    if (modules.length === 0) return [];
    const policies = await loadPolicies(
      this.directory,
      modules.map((each) => each.module),
    );
    const settings = modules.map((each: PolicyModule) => each.configuration ?? {});
    return configurePolicies(policies, Object.assign({}, ...settings));
  }

  async surroundings(stack: string): Promise<Surroundings> {
    const values = await this.configuration(stack).values({}, "seal");
    const asWritten = Object.entries(values).map(
      ([key, value]) => [shortKey(this.name, key), value] as const,
    );
    return surroundingsOf(stackFileName(stack), Object.fromEntries(asWritten));
  }

  secrets(recorded: SecretsKey | undefined): Secrets {
    const passphrase = process.env["BERTH_PASSPHRASE"] || undefined;
    return openSecrets({ recorded, passphrase, keyFile: this.#keyFile });
  }

  /** Where others find the states, a key that they do not have would lock them out. */
  get #keyFile(): string | KeySource {
    const path = join(this.dataFolder, "secrets.key");
    return this.#isShared ? existingKeyFileAt(path) : path;
  }

  /**
   * Encrypts the secrets of a stack's state and file anew: with another passphrase, or with the project's key file.
   *
   * @throws BERTH4001, BERTH4020, BERTH7001, BERTH7204
   */
  async changeSecrets(stack: string, to: SecretsTarget): Promise<ChangedSecrets> {
    const { directory, backend } = this;
    const openOld = (key: SecretsKey | undefined): Secrets => this.secrets(key);
    return changeSecrets(
      { stack: checkName("stack", stack), directory, backend, keyFile: this.#keyFile, openSecrets: openOld },
      to,
    );
  }

  async secretsKey(stack: string): Promise<SecretsKey | undefined> {
    return this.configuration(stack).secretsKey();
  }

  /** Stacks that have a configuration file or a state, sorted. */
  async stacks(): Promise<readonly string[]> {
    return this.allStacks.list();
  }

  /** A stack by name; it need not exist yet. @throws BERTH7204 */
  stack(name: string): Stack {
    return new Stack(this, checkName("stack", name));
  }

  /**
   * The stack that is meant: the one that is named, the one that is selected in this checkout, the project's only one,
   * or `dev` where there is none yet.
   *
   * @throws BERTH7001 where the selected one is gone, BERTH7002 where several could be meant
   */
  async choose(name: string | undefined): Promise<Stack> {
    if (name !== undefined) return this.stack(name);
    const [names, selected] = await Promise.all([this.stacks(), this.allStacks.selected()]);
    if (selected !== undefined) {
      if (names.includes(selected)) return this.stack(selected);
      throw selectionIsGone(this.name, selected);
    }
    if (names.length <= 1) return this.stack(names[0] ?? "dev");
    const message = `the project has the stacks ${names.join(", ")}`;
    throw new BerthError([
      problem(codes.BERTH7002, { message, hint: "say --stack NAME, or `berth stack select NAME`" }),
    ]);
  }

  /**
   * {@link choose} for what makes no sense without a stack that is there, as destroying it: a misspelt name must
   * not end in "nothing to do".
   *
   * @throws BERTH7001 where the named one has neither a configuration file nor a state, BERTH7002, BERTH7204
   */
  async chooseExisting(name: string | undefined): Promise<Stack> {
    const stack = await this.choose(name);
    const names = name === undefined ? [stack.name] : await this.stacks();
    if (names.includes(stack.name)) return stack;
    const close = nearest(stack.name, names);
    const hint = close ? `did you mean ${close}?` : "`berth stack list` names those that exist";
    const message = `the project ${this.name} has no stack ${JSON.stringify(stack.name)}`;
    throw new BerthError([problem(codes.BERTH7001, { message, hint })]);
  }

  /** The configuration of a stack: its file, and what berth.yaml says of it. @throws BERTH7204 */
  configuration(stack: string): StackConfiguration {
    return new StackConfiguration({
      project: this.name,
      stack: checkName("stack", stack),
      directory: this.directory,
      schema: this.file.config,
      stateKey: async () => (await this.backend.read(stack)).secretsKey,
      openSecrets: (recorded) => this.secrets(recorded),
    });
  }
}

import { join, resolve } from "node:path";
import { declare, type Graph, type SecretsKey } from "@berth/core";
import {
  type ConfiguredPolicy,
  configurePolicies,
  type Policy,
  type PolicySettings,
  type Surroundings,
} from "@berth/engine";
import {
  fileBackend,
  memoryBackend,
  memoryKey,
  openSecrets,
  type Secrets,
  type StateBackend,
} from "@berth/state";
import type { CloudSource } from "./cloud.ts";
import { BerthError, problem } from "@berth/diagnostics";
import { codedError } from "./loader/coded-error.ts";
import { loaderCodes } from "./loader/codes.ts";
import { siteMapper } from "./loader/program-site.ts";
import { folderCloud, memoryCloud } from "./local-cloud.ts";
import { type ConfigValues, namespaced } from "./config/config-values.ts";
import { checkName } from "./project/project-file.ts";
import { surroundingsOf } from "./surroundings.ts";
import type { StackProject } from "./stack-project.ts";
import { Stack } from "./stack.ts";

/**
 * A program that is a function: it declares, and returns the stack's outputs. `currentStack()` and `new Config()`
 * tell it which stack it declares.
 */
export type InlineProgram = () => object | void | Promise<object | void>;

/** A project without files. */
export interface InlineProjectOptions {
  /** Name of the project; part of every URN. */
  readonly name: string;
  readonly program: InlineProgram;
  /** Values for every stack, or a function of the stack's name. */
  readonly config?: ConfigValues | ((stack: string) => ConfigValues);
  /**
   * Folder for states, key and local cloud, as `.berth` is for a project with files. Absent: all of it is in memory
   * and gone with the process.
   */
  readonly dataFolder?: string;
  /** Where states are; absent: in the {@link dataFolder}, or in memory. */
  readonly backend?: StateBackend;
  /** What the stacks run on; absent: the local cloud in the {@link dataFolder}, or in memory. */
  readonly cloud?: CloudSource;
  /** Encrypts secrets; absent: `BERTH_PASSPHRASE`, or a key of the project's own. */
  readonly passphrase?: string;
  /** Rules that what is declared and every plan are held to. */
  readonly policies?: readonly Policy[];
  /** Configuration of policies by name. */
  readonly policySettings?: PolicySettings;
  /** Folder from which places in the program are named. Default: the process's own. */
  readonly directory?: string;
}

/**
 * A project whose program is a function of this process. Any number of its stacks, and of other projects', may run
 * side by side.
 *
 * @throws BERTH7204 where its name can't be one, BERTH6106 and BERTH6107 for policies that are none
 * @example
 * const shop = inlineProject({
 *   name: "shop",
 *   config: (stack) => ({ replicas: stack === "prod" ? 3 : 1 }),
 *   program: () => {
 *     const group = new azure.ResourceGroup("shop", { location: "westeurope" });
 *     return { group: group.name };
 *   },
 * });
 * const [dev, prod] = await Promise.all([shop.stack("dev").up(), shop.stack("prod").up()]);
 */
export function inlineProject(options: InlineProjectOptions): InlineProject {
  return new InlineProject(options);
}

/** What {@link inlineProject} makes. */
export class InlineProject implements StackProject {
  readonly name: string;
  readonly directory: string;
  readonly backend: StateBackend;
  readonly cloud: CloudSource;
  readonly #program: InlineProgram;
  readonly #config: InlineProjectOptions["config"];
  readonly #policies: readonly ConfiguredPolicy[];
  readonly #openSecrets: (recorded: SecretsKey | undefined) => Secrets;

  constructor({
    name,
    program,
    config,
    dataFolder,
    backend,
    cloud,
    passphrase,
    directory,
    policies = [],
    policySettings = {},
  }: InlineProjectOptions) {
    const folder = dataFolder === undefined ? undefined : resolve(dataFolder);
    this.name = checkName("project", name);
    this.directory = resolve(directory ?? ".");
    this.backend =
      backend ??
      (folder === undefined
        ? memoryBackend({ project: name })
        : fileBackend({ directory: join(folder, "state"), project: name }));
    this.cloud = cloud ?? (folder === undefined ? memoryCloud() : folderCloud(join(folder, "local")));
    this.#program = program;
    this.#config = config;
    this.#policies = configurePolicies(policies, policySettings);
    const keyFile = folder === undefined ? memoryKey() : join(folder, "secrets.key");
    this.#openSecrets = (recorded) =>
      openSecrets({
        recorded,
        passphrase: passphrase ?? (process.env["BERTH_PASSPHRASE"] || undefined),
        keyFile,
      });
  }

  /** A stack by name; it need not exist yet. @throws BERTH7204 */
  stack(name: string): Stack {
    return new Stack(this, checkName("stack", name));
  }

  /** Stacks that have a state, sorted. */
  async stacks(): Promise<readonly string[]> {
    return this.backend.list();
  }

  secrets(recorded: SecretsKey | undefined): Secrets {
    return this.#openSecrets(recorded);
  }

  async policies(): Promise<readonly ConfiguredPolicy[]> {
    return this.#policies;
  }

  async surroundings(stack: string): Promise<Surroundings> {
    return surroundingsOf("the configuration", this.#values(stack));
  }

  async declare(stack: string): Promise<Graph> {
    const { name: project, directory } = this;
    const config = namespaced(project, this.#values(stack));
    let returned: object | void = undefined;
    const graph = await declare({ project, stack, config, mapSite: siteMapper(directory) }, async () => {
      try {
        return (returned = await this.#program());
      } catch (error) {
        throw codedError(error, directory);
      }
    });
    refuseUsedModule(returned, graph);
    return graph;
  }

  #values(stack: string): ConfigValues {
    return typeof this.#config === "function" ? this.#config(stack) : (this.#config ?? {});
  }
}

const used = new WeakSet<object>();

/** A module that a program returns was evaluated while it ran, the first time only. */
function refuseUsedModule(returned: object | void, { resources }: Graph): void {
  if (typeof returned !== "object" || Reflect.get(returned, Symbol.toStringTag) !== "Module") return;
  if (!used.has(returned) || resources.length > 0) return void used.add(returned);
  const message = "the program returns a module that was evaluated before, and declares nothing";
  throw new BerthError([problem(loaderCodes.BERTH7110, { message })]);
}

import type { Graph, SecretsKey } from "@berth/core";
import type { ConfiguredPolicy, Surroundings } from "@berth/engine";
import type { Secrets, StateBackend } from "@berth/state";
import type { CloudSource } from "./cloud.ts";

/** What a stack takes from its project. */
export interface StackProject {
  readonly name: string;
  /** Absolute path of the project's folder; places in the program are named from it. */
  readonly directory: string;
  readonly backend: StateBackend;
  readonly cloud: CloudSource;
  /** The secrets of a stack, given which key its state says they are encrypted with. */
  secrets(recorded: SecretsKey | undefined): Secrets;
  /** Which key a stack's configuration is encrypted with; its state's secrets will be, too. Absent: none of its own. */
  secretsKey?(stack: string): Promise<SecretsKey | undefined>;
  /** Runs the program for a stack, which declares. */
  declare(stack: string, how?: DeclareOptions): Promise<Graph>;
  /** Rules that what is declared and every plan are held to. */
  policies(): Promise<readonly ConfiguredPolicy[]>;
  /** What saved plans of a stack are bound to besides program, state and world. */
  surroundings(stack: string): Promise<Surroundings>;
}

/** How a program is run. */
export interface DeclareOptions {
  /**
   * What becomes of secret configuration values whose key is not at hand: `seal` makes them unknown, as a preview can do
   * with; `refuse` throws BERTH7212.
   */
  readonly unreadable?: "seal" | "refuse";
}

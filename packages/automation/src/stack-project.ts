import type { Graph, SecretsKey } from "@berth/core";
import type { Surroundings } from "@berth/engine";
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
  /** Runs the program for a stack, which declares. */
  declare(stack: string): Promise<Graph>;
  /** What saved plans of a stack are bound to besides program, state and world. */
  surroundings(stack: string): Promise<Surroundings>;
}

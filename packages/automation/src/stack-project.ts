import type { Json } from "@berth/core";
import type { StateBackend } from "@berth/state";

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

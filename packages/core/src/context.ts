import { AsyncLocalStorage } from "node:async_hooks";
import type { Problem, SourceSite } from "@berth/diagnostics";
import type { Value } from "./json.ts";
import type { ApplyNode } from "./output-node.ts";
import type { ComponentDeclaration, ResourceDeclaration } from "./declaration.ts";

/** A program while it runs: what it has declared so far. */
export interface DeclarationContext {
  readonly project: string;
  readonly stack: string;
  readonly config: Readonly<Record<string, Value>>;
  readonly resources: ResourceDeclaration[];
  readonly components: ComponentDeclaration[];
  /** Every `apply`, whether anything uses its result or not. */
  readonly callbacks: ApplyNode[];
  /** Wrong inputs and options, reported together when the program has returned. */
  readonly problems: Problem[];
  /** Whether the program has returned. */
  sealed: boolean;
  /** Position in the source that people wrote. */
  mapSite(site: SourceSite | undefined): SourceSite | undefined;
}

const storage = new AsyncLocalStorage<DeclarationContext>();

/** The program that runs here, if one does. Programs side by side each have their own. */
export function activeContext(): DeclarationContext | undefined {
  return storage.getStore();
}

/** Runs a program's code with its context. */
export function withContext<T>(context: DeclarationContext, run: () => T): T {
  return storage.run(context, run);
}

/** Runs a callback in which nothing may be declared. */
let callbacks = 0;

/** Whether a callback of `apply` runs right now. Callbacks are synchronous, so that a counter is exact. */
export function insideCallback(): boolean {
  return callbacks > 0;
}

export function runCallback<T>(callback: () => T): T {
  callbacks++;
  try {
    return callback();
  } finally {
    callbacks--;
  }
}

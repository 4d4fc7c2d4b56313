import { AsyncLocalStorage } from "node:async_hooks";
import type { Problem, SourceSite } from "@berth/diagnostics";
import type { Value } from "./json.ts";
import type { ApplyNode } from "./output-node.ts";
import type { DeclaredAlias } from "./alias.ts";
import type { ComponentDeclaration, Declaration, ResourceDeclaration } from "./declaration.ts";
import type { Hook } from "./hook.ts";
import type { DeclaredTransform } from "./transform.ts";

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
  /** Transforms of the stack. */
  readonly transforms: DeclaredTransform[];
  /** Hooks by name. */
  readonly hooks: Map<string, Hook>;
  /** What `moved` said. */
  readonly moves: Map<Declaration, readonly DeclaredAlias[]>;
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

/** A function of the program in which nothing may be declared. */
type Callback = "a callback of apply" | "a transform";

let running: Callback | undefined;

/** Which callback runs right now, if one does. Callbacks are synchronous, so that one variable is exact. */
export function insideCallback(): Callback | undefined {
  return running;
}

/** Runs a callback in which nothing may be declared. */
export function runCallback<T>(callback: () => T, what: Callback = "a callback of apply"): T {
  const outer = running;
  running = what;
  try {
    return callback();
  } finally {
    running = outer;
  }
}

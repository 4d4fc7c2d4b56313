import { BerthError, type Problem, problem } from "@berth/diagnostics";
import { coreCodes } from "./codes.ts";
import { activeContext, type DeclarationContext } from "./context.ts";
import type { Urn, ValueObject } from "./json.ts";
import { siteOfCall } from "./site.ts";

/**
 * When hooks are called.
 *
 * @example hookPoints.includes("beforeDelete") // true
 */
export const hookPoints = Object.freeze([
  "beforeCreate",
  "afterCreate",
  "beforeUpdate",
  "afterUpdate",
  "beforeDelete",
  "afterDelete",
  "onError",
] as const);

/** One of {@link hookPoints}. */
export type HookPoint = (typeof hookPoints)[number];

/** What a hook is told. */
export interface HookSubject {
  readonly urn: Urn;
  readonly type: string;
  /** Logical name. */
  readonly name: string;
  /** Physical id; absent before it is created. */
  readonly id?: string;
  /** What is or was asked for; secrets are wrapped, `reveal()` opens them. */
  readonly inputs: ValueObject;
  /** What the provider answered; absent before it did. */
  readonly outputs?: ValueObject;
}

/** What an `onError` hook is told besides. */
export interface FailedSubject extends HookSubject {
  readonly action: "create" | "update" | "delete";
  /** How often it was tried: 1 after the first failure. */
  readonly attempt: number;
  /** What went wrong; secrets are masked. */
  readonly problems: readonly Problem[];
}

/** Called before or after something is done. What it throws fails the step. */
export type HookFunction = (subject: HookSubject) => void | Promise<void>;

/** Called when something failed. `"retry"` tries again, at most 100 times. */
export type ErrorHookFunction = (
  subject: FailedSubject,
) => "retry" | undefined | void | Promise<"retry" | undefined | void>;

/**
 * A hook with a name, under which it is found again by an operation of another run. Make one with {@link hook}.
 *
 * @example new Hook("drain", () => undefined).name // "drain"
 */
export class Hook {
  readonly name: string;
  readonly run: HookFunction;

  constructor(name: string, run: HookFunction) {
    this.name = name;
    this.run = run;
    Object.freeze(this);
  }
}

/** One of something, or a list of them. */
export type OneOrMore<T> = T | readonly T[];

/**
 * Hooks of a resource. They are called by `up` and `destroy`, never by a preview. One that is called before and throws
 * fails the step before anything is asked for; one that is called after and throws is reported, what was done stays
 * recorded, and the operation ends failed.
 *
 * Those of a deletion have names: they may be called when the program does not declare the resource any more.
 */
export interface ResourceHooks {
  readonly beforeCreate?: OneOrMore<HookFunction | Hook>;
  readonly afterCreate?: OneOrMore<HookFunction | Hook>;
  readonly beforeUpdate?: OneOrMore<HookFunction | Hook>;
  readonly afterUpdate?: OneOrMore<HookFunction | Hook>;
  readonly beforeDelete?: OneOrMore<Hook>;
  readonly afterDelete?: OneOrMore<Hook>;
  /** When creating or updating it failed, or deleting it while the program declares it. */
  readonly onError?: OneOrMore<ErrorHookFunction>;
}

/** Hooks in the order in which they are called. */
export interface ResolvedHooks {
  readonly beforeCreate?: readonly HookFunction[];
  readonly afterCreate?: readonly HookFunction[];
  readonly beforeUpdate?: readonly HookFunction[];
  readonly afterUpdate?: readonly HookFunction[];
  readonly beforeDelete?: readonly Hook[];
  readonly afterDelete?: readonly Hook[];
  readonly onError?: readonly ErrorHookFunction[];
}

/**
 * Names a hook, so that a deletion finds it again: its name is recorded with the resource, and a later run of the
 * program brings the function.
 *
 * @example
 * const drain = hook("drain", async ({ id }) => { await queue.drain(id); });
 * new Deployment("worker", { … }, { hooks: { beforeDelete: drain } });
 * @throws BERTH1043 where another hook of the program has the name
 */
export function hook(name: string, run: HookFunction): Hook {
  const named = new Hook(name, run);
  const context = activeContext();
  const wrong =
    typeof name !== "string" || name === "" || typeof run !== "function"
      ? "a hook has a name and a function"
      : context && !isRegistered(context, named)
        ? `two hooks are named "${name}"`
        : undefined;
  if (wrong === undefined) return named;
  const site = context?.mapSite(siteOfCall(hook));
  throw new BerthError([problem(coreCodes.BERTH1043, { message: wrong, ...(site && { site }) })]);
}

/**
 * Tells the program of a hook: when it is named, and when it is used, since packages name theirs once for many
 * programs. `false`: another one has the name.
 */
function isRegistered({ hooks }: DeclarationContext, named: Hook): boolean {
  const known = hooks.get(named.name);
  if (!known) hooks.set(named.name, named);
  return known === undefined || known.run === named.run;
}

/** Those of one point: a function, or a list of them. */
function listed(given: unknown, accept: (each: unknown) => boolean): readonly unknown[] | undefined {
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  return list.every(accept) ? list : undefined;
}

/** Reads the option; a text says what is wrong with it. */
export function readHooks(given: unknown): ResolvedHooks | string {
  if (typeof given !== "object" || given === null || Array.isArray(given))
    return `is an object of functions: ${hookPoints.join(", ")}`;
  const points: readonly string[] = hookPoints;
  const strange = Object.keys(given).find((each) => !points.includes(each));
  if (strange !== undefined) return `has no "${strange}": there are ${hookPoints.join(", ")}`;
  const resolved: Record<string, readonly unknown[]> = {};
  for (const [point, value] of Object.entries(given) as readonly (readonly [string, unknown])[]) {
    if (value === undefined) continue;
    const isOfDelete = point === "beforeDelete" || point === "afterDelete";
    const hooks = listed(value, (each) =>
      isOfDelete ? each instanceof Hook : each instanceof Hook || typeof each === "function",
    );
    if (!hooks) {
      return isOfDelete
        ? `has a ${point} without a name, which a deletion in a later run would not find: write hook("name", …)`
        : `has a ${point} that is no function`;
    }
    const context = activeContext();
    for (const each of hooks)
      if (isOfDelete && context && each instanceof Hook && !isRegistered(context, each))
        return `has a hook "${each.name}", and another hook of the program has that name`;
    resolved[point] = Object.freeze(
      isOfDelete ? hooks : hooks.map((each) => (each instanceof Hook ? each.run : each)),
    );
  }
  return Object.freeze(resolved);
}

/** Enclosing hooks stand around the own ones: before them on the way in, after them on the way out. */
export function nestHooks(
  own: ResolvedHooks | undefined,
  outer: ResolvedHooks | undefined,
): ResolvedHooks | undefined {
  if (!own || !outer) return own ?? outer;
  const nested: Record<string, readonly unknown[]> = {};
  for (const point of hookPoints) {
    const [inner = [], around = []]: (readonly unknown[] | undefined)[] = [own[point], outer[point]];
    const hooks = point.startsWith("before") ? [...around, ...inner] : [...inner, ...around];
    if (hooks.length > 0) nested[point] = Object.freeze(hooks);
  }
  return Object.freeze(nested);
}

/** Names of the hooks that a deletion calls, as they are recorded; `undefined` where there are none. */
export function deleteHookNames({
  beforeDelete,
  afterDelete,
}: ResolvedHooks): { readonly before?: readonly string[]; readonly after?: readonly string[] } | undefined {
  if (!beforeDelete && !afterDelete) return undefined;
  return {
    ...(beforeDelete && { before: beforeDelete.map((each) => each.name) }),
    ...(afterDelete && { after: afterDelete.map((each) => each.name) }),
  };
}

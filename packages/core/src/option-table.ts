import { nearest, type SourceSite } from "@berth/diagnostics";
import { type DeclaredAlias, readAlias } from "./alias.ts";
import { capture } from "./capture.ts";
import type { Declaration, ResourceDeclaration } from "./declaration.ts";
import { declarationOf } from "./declared.ts";
import type { ResourceDefinition } from "./definition.ts";
import { readDuration } from "./duration.ts";
import { deleteHookNames, nestHooks, readHooks } from "./hook.ts";
import type { DeclaredOptions, ResolvedOptions, ResourceOptions, Timeouts } from "./options.ts";
import { parsePattern, type PathPattern, patternMisfit } from "./path-pattern.ts";
import { shapeOf } from "./shape.ts";
import type { RecordedOptions } from "./record.ts";
import type { Transform } from "./transform.ts";

/** How one option is read, inherited and kept. */
export interface OptionRule<T> {
  /** Where nothing is said here or above. */
  readonly initial: T;
  /** Reads what was given, or says why it cannot be. @param site - of the declaration */
  read(given: unknown, site: SourceSite | undefined): Reading<T>;
  /** What holds, from what was given here (`undefined`: nothing) and what holds for the parent. */
  inherit(own: T | undefined, parents: T): T;
  /** Why it would mean nothing for such a resource, so that it is not ignored in silence. */
  misfit?(given: T, definition: ResourceDefinition): string | undefined;
  /** Why it would mean nothing for a component. */
  onComponent?(given: T): string | undefined;
  /** Whether it says something of what is only read (`X.get`). */
  readonly onRead?: true;
  /** What the record keeps of it, for operations that do not run the program. Absent: nothing is needed. */
  record?(resolved: ResolvedOptions): RecordedOptions | undefined;
}

/** A name of an option. Those that programs give and those that are declared are the same, or this table does not compile. */
export type OptionName = keyof ResourceOptions & keyof DeclaredOptions;

type OptionTable = { readonly [K in keyof DeclaredOptions]: OptionRule<DeclaredOptions[K]> };

const ownOrParents = <T>(own: T | undefined, parents: T): T => own ?? parents;
const none: readonly never[] = Object.freeze([]);

/**
 * Every option there is. Adding one means adding a row: what reads, checks, inherits and records
 * options goes through this table and nothing else, for resources and components alike.
 */
export const optionTable: OptionTable = {
  parent: {
    initial: undefined,
    read: (given) => {
      const value = declarationOf(given);
      return value ? { value } : { wrong: "is a resource or a component" };
    },
    inherit: (own) => own,
    onRead: true,
  },
  dependsOn: {
    initial: none,
    read: (given) => readDeclarations(given, isAny, "is a resource, a component, or a list of them"),
    inherit: (own, parents) => union(own, parents),
    onRead: true,
  },
  protect: {
    initial: false,
    read: readFlag,
    inherit: ownOrParents,
  },
  provider: {
    initial: none,
    read: (given) => readDeclarations(given, isProvider, "is a provider, or a list of them"),
    inherit: (own = none, parents) => {
      const overridden = new Set(own.map((each) => each.definition.provider));
      return [...own, ...parents.filter((each) => !overridden.has(each.definition.provider))];
    },
    misfit: (given, { type, provider, isProvider: configures }) => {
      if (configures) return `says nothing for ${type}, which configures a provider and is made by none`;
      const other = given.find((each) => each.definition.provider !== provider);
      return other && `is a provider of ${provider} for ${type}, which ${other.type} "${other.name}" is not`;
    },
    onRead: true,
  },
  cluster: {
    initial: undefined,
    read: (given) => {
      const value = declarationOf(given);
      if (value?.kind !== "resource") return { wrong: "is a cluster" };
      if (value.definition.isCluster) return { value };
      return { wrong: `is a cluster, which ${value.type} "${value.name}" is not` };
    },
    inherit: ownOrParents,
    misfit: (_given, { type, onCluster }) =>
      onCluster ? undefined : `says nothing for ${type}, which lives on no cluster`,
    onRead: true,
  },
  silence: {
    initial: none,
    read: (given) =>
      Array.isArray(given) && given.every((each) => typeof each === "string" && /^BERTH\d{4}$/.test(each))
        ? { value: [...given] as readonly string[] }
        : { wrong: 'is a list of codes, such as ["BERTH3103"]' },
    inherit: (own, parents) => union(own, parents),
    onRead: true,
  },
  ignoreChanges: {
    initial: none,
    read: readPatterns,
    inherit: (own, parents) => union(own, parents),
    misfit: patternsMisfit,
  },
  replaceOnChanges: {
    initial: none,
    read: readPatterns,
    inherit: (own, parents) => union(own, parents),
    misfit: patternsMisfit,
  },
  replacementTrigger: {
    initial: undefined,
    read: (given) => {
      const { value, holes, problems } = capture(given);
      return problems[0]
        ? { wrong: `holds what is no value: ${problems[0].message}` }
        : { value: { value, holes } };
    },
    inherit: ownOrParents,
  },
  deleteBeforeReplace: {
    initial: undefined,
    read: readFlag,
    inherit: ownOrParents,
  },
  aliases: {
    initial: none,
    read: (given) => {
      if (!Array.isArray(given)) return { wrong: "is a list of names, or of { name, type, parent, urn }" };
      const aliases = given.map(readAlias);
      const wrong = aliases.find((each) => typeof each === "string");
      if (wrong !== undefined) return { wrong: `holds an alias that ${wrong}` };
      return { value: aliases.filter((each): each is DeclaredAlias => typeof each !== "string") };
    },
    inherit: (own = none) => own,
    onComponent: (given) =>
      given.some((each) => each.type !== undefined)
        ? "holds a type, and the types of components are no part of what is inside them"
        : undefined,
  },
  import: {
    initial: undefined,
    read: (given) =>
      typeof given === "string" && given !== ""
        ? { value: given }
        : { wrong: "is the physical id of what exists, as plain text that is known when the program runs" },
    inherit: (own) => own,
    misfit: (_given, { type, isProvider: configures }) =>
      configures ? `says nothing for ${type}, which exists nowhere but in the program` : undefined,
    onComponent: () =>
      "says nothing for a component, which has no physical id: give it to the resources inside",
  },
  adopt: {
    initial: false,
    read: readFlag,
    inherit: (own = false) => own,
    misfit: (given, { type, isProvider: configures }) =>
      given && configures ? `says nothing for ${type}, which exists nowhere but in the program` : undefined,
    onComponent: () => "is said resource by resource: give it to those inside that may exist already",
  },
  retainOnDelete: {
    initial: false,
    read: readFlag,
    inherit: ownOrParents,
    record: ({ retainOnDelete }) => retainOnDelete && { retainOnDelete },
  },
  deletedWith: {
    initial: undefined,
    read: (given) => {
      const value = declarationOf(given);
      return value?.kind === "resource" ? { value } : { wrong: "is a resource" };
    },
    inherit: ownOrParents,
    record: ({ deletedWith }) => (deletedWith === undefined ? undefined : { deletedWith }),
  },
  customTimeouts: {
    initial: undefined,
    read: readTimeouts,
    inherit: (own, parents) => (own && parents ? Object.freeze({ ...parents, ...own }) : (own ?? parents)),
    onRead: true,
    record: ({ customTimeouts }) => customTimeouts && { customTimeouts },
  },
  additionalSecretOutputs: {
    initial: none,
    read: (given) =>
      Array.isArray(given) && given.every((each) => typeof each === "string" && each !== "")
        ? { value: Object.freeze([...given] as readonly string[]) }
        : { wrong: "is a list of names of outputs" },
    inherit: (own, parents) => union(own, parents),
    misfit: secretOutputsMisfit,
    onRead: true,
    record: ({ additionalSecretOutputs }) => additionalSecretOutputs && { additionalSecretOutputs },
  },
  transforms: {
    initial: none,
    read: (given, site) => {
      const list: readonly unknown[] = Array.isArray(given) ? given : [given];
      return list.every(isTransform)
        ? { value: list.map((run) => ({ run, site })) }
        : { wrong: "is a function, or a list of them" };
    },
    inherit: (own, parents) => (own && parents.length > 0 ? [...own, ...parents] : (own ?? parents)),
  },
  hooks: {
    initial: undefined,
    read: (given) => {
      const value = readHooks(given);
      return typeof value === "string" ? { wrong: value } : { value };
    },
    inherit: (own, parents) => nestHooks(own, parents),
    misfit: (_given, { type, isProvider: configures }) =>
      configures ? `says nothing for ${type}, which nobody creates` : undefined,
    record: ({ hooks }) => {
      const deleteHooks = hooks && deleteHookNames(hooks);
      return deleteHooks && { deleteHooks };
    },
  },
};

/**
 * The names of all options, for tests that prove that none is ignored.
 *
 * @example optionNames.includes("protect") // true
 */
export const optionNames: readonly OptionName[] = Object.freeze(Object.keys(optionTable) as OptionName[]);

/** What a rule read, or what is wrong with what was given. */
export type Reading<T> = { readonly value: T } | { readonly wrong: string };

function readFlag(given: unknown): Reading<boolean> {
  return typeof given === "boolean" ? { value: given } : { wrong: "is true or false" };
}

function readDeclarations<D extends Declaration>(
  given: unknown,
  accept: (declaration: Declaration) => declaration is D,
  wanted: string,
): Reading<readonly D[]> {
  const found = (Array.isArray(given) ? given : [given]).map(declarationOf);
  const accepted = found.filter((each) => each !== undefined).filter(accept);
  return accepted.length === found.length ? { value: accepted } : { wrong: wanted };
}

function isAny(declaration: Declaration): declaration is Declaration {
  return declaration !== undefined;
}

function isProvider(declaration: Declaration): declaration is ResourceDeclaration {
  return declaration.kind === "resource" && declaration.definition.isProvider === true;
}

function isTransform(value: unknown): value is Transform {
  return typeof value === "function";
}

function readPatterns(given: unknown): Reading<readonly PathPattern[]> {
  if (!Array.isArray(given)) return { wrong: 'is a list of property paths, such as ["tags.owner"]' };
  const patterns = (given as readonly unknown[]).map((each) =>
    typeof each === "string" ? parsePattern(each) : undefined,
  );
  const bad = patterns.indexOf(undefined);
  if (bad >= 0) {
    const what: unknown = given[bad];
    const shown = typeof what === "string" ? JSON.stringify(what) : `a ${typeof what}`;
    return { wrong: `holds ${shown}, which is no property path` };
  }
  return { value: Object.freeze(patterns.filter((each) => each !== undefined)) };
}

function patternsMisfit(given: readonly PathPattern[], definition: ResourceDefinition): string | undefined {
  for (const each of given) {
    const wrong = patternMisfit(each, shapeOf(definition));
    if (wrong !== undefined) return `names no property of ${definition.type}: ${wrong}`;
  }
  return undefined;
}

function secretOutputsMisfit(
  given: readonly string[],
  { type, outputs }: ResourceDefinition,
): string | undefined {
  if (given.includes("id"))
    return `cannot make the id of ${type} secret: it names the resource in plans and logs`;
  const strange = given.find((each) => !Object.hasOwn(outputs, each));
  if (strange === undefined) return undefined;
  const names = Object.keys(outputs).filter((each) => each !== "id");
  const near = nearest(strange, names);
  const wayOut = near === undefined ? `it has ${names.join(", ") || "none"}` : `did you mean "${near}"?`;
  return `names "${strange}", which is no output of ${type}: ${wayOut}`;
}

const timed = ["create", "update", "delete", "read"] as const;

function readTimeouts(given: unknown): Reading<Timeouts> {
  if (typeof given !== "object" || given === null || Array.isArray(given))
    return { wrong: 'is an object such as { create: "10m", update: 90 }' };
  const names: readonly string[] = timed;
  const said = new Map<string, unknown>(Object.entries(given));
  const strange = [...said.keys()].find((each) => !names.includes(each));
  if (strange !== undefined) {
    const near = nearest(strange, names);
    return {
      wrong: `has no "${strange}": ${near ? `did you mean "${near}"?` : `there are ${names.join(", ")}`}`,
    };
  }
  const timeouts: { -readonly [K in keyof Timeouts]: Timeouts[K] } = {};
  for (const name of timed) {
    const value = said.get(name);
    const seconds = value === undefined ? undefined : readDuration(value);
    if (value !== undefined && seconds === undefined)
      return {
        wrong: `has a ${name} that is no time up to a week: give seconds, or text such as "90s", "10m", "1h30m"`,
      };
    if (seconds !== undefined) timeouts[name] = seconds;
  }
  return { value: Object.freeze(timeouts) };
}

function union<T>(own: readonly T[] | undefined, parents: readonly T[]): readonly T[] {
  if (!own) return parents;
  return parents.length === 0 ? own : [...new Set([...parents, ...own])];
}

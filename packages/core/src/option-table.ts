import { nearest, type Problem, problem } from "@berth/diagnostics";
import { coreCodes } from "./codes.ts";
import type { Declaration, ResourceDeclaration } from "./declaration.ts";
import { declarationOf } from "./declared.ts";
import type { ResourceDefinition } from "./definition.ts";
import type { DeclaredOptions, ResourceOptions } from "./options.ts";

/** How one option is read and inherited. */
interface OptionRule<T> {
  /** Where nothing is said here or above. */
  readonly initial: T;
  /** Reads what was given, or says why it cannot be. */
  read(given: unknown): Reading<T>;
  /** What holds, from what was given here (`undefined`: nothing) and what holds for the parent. */
  inherit(own: T | undefined, parents: T): T;
  /** Why it would mean nothing for such a resource, so that it is not ignored in silence. */
  misfit?(given: T, definition: ResourceDefinition): string | undefined;
}

type OptionTable = { readonly [K in keyof ResourceOptions]-?: OptionRule<DeclaredOptions[K]> };

const ownOrParents = <T>(own: T | undefined, parents: T): T => own ?? parents;
const none: readonly never[] = Object.freeze([]);

/**
 * Every option there is. Adding one means adding a row: what reads, checks and inherits options
 * goes through this table and nothing else, for resources and components alike.
 */
export const optionTable: OptionTable = {
  parent: {
    initial: undefined,
    read: (given) => {
      const value = declarationOf(given);
      return value ? { value } : { wrong: "is a resource or a component" };
    },
    inherit: (own) => own,
  },
  dependsOn: {
    initial: none,
    read: (given) => readDeclarations(given, isAny, "is a resource, a component, or a list of them"),
    inherit: (own, parents) => union(own, parents),
  },
  protect: {
    initial: false,
    read: (given) => (typeof given === "boolean" ? { value: given } : { wrong: "is true or false" }),
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
  },
  silence: {
    initial: none,
    read: (given) =>
      Array.isArray(given) && given.every((each) => typeof each === "string" && /^BERTH\d{4}$/.test(each))
        ? { value: [...given] as readonly string[] }
        : { wrong: 'is a list of codes, such as ["BERTH3103"]' },
    inherit: (own, parents) => union(own, parents),
  },
};

/** The names of all options, for tests that prove that none is ignored. */
export const optionNames: readonly string[] = Object.freeze(Object.keys(optionTable));

type Reading<T> = { readonly value: T } | { readonly wrong: string };

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

function union<T>(own: readonly T[] | undefined, parents: readonly T[]): readonly T[] {
  if (!own) return parents;
  return parents.length === 0 ? own : [...new Set([...parents, ...own])];
}

/** What holds where neither a program nor a parent says anything. */
const initialOptions: DeclaredOptions = Object.freeze({
  parent: optionTable.parent.initial,
  dependsOn: optionTable.dependsOn.initial,
  protect: optionTable.protect.initial,
  provider: optionTable.provider.initial,
  cluster: optionTable.cluster.initial,
  silence: optionTable.silence.initial,
});

/**
 * Options of a declaration: read, checked, with those of the parent. Problems have neither site nor resource yet.
 *
 * @param definition - of the resource; `undefined` for a component, which passes all of them on
 */
export function readOptions(
  given: unknown,
  definition: ResourceDefinition | undefined,
): { readonly options: DeclaredOptions; readonly problems: readonly Problem[] } {
  if (given === undefined) return { options: initialOptions, problems: [] };
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    const message = "options are an object";
    return { options: initialOptions, problems: [problem(coreCodes.BERTH1017, { message })] };
  }
  const names = Object.keys(optionTable);
  const problems = Object.keys(given)
    .filter((each) => !names.includes(each))
    .map((each) => unknownOption(each, names));

  const said: ResourceOptions = given;
  const parent = declarationOf(said.parent);
  const parents = parent?.options ?? initialOptions;

  /** What was given, read by its rule, with what the parent has. */
  function settle<T>(name: keyof ResourceOptions, rule: OptionRule<T>, inherited: T): T {
    const value = said[name];
    const reading = value === undefined ? undefined : rule.read(value);
    if (!reading) return rule.inherit(undefined, inherited);
    const wrong = "wrong" in reading ? reading.wrong : definition && rule.misfit?.(reading.value, definition);
    if (wrong !== undefined)
      problems.push(problem(coreCodes.BERTH1017, { message: `the option ${name} ${wrong}`, path: name }));
    return rule.inherit("value" in reading ? reading.value : undefined, inherited);
  }

  const options: DeclaredOptions = {
    parent: settle("parent", optionTable.parent, parents.parent),
    dependsOn: settle("dependsOn", optionTable.dependsOn, parents.dependsOn),
    protect: settle("protect", optionTable.protect, parents.protect),
    provider: settle("provider", optionTable.provider, parents.provider),
    cluster: settle("cluster", optionTable.cluster, parents.cluster),
    silence: settle("silence", optionTable.silence, parents.silence),
  };
  return { options: Object.freeze(options), problems };
}

function unknownOption(name: string, names: readonly string[]): Problem {
  const near = nearest(name, names);
  return problem(coreCodes.BERTH1016, {
    message: `there is no option "${name}"`,
    hint: near ? `did you mean "${near}"?` : `there are ${names.join(", ")}`,
    path: name,
  });
}

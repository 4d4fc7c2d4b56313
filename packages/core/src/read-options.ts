import { nearest, type Problem, problem, type SourceSite } from "@berth/diagnostics";
import { coreCodes } from "./codes.ts";
import type { Declaration } from "./declaration.ts";
import { declarationOf } from "./declared.ts";
import type { ResourceDefinition } from "./definition.ts";
import { type OptionName, optionNames, type OptionRule, optionTable } from "./option-table.ts";
import type { DeclaredOptions, ResourceOptions } from "./options.ts";

type Draft = { -readonly [K in keyof DeclaredOptions]: DeclaredOptions[K] };

/** What holds where neither a program nor a parent says anything. Most resources have this very object. */
export const initialOptions: DeclaredOptions = Object.freeze(initial());

function initial(): DeclaredOptions {
  const draft: Partial<Draft> = {};
  const put = <K extends OptionName>(name: K): void => {
    const rule: OptionRule<DeclaredOptions[K]> = optionTable[name];
    draft[name] = rule.initial;
  };
  for (const name of optionNames) put(name);
  return draft as DeclaredOptions;
}

/** Whose options are read. */
export interface Reader {
  /** `undefined` for a component, which passes all of them on. */
  readonly definition: ResourceDefinition | undefined;
  /** Whether the resource is only read. */
  readonly isRead: boolean;
  readonly site: SourceSite | undefined;
}

/** What was read. */
export interface ReadOptions {
  readonly options: DeclaredOptions;
  /** What was given here and not inherited, where it must be looked at again when all children are known. */
  readonly own: Partial<DeclaredOptions>;
  /** They have neither site nor resource yet. */
  readonly problems: readonly Problem[];
}

const nothing: Partial<DeclaredOptions> = Object.freeze({});
const plain: ReadOptions = Object.freeze({
  options: initialOptions,
  own: nothing,
  problems: Object.freeze([]),
});

/** Options of a declaration: read, checked, with those of the parent. */
export function readOptions(given: unknown, reader: Reader): ReadOptions {
  if (given === undefined) return plain;
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    return { ...plain, problems: [problem(coreCodes.BERTH1017, { message: "options are an object" })] };
  }
  const problems: Problem[] = [];
  const said: ResourceOptions = given;
  const parent = declarationOf(said.parent);
  const inherited = parent ? inheritedFrom(parent) : initialOptions;
  const own: Partial<Draft> = {};
  let options: Draft | undefined;

  /** Reads what was given by its rule, and puts what holds then into the options. */
  function settle<K extends OptionName>(name: K): void {
    const rule: OptionRule<DeclaredOptions[K]> = optionTable[name];
    const reading = rule.read(said[name], reader.site);
    const wrong = "wrong" in reading ? reading.wrong : misfit(rule, reading.value, reader);
    if (wrong !== undefined)
      problems.push(problem(coreCodes.BERTH1017, { message: `the option ${name} ${wrong}`, path: name }));
    if ("wrong" in reading) return;
    own[name] = reading.value;
    options ??= { ...inherited };
    options[name] = rule.inherit(reading.value, (parent?.options ?? initialOptions)[name]);
  }

  for (const name of Object.keys(given)) {
    if (!isOptionName(name)) problems.push(unknownOption(name));
    else if (said[name] !== undefined && !(name === "parent" && parent)) settle(name);
  }
  if (own.import !== undefined && own.adopt === true) {
    const message = "the option adopt says nothing beside import, which takes over what exists";
    problems.push(problem(coreCodes.BERTH1017, { message, path: "adopt" }));
  }
  return { options: options ? Object.freeze(options) : inherited, own, problems };
}

function misfit<T>(rule: OptionRule<T>, value: T, { definition, isRead }: Reader): string | undefined {
  if (!definition) return rule.onComponent?.(value);
  if (isRead && !rule.onRead) return `says nothing for what is only read`;
  return rule.misfit?.(value, definition);
}

const inheritedOptions = new WeakMap<Declaration, DeclaredOptions>();

/** What a child has that says nothing but its parent: one object for all of them. */
function inheritedFrom(parent: Declaration): DeclaredOptions {
  const known = inheritedOptions.get(parent);
  if (known) return known;
  const draft: Draft = { ...initialOptions };
  const put = <K extends OptionName>(name: K): void => {
    const rule: OptionRule<DeclaredOptions[K]> = optionTable[name];
    draft[name] = rule.inherit(undefined, parent.options[name]);
  };
  for (const name of optionNames) put(name);
  draft.parent = parent;
  inheritedOptions.set(parent, Object.freeze(draft));
  return draft;
}

function isOptionName(name: string): name is OptionName {
  return Object.hasOwn(optionTable, name);
}

function unknownOption(name: string): Problem {
  const near = nearest(name, optionNames);
  return problem(coreCodes.BERTH1016, {
    message: `there is no option "${name}"`,
    hint: near ? `did you mean "${near}"?` : `there are ${optionNames.join(", ")}`,
    path: name,
  });
}

import { nearest } from "@berth/diagnostics";
import type { Component } from "./component.ts";
import type { Declaration } from "./declaration.ts";
import { declarationOf } from "./declared.ts";
import type { Urn } from "./json.ts";
import type { Resource } from "./resource.ts";
import { formatUrn, nameProblem, parseUrn } from "./urn.ts";

/** What a resource or component was before. What is not said is as it is now. */
export interface Alias {
  /** Its logical name. */
  readonly name?: string;
  /** Its type: `azure:NodePool`. Components are not recorded, so theirs says nothing. */
  readonly type?: string;
  /** What it belonged to; `null`: to nothing. */
  readonly parent?: Resource | Component | null;
  /** All of its identity, instead of the others. */
  readonly urn?: Urn;
}

/** An {@link Alias} as it was read. */
export interface DeclaredAlias {
  readonly name?: string;
  readonly type?: string;
  readonly parent?: Declaration | null;
  readonly urn?: Urn;
  /** The whole logical path, from a `moved`. */
  readonly path?: readonly string[];
}

const members = ["name", "type", "parent", "urn"];

/** Reads one alias; a text says what is wrong with it. */
export function readAlias(given: unknown): DeclaredAlias | string {
  if (typeof given === "string") return nameProblem(given) ?? { name: given };
  if (typeof given !== "object" || given === null) return "is a name, or an object";
  const strange = Object.keys(given).find((each) => !members.includes(each));
  if (strange !== undefined)
    return `has no "${strange}": did you mean "${nearest(strange, members) ?? "name"}"?`;
  const { name, type, parent, urn }: { readonly [key: string]: unknown } = { ...given };
  const read: { name?: string; type?: string; parent?: Declaration | null; urn?: Urn } = {};
  if (name !== undefined) {
    const wrong = nameProblem(name);
    if (wrong !== undefined || typeof name !== "string") return wrong ?? "has a name that is text";
    read.name = name;
  }
  if (type !== undefined) {
    if (typeof type !== "string" || !/^[^:]+:[^:]+$/.test(type)) return 'has a type such as "azure:NodePool"';
    read.type = type;
  }
  if (parent !== undefined) {
    const declaration = parent === null ? null : declarationOf(parent);
    if (declaration === undefined) return "has a parent that is a resource, a component or null";
    read.parent = declaration;
  }
  if (urn !== undefined) {
    if (typeof urn !== "string" || !parseUrn(urn))
      return "has a urn such as urn:berth:dev:shop::azure:NodePool::user";
    if (Object.keys(read).length > 0) return "has either a urn or the parts of one";
    read.urn = urn;
  }
  return Object.keys(read).length > 0 ? read : "says nothing";
}

type Path = readonly string[];

/** Resolves aliases to what they stand for, each declaration's once, since children multiply those of their parents. */
export class AliasResolution {
  readonly #stack: { readonly project: string; readonly stack: string };
  readonly #moves: ReadonlyMap<Declaration, readonly DeclaredAlias[]>;
  readonly #paths = new Map<Declaration, readonly Path[]>();

  /** @param moves - what `moved` said of each declaration */
  constructor(
    stack: { readonly project: string; readonly stack: string },
    moves: ReadonlyMap<Declaration, readonly DeclaredAlias[]>,
  ) {
    this.#stack = stack;
    this.#moves = moves;
  }

  /** URNs that a resource may be recorded under, besides its own. The likeliest first, each once. */
  urnsOf(declaration: Declaration): readonly Urn[] {
    const { parent } = declaration;
    const inherited = parent ? this.#earlierPaths(parent) : [];
    const own = this.#aliasesOf(declaration);
    if (own.length === 0 && inherited.length === 0) return [];
    const urns = new Set<Urn>();
    for (const each of [...own, {}]) for (const urn of this.#urns(declaration, each)) urns.add(urn);
    urns.delete(declaration.urn);
    return [...urns];
  }

  #aliasesOf(declaration: Declaration): readonly DeclaredAlias[] {
    const moves = this.#moves.get(declaration);
    return moves ? [...declaration.options.aliases, ...moves] : declaration.options.aliases;
  }

  #urns(declaration: Declaration, alias: DeclaredAlias): readonly Urn[] {
    if (alias.urn !== undefined) return [alias.urn];
    const type = alias.type ?? declaration.type;
    return this.#pathsOf(declaration, alias).map((path) => formatUrn({ ...this.#stack, type, path }));
  }

  #pathsOf(declaration: Declaration, alias: DeclaredAlias): readonly Path[] {
    if (alias.path) return [alias.path];
    const name = alias.name ?? declaration.name;
    const parent = alias.parent === undefined ? declaration.parent : alias.parent;
    if (!parent) return [[name]];
    return [parent.path, ...this.#earlierPaths(parent)].map((path) => [...path, name]);
  }

  /** Where what encloses others stood before. */
  #earlierPaths(declaration: Declaration): readonly Path[] {
    const known = this.#paths.get(declaration);
    if (known) return known;
    // What comes back to itself through the parents of aliases adds nothing.
    this.#paths.set(declaration, []);
    const now = declaration.path.join("/");
    const found = new Map<string, Path>();
    for (const each of [...this.#aliasesOf(declaration), {}]) {
      const urn = "urn" in each && each.urn !== undefined ? parseUrn(each.urn) : undefined;
      for (const path of urn ? [urn.path] : this.#pathsOf(declaration, each)) found.set(path.join("/"), path);
    }
    found.delete(now);
    const paths = [...found.values()];
    this.#paths.set(declaration, paths);
    return paths;
  }
}

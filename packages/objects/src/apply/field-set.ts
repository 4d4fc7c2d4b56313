import { isJsonObject, type Json, type MutableJsonObject } from "../json.ts";
import type { StructType, Type } from "../schema/type.ts";
import { compareElements, fieldName, type FieldPath, type PathElement, readElement } from "./path-element.ts";

/**
 * A set of fields of an object, as a tree. A path is in the set if its last step is a member of the node that the
 * steps before lead to; being on the way to a member does not make a path one.
 *
 * Rules: `sigs.k8s.io/structured-merge-diff` v6 `fieldpath.Set`.
 */
export interface FieldSet {
  readonly members: ReadonlySet<PathElement>;
  readonly children: ReadonlyMap<PathElement, FieldSet>;
}

export const EMPTY: FieldSet = { members: new Set(), children: new Map() };

export function isEmptySet(set: FieldSet): boolean {
  if (set.members.size > 0) return false;
  for (const child of set.children.values()) if (!isEmptySet(child)) return false;
  return true;
}

export function childOf(set: FieldSet, element: PathElement): FieldSet {
  return set.children.get(element) ?? EMPTY;
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  const children = new Map(a.children);
  for (const [element, child] of b.children) {
    const own = children.get(element);
    children.set(element, own ? union(own, child) : child);
  }
  return { members: new Set([...a.members, ...b.members]), children };
}

export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  const members = new Set([...a.members].filter((each) => b.members.has(each)));
  const children = mapChildren(a, (element, child) => {
    const other = b.children.get(element);
    return other ? intersection(child, other) : EMPTY;
  });
  return { members, children };
}

/** What is in `a` and not in `b`. A path in `b` takes only itself away, not what is below it. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  const members = new Set([...a.members].filter((each) => !b.members.has(each)));
  const children = mapChildren(a, (element, child) => {
    const other = b.children.get(element);
    return other ? difference(child, other) : child;
  });
  return { members, children };
}

/** What is in `a` and neither in `b` nor below one of its paths. */
export function recursiveDifference(a: FieldSet, b: FieldSet): FieldSet {
  const members = new Set([...a.members].filter((each) => !b.members.has(each)));
  const children = mapChildren(a, (element, child) => {
    if (b.members.has(element)) return EMPTY;
    const other = b.children.get(element);
    return other ? recursiveDifference(child, other) : child;
  });
  return { members, children };
}

function mapChildren(
  set: FieldSet,
  change: (element: PathElement, child: FieldSet) => FieldSet,
): Map<PathElement, FieldSet> {
  const children = new Map<PathElement, FieldSet>();
  for (const [element, child] of set.children) {
    const changed = change(element, child);
    if (!isEmptySet(changed)) children.set(element, changed);
  }
  return children;
}

/** The set and, as members of it, the struct fields on the way to its paths; names in maps are not struct fields. */
export function withNamedFields(set: FieldSet, type: Type | undefined): FieldSet {
  const members = new Set(set.members);
  const children = new Map<PathElement, FieldSet>();
  for (const [element, child] of set.children) {
    const name = fieldName(element);
    if (name !== undefined && type?.kind === "struct" && type.fields.has(name)) members.add(element);
    children.set(element, withNamedFields(child, typeBelow(type, name)));
  }
  return { members, children };
}

function typeBelow(type: Type | undefined, name: string | undefined): Type | undefined {
  if (type?.kind === "struct") return name === undefined ? undefined : type.fields.get(name)?.type;
  if (type?.kind === "map") return name === undefined ? undefined : type.element;
  return type?.kind === "list" && name === undefined ? type.element : undefined;
}

/** All paths of a set, in Kubernetes' order: at each node its members first, then what is below. */
export function pathsOf(set: FieldSet, prefix: FieldPath = []): FieldPath[] {
  const members = [...set.members].sort(compareElements).map((element) => [...prefix, element]);
  const children = [...set.children].sort(([a], [b]) => compareElements(a, b));
  return [...members, ...children.flatMap(([element, child]) => pathsOf(child, [...prefix, element]))];
}

/** Collects paths; frozen into a set by leaving it alone. */
export class FieldSetBuilder implements FieldSet {
  readonly members = new Set<PathElement>();
  readonly children = new Map<PathElement, FieldSetBuilder>();

  /** Adds a path. The empty path is the object as a whole, which nobody owns. */
  insert(path: FieldPath): void {
    const last = path.at(-1);
    if (last !== undefined) this.#below(path, path.length - 1).members.add(last);
  }

  #below(path: FieldPath, depth: number): FieldSetBuilder {
    if (depth === 0) return this;
    const parent = this.#below(path, depth - 1);
    const element = path[depth - 1]!;
    let child = parent.children.get(element);
    if (!child) parent.children.set(element, (child = new FieldSetBuilder()));
    return child;
  }
}

/** A set of top-level and nested fields by name: `fieldsNamed(["status"], ["metadata", "name"])`. */
export function fieldsNamed(...paths: readonly (readonly string[])[]): FieldSet {
  const set = new FieldSetBuilder();
  for (const path of paths) set.insert(path.map((name) => `f:${name}`));
  return set;
}

/** Reads `fieldsV1`; nothing where it is malformed. */
export function readFieldsV1(value: Json | undefined): FieldSet | undefined {
  if (!isJsonObject(value)) return undefined;
  const members = new Set<PathElement>();
  const children = new Map<PathElement, FieldSet>();
  for (const [text, below] of Object.entries(value)) {
    if (text === ".") continue;
    const element = readElement(text);
    if (element === undefined || !isJsonObject(below)) return undefined;
    const isLeaf = Object.keys(below).length === 0;
    if (isLeaf || Object.hasOwn(below, ".")) members.add(element);
    if (isLeaf) continue;
    const child = readFieldsV1(below);
    if (!child) return undefined;
    if (!isEmptySet(child)) children.set(element, child);
  }
  return { members, children };
}

/** Writes `fieldsV1`, in the order in which Kubernetes does. */
export function writeFieldsV1(set: FieldSet): MutableJsonObject {
  const written: MutableJsonObject = {};
  for (const element of [...new Set([...set.members, ...set.children.keys()])].toSorted(compareElements)) {
    const child = set.children.get(element);
    const below = child ? writeFieldsV1(child) : {};
    const isBoth = set.members.has(element) && Object.keys(below).length > 0;
    written[element] = isBoth ? { ".": {}, ...below } : below;
  }
  return written;
}

/** The fields of a kind's objects that only one of its subresources may set. */
export function topLevelFields(type: StructType, names: readonly string[]): FieldSet {
  return fieldsNamed(...names.filter((name) => type.fields.has(name)).map((name) => [name]));
}

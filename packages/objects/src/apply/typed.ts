import { isJsonObject, type Json, type JsonObject, sameJson } from "../json.ts";
import type { ListType, Type } from "../schema/type.ts";
import { childOf, type FieldSet, FieldSetBuilder, isEmptySet } from "./field-set.ts";
import { fieldElement, listElement, type PathElement } from "./path-element.ts";

// Rules: `sigs.k8s.io/structured-merge-diff` v6 `typed`. Absent is undefined; null is present and empty.

/** Every leaf and list element that a value mentions: what whoever states it owns. */
export function fieldSetOf(type: Type, value: Json): FieldSet {
  const set = new FieldSetBuilder();
  collect(type, value, [], set);
  return set;
}

function collect(type: Type, value: Json, path: PathElement[], set: FieldSetBuilder): void {
  if (isLeafType(type)) return set.insert(path);
  if (type.kind === "list") {
    if (!Array.isArray(value)) return;
    const elements = byElement(type, value);
    for (const [element, occurrences] of elements) {
      path.push(element);
      if (occurrences.length === 1) collect(type.element, occurrences[0]!, path, set);
      set.insert(path);
      path.pop();
    }
    return;
  }
  if (!isJsonObject(value)) return;
  for (const [name, member] of Object.entries(value)) {
    const below = memberType(type, name);
    if (!below) continue;
    path.push(fieldElement(name));
    collect(below, member, path, set);
    if (type.kind === "map" || isEmptyObject(member)) set.insert(path);
    path.pop();
  }
}

/** The live value with the stated one laid over it: keyed lists and objects are merged, everything else replaced. */
export function mergeTyped(type: Type, live: Json | undefined, stated: Json | undefined): Json | undefined {
  if (stated === undefined || live === undefined) return stated ?? live;
  if (isLeafType(type) || (isEmptyJson(live) && isEmptyJson(stated))) return stated;
  if (type.kind === "list") return mergeLists(type, listOf(live), listOf(stated));
  const [left, right] = [objectOf(live), objectOf(stated)];
  const members = [...new Set([...Object.keys(left), ...Object.keys(right)])].flatMap((name) => {
    const below = memberType(type, name);
    const member = below ? mergeTyped(below, left[name], right[name]) : (right[name] ?? left[name]);
    return member === undefined ? [] : [[name, member] as const];
  });
  return members.length > 0 ? Object.fromEntries(members) : undefined;
}

/**
 * Elements keep the order that whoever states them gives them; those that are not stated stay beside their
 * neighbours in the live list.
 */
function mergeLists(type: ListType, live: readonly Json[], stated: readonly Json[]): Json | undefined {
  const left = live.map((each) => [listElement(type, each) ?? "", each] as const);
  const right = stated.map((each) => [listElement(type, each) ?? "", each] as const);
  const leftByKey = new Map<PathElement, Json | undefined>();
  // Duplicates cannot be merged with: what is stated takes the place of all of them.
  for (const [element, each] of left) leftByKey.set(element, leftByKey.has(element) ? undefined : each);
  const rightKeys = new Set(right.map(([element]) => element));
  const shared = right.map(([element]) => element).filter((element) => leftByKey.has(element));
  let nextShared = shared.shift();

  const out: Json[] = [];
  const done = new Set<PathElement>();
  const push = (value: Json | undefined) => {
    if (value !== undefined) out.push(value);
  };
  for (let l = 0, r = 0; l < left.length || r < right.length;) {
    const ours = left[l];
    const theirs = right[r];
    if (ours && theirs && ours[0] === theirs[0]) {
      done.add(ours[0]);
      push(mergeTyped(type.element, leftByKey.get(ours[0]), theirs[1]));
      l++;
      r++;
      nextShared = shared.shift();
      continue;
    }
    if (ours && theirs && rightKeys.has(ours[0]) && nextShared !== undefined && nextShared !== ours[0]) {
      l++;
      continue;
    }
    if (ours && !rightKeys.has(ours[0])) {
      push(ours[1]);
      l++;
      continue;
    }
    if (ours && done.has(ours[0])) l++;
    if (theirs) {
      done.add(theirs[0]);
      push(mergeTyped(type.element, leftByKey.get(theirs[0]), theirs[1]));
      r++;
      if (nextShared === theirs[0]) nextShared = shared.shift();
    }
  }
  return out.length > 0 ? out : undefined;
}

/** Where two values of a type differ. No path is in more than one of the sets. */
export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

export function compareTyped(type: Type, before: Json | undefined, after: Json | undefined): Comparison {
  const comparison = {
    added: new FieldSetBuilder(),
    modified: new FieldSetBuilder(),
    removed: new FieldSetBuilder(),
  };
  compare(type, before, after, [], comparison);
  return comparison;
}

interface ComparisonBuilder {
  readonly added: FieldSetBuilder;
  readonly modified: FieldSetBuilder;
  readonly removed: FieldSetBuilder;
}

function compare(
  type: Type,
  before: Json | undefined,
  after: Json | undefined,
  path: PathElement[],
  out: ComparisonBuilder,
): void {
  if (before === undefined && after === undefined) return;
  const isLeaf = isLeafType(type) || (isEmptyJson(before) && isEmptyJson(after));
  if (isLeaf && before !== undefined && after !== undefined) {
    if (!sameJson(before, after)) out.modified.insert(path);
    return;
  }
  if (before === undefined) out.added.insert(path);
  else if (after === undefined) out.removed.insert(path);
  if (isLeaf) return;
  if (type.kind === "list") return compareLists(type, listOf(before), listOf(after), path, out);
  const [left, right] = [objectOf(before), objectOf(after)];
  for (const name of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const below = memberType(type, name);
    if (!below) continue;
    path.push(fieldElement(name));
    compare(below, left[name], right[name], path, out);
    path.pop();
  }
}

function compareLists(
  type: ListType,
  before: readonly Json[],
  after: readonly Json[],
  path: PathElement[],
  out: ComparisonBuilder,
): void {
  const left = byElement(type, before);
  const right = byElement(type, after);
  for (const element of new Set([...left.keys(), ...right.keys()])) {
    const ours = left.get(element) ?? [];
    const theirs = right.get(element) ?? [];
    path.push(element);
    if (ours.length <= 1 && theirs.length <= 1) compare(type.element, ours[0], theirs[0], path, out);
    else if (ours.length >= 2 && theirs.length >= 2) {
      if (!sameJson(ours, theirs)) out.modified.insert(path);
    } else if (ours.length >= 2) {
      compare(type.element, undefined, theirs[0], path, out);
      out.removed.insert(path);
    } else {
      compare(type.element, ours[0], undefined, path, out);
      out.added.insert(path);
    }
    path.pop();
  }
}

/** The value without the fields and list elements of a set. What becomes empty becomes null. */
export function removeFields(type: Type, value: Json, set: FieldSet): Json {
  if (type.kind === "scalar") return value;
  if (isLeafType(type) || isEmptyJson(value)) return null;
  if (type.kind === "list") {
    const kept = listOf(value).flatMap((each) => {
      const element = listElement(type, each);
      return element === undefined ? [each] : keptMember(type.element, each, element, set);
    });
    return kept.length > 0 ? kept : null;
  }
  const members = Object.entries(objectOf(value)).flatMap(([name, member]) =>
    keptMember(memberType(type, name), member, fieldElement(name), set).map((kept) => [name, kept] as const),
  );
  return members.length > 0 ? Object.fromEntries(members) : null;
}

function keptMember(type: Type | undefined, value: Json, element: PathElement, set: FieldSet): Json[] {
  if (set.members.has(element)) return [];
  const below = childOf(set, element);
  return [type && !isEmptySet(below) ? removeFields(type, value, below) : value];
}

function memberType(type: Type, name: string): Type | undefined {
  if (type.kind === "map") return type.element;
  return type.kind === "struct" ? type.fields.get(name)?.type : undefined;
}

/** Types whose values have one owner as a whole. */
export function isLeafType(type: Type): boolean {
  switch (type.kind) {
    case "scalar":
      return true;
    case "list":
      return type.relation === "atomic";
    case "map":
    case "struct":
      return type.atomic;
  }
}

function byElement(type: ListType, list: readonly Json[]): ReadonlyMap<PathElement, readonly Json[]> {
  const elements = new Map<PathElement, Json[]>();
  for (const each of list) {
    const element = listElement(type, each);
    if (element === undefined) continue;
    const known = elements.get(element);
    if (known) known.push(each);
    else elements.set(element, [each]);
  }
  return elements;
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function objectOf(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

function isEmptyObject(value: Json): boolean {
  return value === null || (isJsonObject(value) && Object.keys(value).length === 0);
}

function isEmptyJson(value: Json | undefined): boolean {
  if (value === undefined || value === null) return true;
  return Array.isArray(value) ? value.length === 0 : isJsonObject(value) && Object.keys(value).length === 0;
}

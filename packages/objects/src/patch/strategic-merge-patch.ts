import { isJsonObject, type Json, type JsonObject, sameJson } from "../json.ts";
import type { Field, Type } from "../schema/type.ts";
import { orderElements } from "./element-order.ts";
import { PatchError } from "./patch-error.ts";

const DIRECTIVE = "$patch";
const RETAIN_KEYS = "$retainKeys";
const DELETE_PREFIX = "$deleteFromPrimitiveList/";
const ORDER_PREFIX = "$setElementOrder/";

/**
 * A strategic merge patch: like a merge patch, but lists with a merge key are merged element by element, and
 * directives (`$patch`, `$retainKeys`, `$deleteFromPrimitiveList/…`, `$setElementOrder/…`) say what else is to be done.
 *
 * Rules: `k8s.io/apimachinery` v0.36 `pkg/util/strategicpatch`.
 *
 * @throws PatchError
 */
export function strategicMergePatch(type: Type, target: JsonObject, patch: Json): JsonObject {
  if (!isJsonObject(patch)) throw new PatchError("malformed", "invalid JSON document");
  return mergeObject(type, target, patch);
}

function mergeObject(type: Type | undefined, target: JsonObject, patch: JsonObject): JsonObject {
  const directive = patch[DIRECTIVE];
  if (directive !== undefined) return replaceOrDelete(directive, patch);
  const merged = new Map(Object.entries(retainKeys(target, patch)));
  const rest = new Map(Object.entries(patch).filter(([name]) => name !== RETAIN_KEYS));

  for (const [name, order] of [...rest].filter(([key]) => key.startsWith(ORDER_PREFIX))) {
    rest.delete(name);
    const listName = name.slice(ORDER_PREFIX.length);
    const list = mergeOrdered(
      fieldOf(type, listName),
      listOf(merged.get(listName)),
      listOf(rest.get(listName)),
      order,
    );
    rest.delete(listName);
    if (list) merged.set(listName, list);
  }

  for (const [name, value] of rest) {
    if (name.startsWith(DELETE_PREFIX)) {
      const listName = name.slice(DELETE_PREFIX.length);
      const list = merged.get(listName);
      if (!Array.isArray(value)) throw new PatchError("malformed", "invalid patch format of primitive list");
      if (Array.isArray(list))
        merged.set(
          listName,
          list.filter((each) => !value.some((gone) => sameJson(each, gone))),
        );
      continue;
    }
    const changed =
      value === null
        ? undefined
        : mergeMember(fieldOf(type, name), typeBelow(type, name), merged.get(name), value);
    if (changed === undefined) merged.delete(name);
    else merged.set(name, changed);
  }
  return Object.fromEntries(merged);
}

function mergeMember(
  field: Field | undefined,
  type: Type | undefined,
  current: Json | undefined,
  value: Json,
): Json | undefined {
  if (isJsonObject(current) && isJsonObject(value)) {
    return field?.patch?.replace ? value : mergeObject(type, current, value);
  }
  if (Array.isArray(current) && Array.isArray(value) && field?.patch?.mergeKey !== undefined) {
    return mergeList(type, current, value, field.patch.mergeKey);
  }
  if (Array.isArray(current) && Array.isArray(value)) return value;
  return withoutDirectives(withoutNulls(value));
}

function mergeList(
  type: Type | undefined,
  current: readonly Json[],
  patch: readonly Json[],
  mergeKey: string,
): readonly Json[] {
  if (current.length === 0 && patch.length === 0) return current;
  if (mergeKey === "") {
    const both = [...current, ...patch];
    const unique = both.filter((each, index) => both.findIndex((other) => sameJson(each, other)) === index);
    return orderElements(unique, patch, current, mergeKey);
  }
  const elementType = type?.kind === "list" ? type.element : undefined;
  const { kept, changes } = applyElementDirectives(current, patch, mergeKey);
  const merged = [...kept];
  for (const change of changes) {
    const key = keyOf(change, mergeKey);
    const index = merged.findIndex((each) => isJsonObject(each) && sameJson(each[mergeKey], key));
    const existing = merged[index];
    if (isJsonObject(existing)) merged[index] = mergeObject(elementType, existing, change);
    else merged.push(change);
  }
  return orderElements(merged, changes, kept, mergeKey);
}

/** Handles elements that say `$patch: delete` or `$patch: replace` before the others are merged. */
function applyElementDirectives(current: readonly Json[], patch: readonly Json[], mergeKey: string) {
  let kept = [...current];
  let isReplaced = false;
  const changes: JsonObject[] = [];
  for (const each of patch) {
    if (!isJsonObject(each)) throw new PatchError("internal", "elements of a merged list are objects");
    const directive = each[DIRECTIVE];
    if (directive === undefined) changes.push(each);
    else if (directive === "delete") {
      const key = keyOf(each, mergeKey);
      kept = kept.filter((other) => !(isJsonObject(other) && sameJson(other[mergeKey], key)));
    } else if (directive === "replace") isReplaced = true;
    else throw new PatchError("internal", `unknown patch type ${JSON.stringify(directive)}`);
  }
  return isReplaced ? { kept: changes, changes: [] } : { kept, changes };
}

function mergeOrdered(
  field: Field | undefined,
  current: readonly Json[] | undefined,
  patch: readonly Json[] | undefined,
  order: Json,
): readonly Json[] | undefined {
  if (!Array.isArray(order))
    throw new PatchError("malformed", "invalid patch format of setElementOrder list");
  if (!current && !patch) return undefined;
  const mergeKey = field?.patch?.mergeKey ?? "";
  checkOrder(patch ?? [], order, mergeKey);
  const added = patch && withoutDirectives(patch);
  const merged =
    current && patch
      ? mergeList(field?.type, current, patch, mergeKey)
      : (current ?? (Array.isArray(added) ? added : []));
  return orderElements(merged, order, current ?? [], mergeKey);
}

/** The patch's elements must come in the order that it asks for. */
function checkOrder(patch: readonly Json[], order: readonly Json[], mergeKey: string): void {
  if (patch.length === 0 || order.length === 0) return;
  const wanted = patch.filter((each) => !(isJsonObject(each) && each[DIRECTIVE] !== undefined));
  let next = 0;
  for (const each of order) if (next < wanted.length && isSameElement(wanted[next]!, each, mergeKey)) next++;
  if (next < wanted.length)
    throw new PatchError("internal", "The order in patch list doesn't match $setElementOrder list");
}

function isSameElement(a: Json, b: Json, mergeKey: string): boolean {
  if (mergeKey === "") return sameJson(a, b);
  return isJsonObject(a) && isJsonObject(b) && sameJson(keyOf(a, mergeKey), keyOf(b, mergeKey));
}

function replaceOrDelete(directive: Json, patch: JsonObject): JsonObject {
  if (directive === "delete") return {};
  if (directive === "replace")
    return Object.fromEntries(Object.entries(patch).filter(([name]) => name !== DIRECTIVE));
  throw new PatchError("internal", `unknown patch type ${JSON.stringify(directive)}`);
}

/** Clears the fields that `$retainKeys` does not name. */
function retainKeys(target: JsonObject, patch: JsonObject): JsonObject {
  const retained = patch[RETAIN_KEYS];
  if (retained === undefined) return target;
  const malformed = new PatchError("malformed", "invalid patch format of retainKeys");
  if (!Array.isArray(retained)) throw malformed;
  for (const [name, value] of Object.entries(patch)) {
    const isExempt =
      value === null ||
      name === RETAIN_KEYS ||
      name.startsWith(DELETE_PREFIX) ||
      name.startsWith(ORDER_PREFIX);
    if (!isExempt && !retained.includes(name)) throw malformed;
  }
  return Object.fromEntries(Object.entries(target).filter(([name]) => retained.includes(name)));
}

function keyOf(element: JsonObject, mergeKey: string): Json {
  const key = element[mergeKey];
  if (key !== undefined) return key;
  throw new PatchError(
    "internal",
    `map: ${JSON.stringify(element)} does not contain declared merge key: ${mergeKey}`,
  );
}

function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isJsonObject(value)) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(members.map(([name, member]) => [name, withoutNulls(member)]));
}

/** What is new is taken as it is, without parts that are directives. */
function withoutDirectives(value: Json): Json | undefined {
  if (Array.isArray(value)) return value.flatMap((each) => withoutDirectives(each) ?? []);
  if (!isJsonObject(value)) return value;
  if (value[DIRECTIVE] !== undefined) return undefined;
  const members = Object.entries(value).flatMap(([name, member]) => {
    const kept = withoutDirectives(member);
    return kept === undefined ? [] : [[name, kept] as const];
  });
  return Object.fromEntries(members);
}

function fieldOf(type: Type | undefined, name: string): Field | undefined {
  return type?.kind === "struct" ? type.fields.get(name) : undefined;
}

function typeBelow(type: Type | undefined, name: string): Type | undefined {
  return type?.kind === "map" ? type.element : fieldOf(type, name)?.type;
}

function listOf(value: Json | undefined): readonly Json[] | undefined {
  return Array.isArray(value) ? value : undefined;
}

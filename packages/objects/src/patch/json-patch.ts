import { copyJson, isJsonObject, isMutableObject, type Json, type MutableJson, sameJson } from "../json.ts";
import { PatchError } from "./patch-error.ts";

const OPERATIONS_LIMIT = 10_000;

/**
 * A JSON patch: a list of operations, all of them or none.
 *
 * Rules: RFC 6902 as the library reads it that the API server uses (`evanphx/json-patch` v4): a field that is not
 * there can be replaced, but not removed, and nothing can be put below what is not there.
 *
 * @throws PatchError with `malformed` where it is no patch, with `inapplicable` where it does not go with the target
 */
export function jsonPatch(target: Json, patch: Json): Json {
  if (!Array.isArray(patch)) throw new PatchError("malformed", "a JSON patch is a list of operations");
  if (patch.length > OPERATIONS_LIMIT) {
    throw new PatchError(
      "too-large",
      `The allowed maximum operations in a JSON patch is ${OPERATIONS_LIMIT}, got ${patch.length}`,
    );
  }
  const document: { root: MutableJson } = { root: copyJson(target) };
  for (const operation of patch) apply(document, operation);
  return document.root;
}

function apply(document: { root: MutableJson }, operation: Json): void {
  if (!isJsonObject(operation))
    throw new PatchError("malformed", "an operation of a JSON patch is an object");
  const { op, path, from, value } = operation;
  if (typeof op !== "string" || typeof path !== "string") {
    throw new PatchError("malformed", "an operation of a JSON patch needs op and path");
  }
  switch (op) {
    case "add":
      return add(document, path, copyJson(value ?? null));
    case "remove":
      take(document, path, "remove");
      return;
    case "replace":
      return replace(document, path, copyJson(value ?? null));
    case "move":
      return add(document, path, take(document, textOf(from), "move"));
    case "copy":
      return add(document, path, copyJson(find(document, textOf(from), "copy")));
    case "test":
      if (!sameJson(lookup(document.root, steps(path)) ?? null, value ?? null)) {
        throw new PatchError("inapplicable", `testing value ${path} failed`);
      }
      return;
    default:
      throw new PatchError("malformed", `unexpected operation ${JSON.stringify(op)}`);
  }
}

function add(document: { root: MutableJson }, path: string, value: MutableJson): void {
  const way = steps(path);
  const last = way.pop();
  if (last === undefined) {
    document.root = value;
    return;
  }
  const parent = lookup(document.root, way);
  if (Array.isArray(parent)) {
    const index = last === "-" ? parent.length : indexOf(last, parent.length, path);
    parent.splice(index, 0, value);
  } else if (isMutableObject(parent)) {
    Object.defineProperty(parent, last, { value, configurable: true, enumerable: true, writable: true });
  } else {
    throw new PatchError("inapplicable", `add operation does not apply: doc is missing path: ${path}`);
  }
}

/** What is to be replaced in a list must be there; in an object its parent will do. */
function replace(document: { root: MutableJson }, path: string, value: MutableJson): void {
  const way = steps(path);
  const last = way.pop();
  const parent = lookup(document.root, way);
  if (Array.isArray(parent) && last !== undefined) {
    find(document, path, "replace");
    parent[Number(last)] = value;
  } else {
    add(document, path, value);
  }
}

/** Removes what is at a path, and answers it. */
function take(document: { root: MutableJson }, path: string, operation: string): MutableJson {
  const value = find(document, path, operation);
  const way = steps(path);
  const last = way.pop();
  const parent = lookup(document.root, way);
  if (last === undefined) document.root = null;
  else if (Array.isArray(parent)) parent.splice(indexOf(last, parent.length - 1, path), 1);
  else if (isMutableObject(parent)) delete parent[last];
  return value;
}

function find(document: { root: MutableJson }, path: string, operation: string): MutableJson {
  const value = lookup(document.root, steps(path));
  if (value === undefined) {
    throw new PatchError(
      "inapplicable",
      `${operation} operation does not apply: doc is missing key: ${path}`,
    );
  }
  return value;
}

function lookup(root: MutableJson, way: readonly string[]): MutableJson | undefined {
  let current: MutableJson | undefined = root;
  for (const step of way) {
    if (Array.isArray(current)) current = /^(?:0|[1-9]\d*)$/.test(step) ? current[Number(step)] : undefined;
    else if (isMutableObject(current)) current = Object.hasOwn(current, step) ? current[step] : undefined;
    else return undefined;
  }
  return current;
}

function indexOf(step: string, largest: number, path: string): number {
  const index = /^(?:0|[1-9]\d*)$/.test(step) ? Number(step) : -1;
  if (index >= 0 && index <= largest) return index;
  throw new PatchError("inapplicable", `add operation does not apply: index out of bounds: ${path}`);
}

function steps(path: string): string[] {
  if (path === "") return [];
  if (!path.startsWith("/")) throw new PatchError("inapplicable", `path ${path} does not start with a slash`);
  return path
    .slice(1)
    .split("/")
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function textOf(from: Json | undefined): string {
  if (typeof from === "string") return from;
  throw new PatchError("malformed", "the operation needs from");
}

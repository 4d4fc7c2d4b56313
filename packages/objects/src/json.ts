/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** A JSON value under construction, owned by whoever builds it. */
export type MutableJson = null | boolean | number | string | MutableJson[] | MutableJsonObject;

/** A JSON object under construction. */
export interface MutableJsonObject {
  [key: string]: MutableJson;
}

/** Whether a value is an object in JSON's sense: not null, not an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value under construction is an object. */
export function isMutableObject(value: MutableJson | undefined): value is MutableJsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The object at a field, or nothing where there is none. */
export function objectAt(parent: MutableJsonObject | undefined, name: string): MutableJsonObject | undefined;
export function objectAt(parent: JsonObject | undefined, name: string): JsonObject | undefined;
export function objectAt(parent: JsonObject | undefined, name: string): JsonObject | undefined {
  const value = parent && Object.hasOwn(parent, name) ? parent[name] : undefined;
  return isJsonObject(value) ? value : undefined;
}

/** The objects in the list at a field; none where there is no list. */
export function objectsAt(parent: MutableJsonObject | undefined, name: string): MutableJsonObject[];
export function objectsAt(parent: JsonObject | undefined, name: string): readonly JsonObject[];
export function objectsAt(parent: JsonObject | undefined, name: string): readonly JsonObject[] {
  const value = parent?.[name];
  return Array.isArray(value) ? value.filter((each) => isJsonObject(each)) : [];
}

/** The text at a field, empty where there is none. */
export function textAt(parent: JsonObject | undefined, name: string): string {
  const value = parent?.[name];
  return typeof value === "string" ? value : "";
}

/** The number at a field, or nothing where there is none. */
export function numberAt(parent: JsonObject | undefined, name: string): number | undefined {
  const value = parent?.[name];
  return typeof value === "number" ? value : undefined;
}

/** The texts in the list at a field; none where there is no list. */
export function textsAt(parent: JsonObject | undefined, name: string): readonly string[] {
  const value = parent?.[name];
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}

/** The texts in the map at a field, such as labels; none where there is no map. */
export function textMapAt(parent: JsonObject | undefined, name: string): Readonly<Record<string, string>> {
  const entries = Object.entries(objectAt(parent, name) ?? {});
  return Object.fromEntries(
    entries.flatMap(([key, value]) => (typeof value === "string" ? [[key, value] as const] : [])),
  );
}

/** A copy that shares nothing with the value. */
export function copyJson(value: Json): MutableJson {
  if (Array.isArray(value)) return value.map((each) => copyJson(each));
  if (isJsonObject(value))
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, copyJson(member)]));
  return isScalarJson(value) ? value : null;
}

/** Whether two values are the same JSON, whatever the order of their fields. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((each, index) => sameJson(each, b[index]));
  }
  if (!isJsonObject(a) || !isJsonObject(b)) return false;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && sameJson(a[name], b[name]))
  );
}

function isScalarJson(value: Json): value is null | boolean | number | string {
  return typeof value !== "object" || value === null;
}

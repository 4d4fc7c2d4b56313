import {
  copyJson,
  isJsonObject,
  type Json,
  type JsonObject,
  type MutableJsonObject,
  objectAt,
  textAt,
} from "../json.ts";

/** What an update may not change, or may leave out. */
export function carryOver(metadata: MutableJsonObject, before: JsonObject): void {
  for (const name of [
    "generation",
    "creationTimestamp",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "selfLink",
  ]) {
    setOrDelete(metadata, name, before[name]);
  }
  for (const name of ["uid", "resourceVersion", "namespace"]) {
    if (textAt(metadata, name) === "") setOrDelete(metadata, name, before[name]);
  }
}

/** Sets a field, or removes it where there is no value. */
export function setOrDelete(object: MutableJsonObject, name: string, value: Json | undefined): void {
  if (value === undefined) delete object[name];
  else object[name] = copyJson(value);
}

/** The object as its owners see it. */
export function withoutManagedFields(object: JsonObject): JsonObject {
  const { managedFields: _managedFields, ...metadata } = objectAt(object, "metadata") ?? {};
  return { ...object, metadata };
}

/** For comparing: when somebody came to own a field changes nothing. */
export function withoutTimes(object: JsonObject): JsonObject {
  const metadata = objectAt(object, "metadata") ?? {};
  const entries = metadata["managedFields"];
  if (!Array.isArray(entries)) return object;
  const timeless = entries.map((entry) => (isJsonObject(entry) ? { ...entry, time: "" } : entry));
  return { ...object, metadata: { ...metadata, managedFields: timeless } };
}

/** Whether a list of managed fields asks for being tracked no more. */
export function isBlank(entries: Json | undefined): boolean {
  if (!Array.isArray(entries)) return false;
  const [only] = entries;
  return (
    entries.length === 0 || (entries.length === 1 && isJsonObject(only) && Object.keys(only).length === 0)
  );
}

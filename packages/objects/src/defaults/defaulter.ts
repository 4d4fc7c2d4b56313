import type { Json, MutableJson, MutableJsonObject } from "../json.ts";
import { copyJson } from "../json.ts";

/** Fills what is absent in an object of one type; it may look into the object, but not out of it. */
export type Defaulter = (object: MutableJsonObject) => void;

/** Default functions by type name. */
export type Defaulters = Readonly<Record<string, Defaulter>>;

/** Sets a field that is absent or null. */
export function setAbsent(object: MutableJsonObject, name: string, value: Json): void {
  if (object[name] === undefined || object[name] === null) object[name] = copyJson(value);
}

/** Sets a field that is absent or has its zero value, where Kubernetes cannot tell the two apart. */
export function setEmpty(object: MutableJsonObject, name: string, value: Json): void {
  if (isZero(object[name])) object[name] = copyJson(value);
}

/** A function that sets each of the fields that is absent. */
export function absent(fields: Readonly<Record<string, Json>>): Defaulter {
  return (object) => {
    for (const [name, value] of Object.entries(fields)) setAbsent(object, name, value);
  };
}

/** A function that sets each of the fields that is absent or zero. */
export function empty(fields: Readonly<Record<string, Json>>): Defaulter {
  return (object) => {
    for (const [name, value] of Object.entries(fields)) setEmpty(object, name, value);
  };
}

function isZero(value: MutableJson | undefined): boolean {
  if (value === undefined || value === null || value === "" || value === 0 || value === false) return true;
  return Array.isArray(value) && value.length === 0;
}

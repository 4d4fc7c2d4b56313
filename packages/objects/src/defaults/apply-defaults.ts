import {
  isJsonObject,
  isMutableObject,
  type JsonObject,
  type MutableJson,
  type MutableJsonObject,
} from "../json.ts";
import type { KubernetesObject } from "../object.ts";
import { readQuantity, roundUpToMilli } from "../quantity.ts";
import { kindOf } from "../schema/kind.ts";
import { storedForm } from "../schema/stored-form.ts";
import type { StructType, Type } from "../schema/type.ts";
import { apps } from "./apps.ts";
import { core } from "./core.ts";
import type { Defaulter } from "./defaulter.ts";
import { otherGroups } from "./other-groups.ts";

/**
 * An object as an API server of version 1.36 stores it once it has decoded it: canonical, and with every default
 * that its kind has. What only the server can know stays absent (cluster IPs, node ports, UIDs). Objects of kinds
 * that are not built in come back as they are.
 *
 * The result is new; the input is not changed. Filling twice changes nothing.
 *
 * @example applyDefaults(deployment).spec.strategy // { type: "RollingUpdate", rollingUpdate: { … } }
 */
export function applyDefaults<T extends KubernetesObject>(object: T): T;
export function applyDefaults(object: JsonObject): JsonObject;
export function applyDefaults(object: object): object {
  if (!isJsonObject(object)) return object;
  const { apiVersion, kind } = object;
  const known =
    typeof apiVersion === "string" && typeof kind === "string" ? kindOf(apiVersion, kind) : undefined;
  return known ? withDefaults(known.type, object) : object;
}

/** {@link applyDefaults} for an object of a known type, which may be changed further: nothing else holds it. */
export function withDefaults(type: StructType, object: JsonObject): MutableJsonObject {
  const stored = storedForm(type, object);
  fill(type, stored);
  return stored;
}

const DEFAULTERS: ReadonlyMap<string, Defaulter> = new Map(
  Object.entries({ ...core, ...apps, ...otherGroups }),
);

function fill(type: Type, value: MutableJson | undefined): void {
  switch (type.kind) {
    case "struct":
      if (isMutableObject(value)) fillStruct(type, value);
      return;
    case "list":
      if (type.element.kind !== "scalar" && Array.isArray(value))
        for (const each of value) fill(type.element, each);
      return;
    case "map":
      if (!isMutableObject(value)) return;
      if (type.element.kind === "scalar" && type.element.scalar === "quantity") roundResources(value);
      else if (type.element.kind !== "scalar")
        for (const each of Object.values(value)) fill(type.element, each);
      return;
    case "scalar":
      return;
  }
}

function fillStruct(type: StructType, value: MutableJsonObject): void {
  DEFAULTERS.get(type.name)?.(value);
  for (const name of Object.keys(value)) {
    const field = type.fields.get(name);
    if (field && field.type.kind !== "scalar") fill(field.type, value[name]);
  }
}

/** The API server counts resources in thousandths at the finest. */
function roundResources(amounts: MutableJsonObject): void {
  for (const [name, amount] of Object.entries(amounts)) {
    if (typeof amount === "string" && readQuantity(amount)) amounts[name] = roundUpToMilli(amount);
  }
}

import type { Json, JsonObject, PropertyChange, ResourceTypeOptions, Schema, ValueObject } from "@berth/core";
import { checkObject, describeKind, kindOf, refKey } from "@berth/objects";
import { compareInputs, projectInputs } from "./compare.ts";
import { objectFacets } from "./facets.ts";
import { refOfInputs } from "./object-inputs.ts";
import { writtenObject } from "./written.ts";

/** What holds for every type of this room: an object of a cluster, known by its kind's tables. */
export const objectType = {
  provider: "kubernetes",
  onCluster: true,
  shape: shapeOfObject,
  validate: (inputs: JsonObject) => checkObject(inputs),
  compare: (before: JsonObject, after: JsonObject): readonly PropertyChange[] => compareInputs(before, after),
  project: projectInputs,
  written: writtenObject,
  identity(inputs: ValueObject): string | undefined {
    const ref = refOfInputs(inputs);
    return ref && refKey(ref);
  },
  facets: objectFacets,
} satisfies ResourceTypeOptions;

/** The fields of the kind that a type's schema names, as far as programs give them; the schema itself for any kind. */
function shapeOfObject(inputs: Schema): Schema {
  const { properties } = inputs;
  if (!isObject(properties)) return inputs;
  const [apiVersion, name] = [properties["apiVersion"], properties["kind"]].map((each) =>
    isObject(each) ? each["const"] : undefined,
  );
  if (typeof apiVersion !== "string" || typeof name !== "string") return inputs;
  const kind = kindOf(apiVersion, name);
  return kind ? describeKind(kind, Object.keys(properties)) : inputs;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

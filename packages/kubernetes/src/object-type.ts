import type { JsonObject, PropertyChange, ResourceTypeOptions, ValueObject } from "@berth/core";
import { checkObject, refKey } from "@berth/objects";
import { compareInputs, projectInputs } from "./compare.ts";
import { objectFacets } from "./facets.ts";
import { refOfInputs } from "./object-inputs.ts";
import { writtenObject } from "./written.ts";

/** What holds for every type of this room: an object of a cluster, known by its kind's tables. */
export const objectType = {
  provider: "kubernetes",
  onCluster: true,
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

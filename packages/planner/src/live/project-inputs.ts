import type { JsonObject, ResourceDefinition } from "@berth/core";
import { type OpaqueValue, projectBySchema } from "./project-by-schema.ts";

/** The part of what an API tells that inputs speak about: as the type says, or by its schema. */
export function projectInputs(
  definition: ResourceDefinition,
  stated: JsonObject,
  live: JsonObject,
  opaque: OpaqueValue,
): JsonObject {
  return definition.project
    ? definition.project(stated, live, opaque)
    : projectBySchema(definition.inputs, stated, live, opaque);
}

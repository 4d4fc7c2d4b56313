import type { JsonObject } from "../store/json.ts";
import type { ArmResource, Resources } from "./arm-resource.ts";
import { present } from "./body.ts";
import type { ResourceType } from "./resource-type.ts";

/** A resource as an answer shows it. */
export function showResource(
  type: ResourceType,
  resource: ArmResource,
  resources: Resources,
  state?: string,
): JsonObject {
  const { id, name, location, tags, managedBy, sku, identity } = resource;
  const shown = type.show?.(resource, resources) ?? resource.properties;
  return present({
    id,
    name,
    type: resource.type,
    location,
    tags: type.tracked ? (tags ?? {}) : undefined,
    managedBy,
    sku,
    identity,
    ...(type.etag !== undefined &&
      type.etag !== "properties.eTag" && { [type.etag]: etagOf(type, resource) }),
    properties: {
      ...shown,
      ...(type.etag === "properties.eTag" && { eTag: etagOf(type, resource) ?? "" }),
      ...(state !== undefined && { provisioningState: state }),
    },
  });
}

/** The etag of a resource, in the form in which its provider writes it; absent for groups, which have none. */
export function etagOf({ etag }: ResourceType, { version }: ArmResource): string | undefined {
  if (etag === undefined) return undefined;
  return etag === "etag" ? `W/"${version}"` : String(version);
}

import type { JsonObject, Ownership } from "@berth/core";

/** The one annotation that berth writes on what it makes: who owns it, and the key of the create that made it. */
export const ownershipAnnotation = "berth.dev/owner";

/** Annotation's value: JSON with sorted keys, the same bytes for the same owner. */
export function formatOwnership({ operationKey, project, stack, urn }: Ownership): string {
  return JSON.stringify({ operation: operationKey, project, stack, urn });
}

/** The object with its ownership written on it. Nothing else of it changes. */
export function withOwnership(object: JsonObject, ownership: Ownership): JsonObject {
  const metadata = asObject(object["metadata"]);
  const annotations = {
    ...asObject(metadata["annotations"]),
    [ownershipAnnotation]: formatOwnership(ownership),
  };
  return { ...object, metadata: { ...metadata, annotations } };
}

/**
 * Whether a live object was made by exactly this create. Its operation key alone says so: project, stack and URN are
 * there for people, and may be older than a move.
 */
export function isOurs(live: JsonObject, { operationKey }: Pick<Ownership, "operationKey">): boolean {
  return markOf(live) === operationKey;
}

/** The key of the create that made a live object; nothing where it carries no mark of any stack. */
export function markOf(live: JsonObject): string | undefined {
  const annotations = asObject(asObject(live["metadata"])["annotations"]);
  const text = annotations[ownershipAnnotation];
  if (typeof text !== "string") return undefined;
  try {
    const mark: unknown = JSON.parse(text);
    const { operation } = asObject(mark as JsonObject[string]);
    return typeof operation === "string" ? operation : text;
  } catch {
    // Whatever somebody wrote there is nothing of ours.
    return text;
  }
}

function asObject(value: JsonObject[string] | undefined): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

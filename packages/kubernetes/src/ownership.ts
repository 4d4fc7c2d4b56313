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
  const text = annotationOf(live);
  if (text === undefined) return undefined;
  const { operation } = readMark(text);
  // Whatever somebody wrote there is nothing of ours.
  return typeof operation === "string" ? operation : text;
}

/** Whether a live object belongs to the stack, whichever create made it. */
export function isOfStack(live: JsonObject, owner: Pick<Ownership, "project" | "stack">): boolean {
  const { project, stack } = readMark(annotationOf(live) ?? "");
  return project === owner.project && stack === owner.stack;
}

/** Project and stack in the mark of a live object, `shop/prod`; nothing where it carries none. */
export function stackInMark(live: JsonObject): { readonly markedFor?: string } {
  const { project, stack } = readMark(annotationOf(live) ?? "");
  return typeof project === "string" && typeof stack === "string" ? { markedFor: `${project}/${stack}` } : {};
}

function annotationOf(live: JsonObject): string | undefined {
  const text = asObject(asObject(live["metadata"])["annotations"])[ownershipAnnotation];
  return typeof text === "string" ? text : undefined;
}

function readMark(text: string): JsonObject {
  try {
    return asObject(JSON.parse(text) as JsonObject[string]);
  } catch {
    return {};
  }
}

function asObject(value: JsonObject[string] | undefined): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

import type { JsonObject, Ownership } from "@berth/core";
import type { ArmBody, ArmType } from "./arm-type.ts";

type Tags = Readonly<Record<string, string>>;
type Tagged = Pick<ArmType, "tags">;

/** Tags that berth writes on what it makes. ARM allows 256 characters a value. */
const tagNames = { stack: "berth-stack", urn: "berth-urn", operation: "berth-operation" } as const;
const longestTagValue = 256;

/** A request's body with the tags that say whose it is, where the type can carry them. */
export function withOwnership(type: Tagged, body: ArmBody, owner: Ownership): ArmBody {
  const tags = ownershipTags(owner);
  if (type.tags === "top") return { ...body, tags: { ...body.tags, ...tags } };
  if (type.tags === "none") return body;
  return { ...body, properties: { ...body.properties, tags: { ...tagsOf(type, body), ...tags } } };
}

function ownershipTags({ project, stack, urn, operationKey }: Ownership): Tags {
  return {
    [tagNames.operation]: operationKey,
    [tagNames.stack]: `${project}/${stack}`,
    // The key alone identifies the create; the URN is there for people, so a long one may lose its end.
    [tagNames.urn]: urn.slice(0, longestTagValue),
  };
}

/** The user's own tags of a live resource; `null` where there are none. */
export function ownTags(tags: JsonObject[string] | undefined): { readonly tags: JsonObject | null } {
  if (typeof tags !== "object" || tags === null || Array.isArray(tags)) return { tags: null };
  const berths: ReadonlySet<string> = new Set(Object.values(tagNames));
  const own = Object.entries(tags).filter(([name]) => !berths.has(name));
  return { tags: own.length === 0 ? null : Object.fromEntries(own) };
}

/**
 * Whether a live resource was made by exactly this create. Its operation key alone says so: stack and URN are there for
 * people, and may be older than a move.
 */
export function isOurs(
  type: Tagged,
  live: ArmBody,
  { operationKey }: Pick<Ownership, "operationKey">,
): boolean {
  return markOf(type, live) === operationKey;
}

/** The key of the create that made a live resource; nothing where it carries no mark of any stack. */
export function markOf(type: Tagged, live: ArmBody): string | undefined {
  return tagsOf(type, live)[tagNames.operation];
}

/** Whether a live resource belongs to the stack, whichever create made it. */
export function isOfStack(type: Tagged, live: ArmBody, { project, stack }: Ownership): boolean {
  return tagsOf(type, live)[tagNames.stack] === `${project}/${stack}`;
}

/** Project and stack in the mark of a live resource, `shop/prod`; nothing where it carries none. */
export function stackInMark(type: Tagged, live: ArmBody): { readonly markedFor?: string } {
  const markedFor = tagsOf(type, live)[tagNames.stack];
  return markedFor === undefined ? {} : { markedFor };
}

function tagsOf(type: Tagged, body: ArmBody): Tags {
  const tags = type.tags === "properties" ? body.properties?.["tags"] : body.tags;
  return typeof tags === "object" && tags !== null && !Array.isArray(tags) ? (tags as Tags) : {};
}

import { ArmRefusal } from "./refusal.ts";

/** What the path of a request says: `/subscriptions/{s}/resourceGroups/{g}/providers/{namespace}/{type}/{name}/…`. */
export interface ArmPath {
  readonly subscription: string;
  readonly group?: string;
  readonly namespace?: string;
  /** Types and names in turn, as written. One type more than names where the path names a list or an action. */
  readonly types: readonly string[];
  readonly names: readonly string[];
}

const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Reads a path; keywords of it in any case, as Azure does. */
export function parseArmPath(pathname: string): ArmPath {
  const segments = pathname.split("/").slice(1).map(decode);
  if (segments.at(-1) === "") segments.pop();
  const [first, subscription = "", ...rest] = segments;
  if (!is(first, "subscriptions") || segments.includes("")) throw unroutable(pathname);
  if (!guid.test(subscription)) {
    const message = `The provided subscription identifier '${subscription}' is malformed or invalid.`;
    throw new ArmRefusal(400, "InvalidSubscriptionId", message);
  }
  const [keyword, group, ...inGroup] = rest;
  if (is(keyword, "resourceGroups")) {
    if (group === undefined) return { subscription, types: ["resourceGroups"], names: [] };
    if (inGroup.length === 0) return { subscription, group, types: [], names: [] };
    if (is(inGroup[0], "resources") && inGroup.length === 1)
      return { subscription, group, types: ["resources"], names: [] };
    return { subscription, group, ...parseProvider(inGroup, pathname) };
  }
  if (is(keyword, "providers")) return { subscription, ...parseProvider(rest, pathname) };
  // `operationresults` of Azure Resource Manager itself.
  if (rest.length === 2) return { subscription, types: [rest[0] ?? ""], names: [rest[1] ?? ""] };
  if (rest.length === 0) return { subscription, types: [], names: [] };
  throw unroutable(pathname);
}

function parseProvider(
  segments: readonly string[],
  pathname: string,
): Omit<ArmPath, "subscription" | "group"> {
  const [keyword, namespace, ...rest] = segments;
  if (!is(keyword, "providers") || namespace === undefined || rest.length === 0) throw unroutable(pathname);
  return {
    namespace,
    types: rest.filter((_, i) => i % 2 === 0),
    names: rest.filter((_, i) => i % 2 === 1),
  };
}

/** Whether two words of a path are the same. */
export function is(one: string | undefined, other: string): boolean {
  return one?.toLowerCase() === other.toLowerCase();
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new ArmRefusal(400, "BadRequest", `'${segment}' is not encoded as a URL has it.`);
  }
}

function unroutable(pathname: string): ArmRefusal {
  const message = `No route was found for the request path '${pathname}'.`;
  return new ArmRefusal(404, "NotFound", message);
}

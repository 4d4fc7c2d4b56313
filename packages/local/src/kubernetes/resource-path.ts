import { type Kind, kindOfResource } from "@berth/objects";

/** What a path of the Kubernetes API names. */
export interface ResourcePath {
  readonly kind: Kind;
  readonly namespace?: string;
  /** Absent for a collection. */
  readonly name?: string;
  /** `status`, `scale` */
  readonly subresource?: string;
}

/**
 * Reads `/apis/apps/v1/namespaces/shop/deployments/web/status`. `undefined`: no resource of this API.
 * Namespaced collections can be read over all namespaces (`/api/v1/pods`).
 */
export function parseResourcePath(path: string): ResourcePath | undefined {
  const parts = path
    .split("/")
    .filter((part) => part !== "")
    .map(decode);
  const [root, ...rest] = parts;
  if (root === "api") return parse(rest[0], rest.slice(1));
  if (root === "apis")
    return parse(rest[1] === undefined ? undefined : `${rest[0]}/${rest[1]}`, rest.slice(2));
  return undefined;
}

function parse(apiVersion: string | undefined, parts: readonly string[]): ResourcePath | undefined {
  const [first, second, third, ...rest] = parts;
  if (apiVersion === undefined || first === undefined) return undefined;
  if (
    first === "namespaces" &&
    second !== undefined &&
    third !== undefined &&
    !isNamespaceSubresource(third, rest)
  ) {
    const found = resource(apiVersion, third, rest);
    return found?.kind.namespaced ? { ...found, namespace: second } : undefined;
  }
  const found = resource(apiVersion, first, parts.slice(1));
  return found && (!found.kind.namespaced || found.name === undefined) ? found : undefined;
}

/** `/api/v1/namespaces/shop/status` is about the namespace. */
function isNamespaceSubresource(part: string, rest: readonly string[]): boolean {
  return rest.length === 0 && (part === "status" || part === "finalize");
}

function resource(
  apiVersion: string,
  plural: string,
  [name, subresource, ...more]: readonly string[],
): ResourcePath | undefined {
  const kind = kindOfPlural(apiVersion, plural);
  if (!kind || more.length > 0) return undefined;
  if (subresource !== undefined && !kind.subresources.includes(subresource)) return undefined;
  return {
    kind,
    ...(name === undefined ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource }),
  };
}

const known = new Map<string, Kind | undefined>();

function kindOfPlural(apiVersion: string, plural: string): Kind | undefined {
  const key = `${apiVersion} ${plural}`;
  if (!known.has(key)) known.set(key, kindOfResource(apiVersion, plural));
  return known.get(key);
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

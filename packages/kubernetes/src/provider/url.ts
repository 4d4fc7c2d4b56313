import { type ObjectRef, requireKind } from "@berth/objects";

/** Path of a collection over all namespaces: `/apis/apps/v1/deployments`. */
export function collectionPath(apiVersion: string, kind: string): string {
  return `${groupPath(apiVersion)}/${requireKind(apiVersion, kind).plural}`;
}

/** Path of one object: `/apis/apps/v1/namespaces/shop/deployments/web`. */
export function objectPath({ apiVersion, kind, namespace, name }: ObjectRef): string {
  const { plural } = requireKind(apiVersion, kind);
  const scope = namespace === undefined ? "" : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${groupPath(apiVersion)}${scope}/${plural}/${encodeURIComponent(name)}`;
}

/** The core group has a path of its own. */
function groupPath(apiVersion: string): string {
  return apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

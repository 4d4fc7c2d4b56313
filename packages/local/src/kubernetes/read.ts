import type { KubernetesObject } from "@berth/objects";
import type { Cloud } from "../cloud.ts";
import type { ClusterRecord } from "../cluster/cluster-spec.ts";
import type { ResourcePath } from "./resource-path.ts";
import { fieldFilter, labelFilter } from "./selector-query.ts";
import { badRequest, notFound } from "./status.ts";

/** GET of an object: 404 where it is not. */
export function readObject(
  path: ResourcePath & { readonly name: string },
  cluster: ClusterRecord,
  cloud: Cloud,
): Response {
  const { kind, namespace, name } = path;
  const { apiVersion, kind: kindName } = kind;
  const object = cloud.object(cluster, {
    apiVersion,
    kind: kindName,
    ...(namespace === undefined ? {} : { namespace }),
    name,
  });
  if (!object) throw notFound({ kind, name });
  return Response.json(object);
}

/** GET of a collection: filtered by selectors, in pages of `limit`. */
export function listObjects(
  path: ResourcePath,
  query: URLSearchParams,
  cluster: ClusterRecord,
  cloud: Cloud,
): Response {
  const { kind, namespace } = path;
  const selected: KubernetesObject[] = [];
  const [hasLabels, hasFields] = [
    labelFilter(query.get("labelSelector")),
    fieldFilter(query.get("fieldSelector")),
  ];
  for (const object of cloud.objects(cluster, kind)) {
    if (namespace !== undefined && object.metadata?.namespace !== namespace) continue;
    if (hasLabels(object) && hasFields(object)) selected.push(object);
  }
  const start = startOf(query.get("continue"));
  const limit = Number(query.get("limit") ?? 0) || selected.length;
  const items = selected.slice(start, start + limit);
  const remaining = selected.length - start - items.length;
  const metadata = {
    resourceVersion: String(cloud.resourceVersion(cluster)),
    ...(remaining > 0 ? { continue: continueAt(start + items.length), remainingItemCount: remaining } : {}),
  };
  return Response.json({
    kind: `${kind.kind}List`,
    apiVersion: kind.apiVersion,
    metadata,
    items: items.map(withoutType),
  });
}

/** Items of a list do not repeat what kind they are. */
function withoutType({ apiVersion: _version, kind: _kind, ...rest }: KubernetesObject): object {
  return rest;
}

function continueAt(position: number): string {
  return Buffer.from(`at ${position}`).toString("base64url");
}

function startOf(token: string | null): number {
  if (!token) return 0;
  const position = /^at (\d+)$/.exec(Buffer.from(token, "base64url").toString("latin1"))?.[1];
  if (position === undefined) throw badRequest("continue key is not valid");
  return Number(position);
}

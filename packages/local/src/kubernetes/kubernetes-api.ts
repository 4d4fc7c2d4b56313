import { BerthError } from "@berth/diagnostics";
import type { Cloud } from "../cloud.ts";
import type { ClusterRecord } from "../cluster/cluster-spec.ts";
import { readBody } from "./body.ts";
import { deleteCollection, deleteObject } from "./delete.ts";
import { discover } from "./discovery.ts";
import { listObjects, readObject } from "./read.ts";
import { parseResourcePath, type ResourcePath } from "./resource-path.ts";
import { ApiRefusal, methodNotAllowed, noSuchResource, notImplemented } from "./status.ts";
import { write } from "./write.ts";

/** Answers a request to a cluster's Kubernetes API. What the disk refuses is thrown; all else is an answer. */
export async function answerKubernetes(
  request: Request,
  cluster: ClusterRecord,
  cloud: Cloud,
): Promise<Response> {
  try {
    return await route(request, cluster, cloud);
  } catch (error) {
    if (error instanceof ApiRefusal) return error.toResponse();
    if (BerthError.is(error)) throw error;
    const message = error instanceof Error ? error.message : String(error);
    return new ApiRefusal(500, "InternalError", `Internal error occurred: ${message}`).toResponse();
  }
}

async function route(request: Request, cluster: ClusterRecord, cloud: Cloud): Promise<Response> {
  const { pathname, searchParams: query } = new URL(request.url);
  if (request.headers.get("authorization") !== `Bearer ${cluster.token}`)
    throw new ApiRefusal(401, "Unauthorized", "Unauthorized");
  const discovered = request.method === "GET" ? discover(pathname, cluster.kubernetes) : undefined;
  if (discovered) return discovered;
  const path = parseResourcePath(pathname);
  if (!path) throw noSuchResource();
  if (query.get("watch") === "true" || query.get("watch") === "1") throw notImplemented("watch");
  const body = request.method === "GET" ? undefined : await readBody(request);
  switch (request.method) {
    case "GET":
      if (path.subresource !== undefined && path.subresource !== "status")
        throw notImplemented(`GET of ${path.subresource}`);
      return isNamed(path) ? readObject(path, cluster, cloud) : listObjects(path, query, cluster, cloud);
    case "DELETE":
      if (path.subresource) throw methodNotAllowed();
      return isNamed(path)
        ? deleteObject(path, query, body, cluster, cloud)
        : deleteCollection(path, query, body, cluster, cloud);
    case "POST":
    case "PUT":
    case "PATCH":
      return write(request, path, body, cluster, cloud);
    default:
      throw methodNotAllowed();
  }
}

function isNamed(path: ResourcePath): path is ResourcePath & { readonly name: string } {
  return path.name !== undefined;
}

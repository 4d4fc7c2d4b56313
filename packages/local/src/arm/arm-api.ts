import type { Cloud } from "../cloud.ts";
import { COUNTERS } from "../store/store.ts";
import { type ArmPath, is, parseArmPath } from "./arm-path.ts";
import { type ArmResource, keyOf, Resources, RESOURCES } from "./arm-resource.ts";
import { showOperation } from "./operations.ts";
import { ArmRefusal, armJson, notFound } from "./refusal.ts";
import { deleteResource, putResource } from "./resource-writes.ts";
import type { ResourceType } from "./resource-type.ts";
import { findResourceType, groups, hasNamespace } from "./resource-types.ts";
import { showResource } from "./show-resource.ts";

/** Host of Azure Resource Manager. */
export const ARM_HOST = "management.azure.com";

/** Answers a request to Azure Resource Manager. */
export async function answerArm(request: Request, cloud: Cloud): Promise<Response> {
  try {
    return await answer(request, cloud);
  } catch (error) {
    if (error instanceof ArmRefusal) return error.toResponse();
    throw error;
  }
}

async function answer(request: Request, cloud: Cloud): Promise<Response> {
  const url = new URL(request.url);
  const path = parseArmPath(url.pathname);
  const apiVersion = requireApiVersion(url);
  const resources = new Resources(readerOf(cloud));
  if (path.namespace !== undefined && path.group === undefined)
    return ofProvider(request, cloud, path, url.pathname);
  if (path.group === undefined) return ofSubscription(request, path, resources);
  const place = placeOf(path, path.group, resources);
  if ("list" in place) {
    requireMethod(request, "GET");
    requireParents(place, path, resources);
    return armJson(200, { value: place.list.map((each) => showResource(typeNamed(each), each, resources)) });
  }
  const { id, name, type, existing, action } = place;
  if (action !== undefined) {
    requireMethod(request, "POST");
    if (!existing) throw missing(type, place, path, resources);
    const run = type.actions?.[action.toLowerCase()];
    if (!run)
      throw new ArmRefusal(404, "InvalidResourceType", `The resource type could not be found: '${action}'.`);
    return armJson(200, run(existing, { token: (cluster) => cloud.cluster(keyOf(cluster.id))?.token }));
  }
  const context = { request, cloud, id, name, type, existing, subscription: path.subscription, apiVersion };
  switch (request.method) {
    case "GET":
      if (!existing) throw missing(type, place, path, resources);
      return armJson(200, showResource(type, existing, resources));
    case "HEAD":
      return new Response(null, { status: existing ? 204 : 404 });
    case "PUT":
      requireParents(place, path, resources);
      return putResource(context);
    case "DELETE":
      return deleteResource(context);
    default:
      throw methodNotAllowed(request);
  }
}

/** Which resource, or list of resources, a path names. */
type Place =
  | {
      readonly id: string;
      readonly name: string;
      readonly type: ResourceType;
      readonly existing: ArmResource | undefined;
      readonly action?: string;
    }
  | { readonly id: string; readonly list: readonly ArmResource[] };

function placeOf(
  { subscription, group, namespace, types, names }: ArmPath,
  groupName: string,
  resources: Resources,
): Place {
  const groupId =
    resources.get(`/subscriptions/${subscription}/resourceGroups/${group}`)?.id ??
    `/subscriptions/${subscription}/resourceGroups/${groupName}`;
  if (namespace === undefined) {
    if (types.length === 1)
      return {
        id: `${groupId}/resources`,
        list: resources.below(groupId).filter((each) => typeNamed(each).tracked),
      };
    return { id: groupId, name: groupName, type: groups, existing: resources.get(groupId) };
  }
  const known = findResourceType([namespace, ...types].join("/"));
  if (types.length === names.length) {
    if (!known) throw unknownType(namespace, types);
    const id = idOf(groupId, known, names);
    return { id, name: names.at(-1) ?? "", type: known, existing: resources.get(id) };
  }
  if (known) {
    const parent = idOf(groupId, known, names);
    const children = resources.below(names.length === 0 ? groupId : parent);
    return { id: `${parent}/${types.at(-1)}`, list: children.filter((each) => each.type === known.type) };
  }
  const owner = findResourceType([namespace, ...types.slice(0, -1)].join("/"));
  if (!owner) throw unknownType(namespace, types);
  const id = idOf(groupId, owner, names);
  return {
    id,
    name: names.at(-1) ?? "",
    type: owner,
    existing: resources.get(id),
    action: types.at(-1) ?? "",
  };
}

/** The id of a resource in the canonical spelling of its type, with the names as given. */
function idOf(group: string, { type }: ResourceType, names: readonly string[]): string {
  const [namespace, ...types] = type.split("/");
  return names.reduce((id, name, i) => `${id}/${types[i]}/${name}`, `${group}/providers/${namespace}`);
}

/** Requests below `/subscriptions/{s}` that concern no group. */
function ofSubscription(
  request: Request,
  { subscription, types, names }: ArmPath,
  resources: Resources,
): Response {
  requireMethod(request, "GET");
  const id = `/subscriptions/${subscription}`;
  if (types.length === 0)
    return armJson(200, { id, subscriptionId: subscription, displayName: "Local cloud", state: "Enabled" });
  if (is(types[0], "resourceGroups") && names.length === 0) {
    const value = resources.ofType(groups.type).filter((each) => keyOf(each.id).startsWith(`${keyOf(id)}/`));
    return armJson(200, { value: value.map((each) => showResource(groups, each, resources)) });
  }
  throw new ArmRefusal(
    404,
    "NotFound",
    `No route was found for the request path '${new URL(request.url).pathname}'.`,
  );
}

/** Requests below `/subscriptions/{s}/providers/{namespace}`: operations in a region. */
function ofProvider(
  request: Request,
  cloud: Cloud,
  { namespace = "", types, names }: ArmPath,
  id: string,
): Response {
  requireMethod(request, "GET");
  const [locations, kind = ""] = types;
  const isOperation = is(kind, "operations") || is(kind, "operationresults");
  if (!is(locations, "locations") || types.length !== 2 || names.length !== 2 || !isOperation)
    throw unknownType(namespace, types);
  return showOperation(cloud.collection(COUNTERS), kind, names[1] ?? "", id);
}

function readerOf(cloud: Cloud) {
  const collection = cloud.collection(RESOURCES);
  return { get: (key: string) => collection.get(key), entries: () => collection.entries() };
}

function typeNamed({ type }: ArmResource): ResourceType {
  const found = findResourceType(type);
  if (!found) throw new TypeError(`a resource of no type is kept: ${type}`);
  return found;
}

function requireApiVersion(url: URL): string {
  const version = url.searchParams.get("api-version");
  if (version === null || version === "") {
    const message = "The api-version query parameter (?api-version=) is required for all requests.";
    throw new ArmRefusal(400, "MissingApiVersionParameter", message);
  }
  if (/^\d{4}-\d{2}-\d{2}(?:-preview)?$/.test(version)) return version;
  throw new ArmRefusal(400, "InvalidApiVersionParameter", `The api-version '${version}' is invalid.`);
}

/** A resource is in a group, and may be part of another resource: both must be there. */
function requireParents(
  { id }: Pick<Place, "id">,
  { subscription, group = "" }: ArmPath,
  resources: Resources,
): void {
  const segments = id.split("/");
  if (segments.length <= 5) return;
  if (!resources.get(`/subscriptions/${subscription}/resourceGroups/${group}`)) throw groupNotFound(group);
  if (segments.length < 11) return;
  const parent = segments.slice(0, 9).join("/");
  if (resources.get(parent)) return;
  const type = `${segments[7]}/${segments[9]}`;
  const message = `Failed to perform 'write' on resource(s) of type '${type}', because the parent resource '${parent}' could not be found.`;
  throw new ArmRefusal(404, "ParentResourceNotFound", message);
}

function missing(
  type: ResourceType,
  { id }: Pick<Place, "id">,
  path: ArmPath,
  resources: Resources,
): ArmRefusal {
  const { group = "", names } = path;
  if (type === groups) return groupNotFound(group);
  try {
    requireParents({ id }, path, resources);
  } catch (error) {
    if (error instanceof ArmRefusal) return error;
    throw error;
  }
  return notFound(type.type, names.join("/"), group);
}

function groupNotFound(group: string): ArmRefusal {
  return new ArmRefusal(404, "ResourceGroupNotFound", `Resource group '${group}' could not be found.`);
}

function unknownType(namespace: string, types: readonly string[]): ArmRefusal {
  if (!hasNamespace(namespace)) {
    return new ArmRefusal(
      404,
      "InvalidResourceNamespace",
      `The resource namespace '${namespace}' is invalid.`,
    );
  }
  const message = `The resource type '${types.join("/")}' could not be found in the namespace '${namespace}'.`;
  return new ArmRefusal(404, "InvalidResourceType", message);
}

function requireMethod(request: Request, method: string): void {
  if (request.method !== method) throw methodNotAllowed(request);
}

function methodNotAllowed({ method }: Request): ArmRefusal {
  return new ArmRefusal(
    405,
    "HttpMethodNotAllowed",
    `The requested resource does not support http method '${method}'.`,
  );
}

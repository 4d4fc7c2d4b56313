import { findRegion, normaliseRegion, regions } from "@berth/machines";
import type { Cloud } from "../cloud.ts";
import type { JsonObject } from "../store/json.ts";
import { type ArmResource, keyOf, RESOURCES, WritableResources } from "./arm-resource.ts";
import { readBody, textIn, textMapIn } from "./body.ts";
import { operationHeaders, startOperation } from "./operations.ts";
import { ArmRefusal, armJson } from "./refusal.ts";
import type { ResourceType } from "./resource-type.ts";
import { groups } from "./resource-types.ts";
import { etagOf, showResource } from "./show-resource.ts";

/** A request that changes one resource. */
export interface WriteRequest {
  readonly request: Request;
  readonly cloud: Cloud;
  readonly id: string;
  readonly name: string;
  readonly type: ResourceType;
  readonly existing: ArmResource | undefined;
  readonly subscription: string;
  readonly apiVersion: string;
}

/** Creates or replaces, in one transaction with everything that follows from it. */
export async function putResource(write: WriteRequest): Promise<Response> {
  const { request, cloud, type, existing, subscription } = write;
  checkPreconditions(write);
  const body = await readBody(request);
  const tracked = type.tracked ? trackedPart(write, body) : {};
  return cloud.transact((transaction) => {
    const resources = new WritableResources(transaction.store);
    const [id, name] = [existing?.id ?? write.id, existing?.name ?? write.name];
    const { headers } = request;
    const stored = type.put({
      id,
      name,
      subscription,
      body,
      headers,
      existing,
      tracked,
      resources,
      transaction,
    });
    const state = existing ? type.working?.updating : type.working?.creating;
    const announced = type.working ? announce(write, startOperation(transaction.store), stored, false) : {};
    return armJson(existing ? 200 : 201, showResource(type, stored, resources, state), announced);
  });
}

/** Deletes with everything in it. What is not there is gone already. */
export function deleteResource(write: WriteRequest): Response {
  const { cloud, type, existing } = write;
  if (!existing) return type === groups ? gone(write) : new Response(null, { status: 204 });
  checkPreconditions(write);
  return cloud.transact((transaction) => {
    const resources = new WritableResources(transaction.store);
    type.delete({ resource: existing, resources, transaction, scope: existing.id });
    const operation = startOperation(transaction.store);
    return new Response(null, { status: 202, headers: announce(write, operation, existing, true) });
  });
}

/** A group that is not there is an error even for those who want it gone. */
function gone({ name }: WriteRequest): never {
  throw new ArmRefusal(404, "ResourceGroupNotFound", `Resource group '${name}' could not be found.`);
}

function announce(
  { request, type, subscription, apiVersion, cloud, id }: WriteRequest,
  operation: string,
  { location }: ArmResource,
  withLocation: boolean,
): Record<string, string> {
  const { origin } = new URL(request.url);
  const [namespace = ""] = type.type.split("/");
  const region = location ?? locationAbove(id, cloud) ?? "global";
  return operationHeaders(
    { origin, subscription, namespace, location: region, apiVersion },
    operation,
    withLocation,
  );
}

/** The region of what a child resource is part of. */
function locationAbove(id: string, cloud: Cloud): string | undefined {
  const parent = cloud.collection(RESOURCES).get(keyOf(id.split("/").slice(0, 9).join("/")));
  const location =
    typeof parent === "object" && parent !== null && "location" in parent ? parent.location : undefined;
  return typeof location === "string" ? location : undefined;
}

/** `If-Match` and `If-None-Match`, for types that have etags. */
function checkPreconditions({ request, type, existing, id }: WriteRequest): void {
  if (type.etag === undefined) return;
  const [match, noneMatch] = [request.headers.get("if-match"), request.headers.get("if-none-match")];
  const current = existing && etagOf(type, existing);
  const isMatch = (condition: string): boolean =>
    current !== undefined && (condition === "*" || plain(condition) === plain(current));
  if ((match === null || isMatch(match)) && (noneMatch === null || !isMatch(noneMatch))) return;
  const message = `The request failed due to conflict with a concurrent request or a precondition: the etag of '${id}' is '${current ?? "none"}'.`;
  throw new ArmRefusal(412, "PreconditionFailed", message);
}

/** Etags are compared weakly, with or without quotes. */
function plain(etag: string): string {
  return etag.replace(/^W\//, "").replaceAll('"', "");
}

/** Region and tags, which Azure checks alike for all types that have them. */
function trackedPart(
  { existing, type, name }: WriteRequest,
  body: JsonObject,
): Pick<ArmResource, "location" | "tags"> {
  const given = textIn(body, "location");
  if (given === undefined || given === "") {
    throw new ArmRefusal(400, "LocationRequired", "The location property is required for this definition.");
  }
  const location = normaliseRegion(given);
  const isGroup = type === groups;
  if (existing && existing.location !== location) throw otherLocation(existing, location, isGroup);
  if (!findRegion(location)) {
    const list = regions()
      .map((each) => each.name)
      .join(",");
    const what = isGroup ? "resource group" : `resource type '${type.type}'`;
    const code = isGroup ? "LocationNotAvailableForResourceGroup" : "LocationNotAvailableForResourceType";
    const message = `The provided location '${given}' is not available for ${what}. List of available regions is '${list}'.`;
    throw new ArmRefusal(400, code, message, name);
  }
  const tags = textMapIn(body, "tags") ?? {};
  checkTags(tags);
  return { location, tags };
}

function otherLocation({ id, name, location }: ArmResource, wanted: string, isGroup: boolean): ArmRefusal {
  const group = id.split("/")[4] ?? "";
  return isGroup
    ? new ArmRefusal(
        409,
        "InvalidResourceGroupLocation",
        `Invalid resource group location '${wanted}'. The Resource group already exists in location '${location}'.`,
      )
    : new ArmRefusal(
        409,
        "InvalidResourceLocation",
        `The resource '${name}' already exists in location '${location}' in resource group '${group}'. A resource with the same name cannot be created in location '${wanted}'. Please select a new resource name.`,
      );
}

const mostTags = 50;
const longestTagName = 512;
const longestTagValue = 256;

function checkTags(tags: Readonly<Record<string, string>>): void {
  const entries = Object.entries(tags);
  if (entries.length > mostTags) {
    throw new ArmRefusal(
      400,
      "InvalidTagCount",
      `A resource has at most ${mostTags} tags, not ${entries.length}.`,
    );
  }
  for (const [name, value] of entries) {
    if (name.length > longestTagName || /[<>%&\\?/]/.test(name)) {
      throw new ArmRefusal(
        400,
        "InvalidTagName",
        `The tag name '${name}' is too long or has one of the characters <>%&\\?/.`,
      );
    }
    if (value.length > longestTagValue) {
      throw new ArmRefusal(
        400,
        "InvalidTagValueLength",
        `The value of tag '${name}' exceeds ${longestTagValue} characters.`,
      );
    }
  }
}

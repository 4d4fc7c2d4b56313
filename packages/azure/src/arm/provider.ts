import {
  type Connection,
  type CreateRequest,
  type DeleteRequest,
  type DiscoveredResource,
  type JsonObject,
  type Ownership,
  type Provider,
  type ProviderResult,
  type ReadRequest,
  type ReadResult,
  type ResourceRecord,
  revealSecrets,
  type UpdateRequest,
  type Value,
  type ValueObject,
} from "@berth/core";
import { aboutResource, BerthError, problem } from "@berth/diagnostics";
import { codes } from "../codes.ts";
import { type ArmBody, armId, type ArmType, namesInId } from "./arm-type.ts";
import { ArmClient } from "./client.ts";
import { type ClusterCredentials, clusterCredentials } from "./credentials.ts";
import { discoverResources } from "./discover.ts";
import { isConflict } from "./error.ts";
import { isOfStack, isOurs, markOf, stackInMark, withOwnership } from "./ownership.ts";
import type { SenderOptions } from "./sender.ts";
import { armTypes } from "./types.ts";

/** What the provider needs of the world around it. */
export interface AzureProviderOptions extends SenderOptions {
  /** GUID of the subscription in which resources are made. */
  readonly subscriptionId: string;
  /** Turns a cluster's server and credentials into a connection. */
  readonly connect: (credentials: ClusterCredentials) => Connection;
}

/**
 * The provider of everything in Azure Resource Manager: one generic client, one table of types.
 *
 * @example
 * const provider = azureProvider({
 *   endpoint: "https://management.azure.com",
 *   subscriptionId: "00000000-0000-0000-0000-000000000000",
 *   transport: cloud.transport,
 *   wait: async () => {},
 *   connect: ({ server }) => ({ server, transport: cloud.transport }),
 * });
 */
export function azureProvider(options: AzureProviderOptions): Provider {
  const clientFor = ({ signal, progress }: Pick<CreateRequest, "signal" | "progress">): ArmClient =>
    new ArmClient(options, signal, progress);
  const subscriptionOf = ({ configuration }: CreateRequest | ReadRequest): string =>
    textOf(configuration?.["subscriptionId"]) ?? options.subscriptionId;

  return {
    name: "azure",
    async create(request: CreateRequest): Promise<ProviderResult> {
      return aboutResource(request.urn, () => create(clientFor(request), subscriptionOf(request), request));
    },
    async update(request: UpdateRequest): Promise<ProviderResult> {
      return aboutResource(request.urn, () => update(clientFor(request), request));
    },
    async delete(request: DeleteRequest): Promise<void> {
      await aboutResource(request.urn, () => remove(clientFor(request), request));
    },
    async read(request: ReadRequest): Promise<ReadResult | undefined> {
      return aboutResource(request.urn, () => read(clientFor(request), subscriptionOf(request), request));
    },
    discover: async (
      container: ResourceRecord,
      signal?: AbortSignal,
    ): Promise<readonly DiscoveredResource[] | undefined> => {
      if (container.type !== "azure:ResourceGroup") return undefined;
      const id = container.id || armId(options.subscriptionId, typeOf(container.type), container.inputs);
      return aboutResource(container.urn, () => discoverResources(clientFor(signal ? { signal } : {}), id));
    },
    connect: (cluster: ResourceRecord, signal?: AbortSignal): Promise<Connection | undefined> =>
      aboutResource(cluster.urn, async () => {
        const { apiVersion } = typeOf(cluster.type);
        const answer = await clientFor(signal ? { signal } : {}).post(
          cluster.id,
          "listClusterUserCredential",
          apiVersion,
        );
        return options.connect(clusterCredentials(cluster.id, answer));
      }),
  };
}

function textOf(value: Value | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function typeOf(type: string): ArmType {
  const found = Object.hasOwn(armTypes, type) ? armTypes[type] : undefined;
  if (!found) throw new TypeError(`${type} is not a type of this provider`);
  return found;
}

/**
 * Looks first, and asks for create-only where Azure honours it: what is there and is not ours is refused, or taken over
 * where the request says so.
 */
async function create(
  client: ArmClient,
  subscription: string,
  request: CreateRequest,
): Promise<ProviderResult> {
  const type = typeOf(request.type);
  const inputs = revealed(request.inputs);
  const id = armId(subscription, type, inputs);
  const live = await client.get(id, type.apiVersion);
  const isOwn = live !== undefined && (await isMadeByUs(client, type, id, live, request.ownership));
  if (live && !isOwn) {
    if (request.adopt) return adopt(client, { type, id, live, request, inputs });
    throw existsAlready(id);
  }
  if (live) await client.atRest(id, type.apiVersion);
  const headers = {
    ...type.headers?.(inputs),
    ...(type.createOnlyHeader && !live && { "if-none-match": "*" }),
  };
  try {
    const body = withOwnership(type, type.body(inputs), request.ownership);
    return resultOf(type, await client.put(id, type.apiVersion, body, { headers }));
  } catch (error) {
    if (live || !isConflict(error)) throw error;
    // Somebody was quicker, or it was this very request, sent again after its answer was lost.
    const found = await client.get(id, type.apiVersion);
    if (!found || !(await isMadeByUs(client, type, id, found, request.ownership))) throw existsAlready(id);
    return resultOf(type, (await client.atRest(id, type.apiVersion)) ?? found);
  }
}

/** Takes over what exists, unless another stack made it, and changes it to what is wanted. */
async function adopt(
  client: ArmClient,
  {
    type,
    id,
    live,
    request,
    inputs,
  }: {
    readonly type: ArmType;
    readonly id: string;
    readonly live: ArmBody;
    readonly request: CreateRequest;
    readonly inputs: JsonObject;
  },
): Promise<ProviderResult> {
  if (markOf(type, live) !== undefined && !isOfStack(type, live, request.ownership)) {
    const message = `${id} belongs to another stack`;
    throw new BerthError([problem(codes.BERTH5014, { message })]);
  }
  return put(client, { type, id, live, inputs, ownership: request.ownership });
}

/** Writes over what was read. */
async function put(
  client: ArmClient,
  {
    type,
    id,
    live,
    inputs,
    ownership,
  }: {
    readonly type: ArmType;
    readonly id: string;
    readonly live: ArmBody;
    readonly inputs: JsonObject;
    readonly ownership: Ownership;
  },
): Promise<ProviderResult> {
  const body = withOwnership(type, type.body(inputs), ownership);
  const whole = type.keep ? type.keep(live, body) : body;
  // What is replaced must be what was read.
  const etag = live.eTag ?? live.etag;
  const headers = { ...type.headers?.(inputs), ...(etag !== undefined && { "if-match": etag }) };
  return resultOf(type, await client.put(id, type.apiVersion, whole, { headers }));
}

async function update(client: ArmClient, request: UpdateRequest): Promise<ProviderResult> {
  const type = typeOf(request.type);
  const inputs = revealed(request.inputs);
  const live = await client.get(request.id, type.apiVersion);
  if (!live) throw new BerthError([problem(codes.BERTH5013, { message: `${request.id} is gone` })]);
  const mark = markOf(type, live);
  if (mark !== undefined && mark !== request.ownership.operationKey && !request.adopt)
    throw notOurs(request.id);
  return put(client, { type, id: request.id, live, inputs, ownership: request.ownership });
}

/**
 * Only what carries the mark of this very create. What a resource contains goes with it, so a group that holds what
 * others made is not deleted.
 */
async function remove(client: ArmClient, { type: typeName, id, recorded }: DeleteRequest): Promise<void> {
  const type = typeOf(typeName);
  const live = await client.get(id, type.apiVersion);
  if (!live) return;
  if (type.tags !== "none" && !isOurs(type, live, recorded)) throw notOurs(id);
  if (type.contents !== undefined) {
    const inside = await client.list(`${id}/${type.contents}`, type.apiVersion);
    if (inside.length > 0) {
      const message = `${id} still contains ${inside
        .map((each) => each.id ?? "?")
        .toSorted()
        .join(", ")}`;
      throw new BerthError([problem(codes.BERTH5008, { message })]);
    }
  }
  await client.delete(id, type.apiVersion);
}

async function read(
  client: ArmClient,
  subscription: string,
  request: ReadRequest,
): Promise<ReadResult | undefined> {
  const type = typeOf(request.type);
  const id = request.id ?? armId(subscription, type, revealed(request.inputs));
  const seen = await client.get(id, type.apiVersion);
  if (!seen) return undefined;
  const ours = await isMadeByUs(client, type, id, seen, request.ownership);
  // A create whose answer was lost may still be going on; its outputs are there when it has ended.
  const live = ours && request.id === undefined ? ((await client.atRest(id, type.apiVersion)) ?? seen) : seen;
  const known = request.inputs as JsonObject;
  const inputs = { ...namesInId(type, live.id ?? id), ...type.inputs(live, known) };
  return { ...resultOf(type, live), ours, inputs, ...stackInMark(type, live) };
}

/** What carries no tags is ours if its parent is our stack's: nobody else creates inside it. */
async function isMadeByUs(
  client: ArmClient,
  type: ArmType,
  id: string,
  live: ArmBody,
  owner: Ownership,
): Promise<boolean> {
  if (type.tags !== "none") return isOurs(type, live, owner);
  const parent = await client.get(id.split("/").slice(0, -2).join("/"), type.apiVersion);
  return parent !== undefined && isOfStack({ tags: "top" }, parent, owner);
}

function revealed(inputs: ValueObject): JsonObject {
  return revealSecrets(inputs) as JsonObject;
}

function notOurs(id: string): BerthError {
  return new BerthError([
    problem(codes.BERTH5014, { message: `${id} does not carry the mark of this resource` }),
  ]);
}

function existsAlready(id: string): BerthError {
  return new BerthError([problem(codes.BERTH5001, { message: `${id} exists already` })]);
}

function resultOf(type: ArmType, live: ArmBody): ProviderResult {
  const { id = "" } = live;
  return { id, outputs: { id, ...type.outputs?.(live) } };
}

import type {
  ClusterSnapshot,
  Connection,
  CreateRequest,
  DeleteRequest,
  DiscoveredResource,
  Json,
  JsonObject,
  Provider,
  ProviderResult,
  ReadRequest,
  ReadResult,
  ResourceRecord,
  UpdateRequest,
  Urn,
  ValueObject,
} from "@berth/core";
import { revealSecrets } from "@berth/core";
import { aboutResource, BerthError, problem } from "@berth/diagnostics";
import { type ObjectRef, parseRefKey, refKey } from "@berth/objects";
import { codes } from "../codes.ts";
import { isOfStack, isOurs, markOf, stackInMark, withOwnership } from "../ownership.ts";
import { compareInputs, projectInputs } from "../compare.ts";
import { refOfInputs } from "../object-inputs.ts";
import { ApiClient } from "./api-client.ts";
import { discoverObjects } from "./discover.ts";
import { observeCluster } from "./observe.ts";
import { isPending, outputsOf } from "./outputs.ts";

/** What the provider needs of the world around it. */
export interface KubernetesProviderOptions {
  /** Server and transport of a cluster, asked for when a step runs. */
  readonly connect: (cluster: Urn, signal?: AbortSignal) => Promise<Connection | undefined>;
  /** Waits so many seconds; the caller's clock, so that nothing here knows one. */
  readonly wait: (seconds: number, signal?: AbortSignal) => Promise<void>;
}

/** Waits until the outputs of an object that was applied are there. */
type Settled = (
  client: ApiClient,
  ref: ObjectRef,
  object: JsonObject,
  request: Pick<CreateRequest, "signal" | "timeout">,
) => Promise<JsonObject>;

const pollSeconds = 5;
/** Where the program gives no time of its own. */
const patienceSeconds = 600;

/**
 * The provider of everything on a cluster: server-side apply as field manager `berth`, create-only
 * creates, ownership in an annotation.
 *
 * @example
 * const provider = kubernetesProvider({
 *   connect: async (cluster) => connections.get(cluster),
 *   wait: (seconds, signal) => setTimeout(seconds * 1000, undefined, { signal }),
 * });
 */
export function kubernetesProvider(options: KubernetesProviderOptions): Provider {
  const clientOf = async (urn: Urn, cluster: Urn | undefined, signal?: AbortSignal): Promise<ApiClient> => {
    const connection = cluster === undefined ? undefined : await options.connect(cluster, signal);
    if (connection) return new ApiClient(connection, signal);
    const message = cluster ? `nothing tells how to reach ${cluster}` : "no cluster is named";
    throw new BerthError([problem(codes.BERTH5105, { message, resource: urn })]);
  };

  const settled: Settled = async (client, ref, object, { signal, timeout = patienceSeconds }) => {
    let live = object;
    for (let waited = 0; isPending(live); waited += pollSeconds) {
      if (waited >= timeout)
        throw new BerthError([problem(codes.BERTH5107, { message: `${refKey(ref)} has no address` })]);
      // The first look is at once: what the answer could not hold yet may be there now.
      if (waited > 0) await options.wait(pollSeconds, signal);
      live = (await client.get(ref)) ?? live;
    }
    return live;
  };

  return {
    name: "kubernetes",
    async create(request: CreateRequest): Promise<ProviderResult> {
      const client = await clientOf(request.urn, request.cluster, request.signal);
      return aboutResource(request.urn, () => create(client, request, settled));
    },
    async update(request: UpdateRequest): Promise<ProviderResult> {
      const client = await clientOf(request.urn, request.cluster, request.signal);
      return aboutResource(request.urn, async () => {
        const object = await update(client, request);
        const ref = refOfId(request.id);
        return { id: request.id, outputs: outputsOf(await settled(client, ref, object, request)) };
      });
    },
    async delete(request: DeleteRequest): Promise<void> {
      const client = await clientOf(request.urn, request.cluster, request.signal);
      return aboutResource(request.urn, () => remove(client, request));
    },
    async read(request: ReadRequest): Promise<ReadResult | undefined> {
      const client = await clientOf(request.urn, request.cluster, request.signal);
      const ref = request.id === undefined ? requireRef(request.inputs) : refOfId(request.id);
      const live = await aboutResource(request.urn, () => client.get(ref));
      if (!live) return undefined;
      return {
        id: refKey(ref),
        outputs: outputsOf(live),
        inputs: withoutNoise(live),
        ours: isOurs(live, request.ownership),
        ...stackInMark(live),
      };
    },
    async discover(
      container: ResourceRecord,
      signal?: AbortSignal,
    ): Promise<readonly DiscoveredResource[] | undefined> {
      const connection = await options.connect(container.urn, signal).catch(() => undefined);
      return connection && discoverObjects(new ApiClient(connection, signal));
    },
    async observe(cluster: ResourceRecord, signal?: AbortSignal): Promise<ClusterSnapshot | undefined> {
      const connection = await options.connect(cluster.urn, signal);
      return connection && observeCluster(new ApiClient(connection, signal), cluster.urn);
    },
  };
}

/**
 * Looks first, then applies: an object that is there is refused, unless this very create made it and its answer was
 * lost, or the request says that it is to be taken over. An update where a creation was due means that somebody came between.
 */
async function create(client: ApiClient, request: CreateRequest, settled: Settled): Promise<ProviderResult> {
  const ref = requireRef(request.inputs);
  const live = await client.get(ref);
  if (live && request.adopt && !isOurs(live, request.ownership)) return adopt(client, request, live, settled);
  if (live && !isOurs(live, request.ownership)) {
    throw new BerthError([problem(codes.BERTH5101, { message: `${refKey(ref)} is on the cluster already` })]);
  }
  const { created, object } = await client.apply(ref, desired(request));
  if (!created && !live) {
    throw new BerthError([
      problem(codes.BERTH5106, { message: `${refKey(ref)} was created by somebody else just now` }),
    ]);
  }
  return { id: refKey(ref), outputs: outputsOf(await settled(client, ref, object, request)) };
}

/** Takes over what exists, unless another stack made it. What others own of what is wanted is overwritten: that is the point. */
async function adopt(
  client: ApiClient,
  request: CreateRequest,
  live: JsonObject,
  settled: Settled,
): Promise<ProviderResult> {
  const ref = requireRef(request.inputs);
  if (markOf(live) !== undefined && !isOfStack(live, request.ownership)) {
    const message = `${refKey(ref)} belongs to another stack`;
    throw new BerthError([problem(codes.BERTH5111, { message })]);
  }
  const { object } = await client.apply(ref, sameObject(desired(request), live), true);
  return { id: refKey(ref), outputs: outputsOf(await settled(client, ref, object, request)) };
}

/** Refused by the API where another object has the name by now. */
function sameObject(wanted: JsonObject, live: JsonObject): JsonObject {
  return { ...wanted, metadata: { ...objectIn(wanted, "metadata"), uid: uidOf(live) } };
}

/**
 * Looks first, and writes what it saw: an update makes nothing, and takes nothing from another stack. What others own
 * is overwritten only where the record says what they wrote: then the plan was made from it, and has shown it.
 */
async function update(client: ApiClient, request: UpdateRequest): Promise<JsonObject> {
  const ref = refOfId(request.id);
  const live = await client.get(ref);
  if (!live) throw new BerthError([problem(codes.BERTH5110, { message: `${refKey(ref)} is gone` })]);
  const mark = markOf(live);
  if (mark !== undefined && mark !== request.ownership.operationKey && !request.adopt) throw notOurs(ref);
  const object = sameObject(desired(request), live);
  try {
    return (await client.apply(ref, object)).object;
  } catch (error) {
    const inputs = revealSecrets(request.inputs) as JsonObject;
    if (!isConflict(error) || !isSeen(request.recorded.inputs, inputs, live)) throw error;
    return (await client.apply(ref, object, true)).object;
  }
}

/** Whether whatever the update changes is as it is recorded, so that nobody overwrites what nobody has seen. */
function isSeen(recorded: JsonObject, wanted: JsonObject, live: JsonObject): boolean {
  const keep = (stated: Json): Json => stated;
  const asRecorded = compareInputs(recorded, projectInputs(recorded, live, keep));
  if (asRecorded.length > 0) return false;
  const added = compareInputs(recorded, wanted).filter((each) => each.kind === "add");
  const there = new Map(
    compareInputs(recorded, projectInputs(wanted, live, keep)).map((each) => [each.path, each]),
  );
  return added.every(({ path }) => !there.has(path));
}

/** Only what carries the mark of this very create, and no other object that has taken its name since. */
async function remove(client: ApiClient, { id, recorded }: DeleteRequest): Promise<void> {
  const ref = refOfId(id);
  const live = await client.get(ref);
  if (!live) return;
  if (!isOurs(live, recorded)) throw notOurs(ref);
  await client.delete(ref, uidOf(live));
}

/** What people or controllers wrote, and not what the server keeps about it. */
function withoutNoise({ status: _, ...live }: JsonObject): JsonObject {
  const metadata = Object.entries(objectIn(live, "metadata")).filter(([name]) => !serverMetadata.has(name));
  return { ...live, metadata: Object.fromEntries(metadata) };
}

const serverMetadata = new Set([
  "managedFields",
  "resourceVersion",
  "generation",
  "creationTimestamp",
  "uid",
]);

function uidOf(live: JsonObject): string {
  const { uid } = objectIn(live, "metadata");
  return typeof uid === "string" ? uid : "";
}

function objectIn(from: JsonObject, key: string): JsonObject {
  const value = from[key];
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

function notOurs(ref: ObjectRef): BerthError {
  return new BerthError([
    problem(codes.BERTH5111, { message: `${refKey(ref)} does not carry the mark of this resource` }),
  ]);
}

function isConflict(error: unknown): boolean {
  return BerthError.is(error) && error.problems.every((each) => each.code === codes.BERTH5102.code);
}

function desired(request: {
  readonly inputs: ValueObject;
  readonly ownership: CreateRequest["ownership"];
}): JsonObject {
  return withOwnership(revealSecrets(request.inputs) as JsonObject, request.ownership);
}

function requireRef(inputs: ValueObject): ObjectRef {
  const ref = refOfInputs(inputs);
  if (!ref) throw new TypeError("an object whose name is not known can't be applied");
  return ref;
}

function refOfId(id: string): ObjectRef {
  const ref = parseRefKey(id);
  if (!ref) throw new TypeError(`not a Kubernetes id: ${id}`);
  return ref;
}

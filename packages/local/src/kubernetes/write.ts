import {
  type Json,
  type KubernetesObject,
  type ObjectRef,
  refKey,
  type Service,
  type WriteVerb,
  writeObject,
} from "@berth/objects";
import type { Cloud, CloudTransaction } from "../cloud.ts";
import { type ClusterRecord, counterOf, objectsOf } from "../cluster/cluster-spec.ts";
import { suffix } from "../cluster/suffix.ts";
import { requireObject } from "./body.ts";
import { refOfPath } from "./delete.ts";
import { withPriorityOfClass } from "./pod-priority.ts";
import type { ResourcePath } from "./resource-path.ts";
import { serviceAddresses } from "./service-addresses.ts";
import { ApiRefusal, methodNotAllowed, notFound, notImplemented, unsupportedMediaType } from "./status.ts";
import { type WriteOptions, writeOptions } from "./write-options.ts";

const PATCHES: Readonly<Record<string, WriteVerb>> = {
  "application/apply-patch+yaml": "apply",
  "application/json-patch+json": "json-patch",
  "application/merge-patch+json": "merge-patch",
  "application/strategic-merge-patch+json": "strategic-merge-patch",
};
const OBJECTS = ["application/json", "application/yaml"];

/** A write, read from the request. */
interface Intent {
  readonly path: ResourcePath;
  readonly verb: WriteVerb;
  readonly body: Json;
  readonly options: WriteOptions;
}

/** POST, PUT and PATCH. The answer is the object as it was stored, before controllers see it. */
export function write(
  request: Request,
  path: ResourcePath,
  body: Json | undefined,
  cluster: ClusterRecord,
  cloud: Cloud,
): Response {
  if (path.subresource !== undefined && path.subresource !== "status")
    throw notImplemented(`${request.method} of ${path.subresource}`);
  const intent = readIntent(request, path, body);
  return cloud.transact((transaction) => carryOut(intent, cluster, transaction));
}

function readIntent(request: Request, path: ResourcePath, body: Json | undefined): Intent {
  const type = (request.headers.get("content-type") ?? "application/json").split(";")[0]?.trim() ?? "";
  if (request.method === "PATCH") {
    if (path.name === undefined) throw methodNotAllowed();
    const verb = PATCHES[type];
    if (!verb) throw unsupportedMediaType(Object.keys(PATCHES));
    return {
      path,
      verb,
      body: body ?? null,
      options: writeOptions("PatchOptions", request, verb === "apply"),
    };
  }
  const isCreation = request.method === "POST";
  if (isCreation !== (path.name === undefined)) throw methodNotAllowed();
  if (!OBJECTS.includes(type)) throw unsupportedMediaType(OBJECTS);
  const stated = withType(requireObject(body), path);
  if (!isCreation)
    return { path, verb: "replace", body: stated, options: writeOptions("UpdateOptions", request, false) };
  return { path, verb: "create", body: stated, options: writeOptions("CreateOptions", request, false) };
}

/** What a body leaves out that the path says. */
function withType(stated: ReturnType<typeof requireObject>, { kind }: ResourcePath) {
  return { apiVersion: kind.apiVersion, kind: kind.kind, ...stated };
}

function carryOut(
  { path, verb, body, options }: Intent,
  cluster: ClusterRecord,
  transaction: CloudTransaction,
): Response {
  const { kind, namespace, subresource } = path;
  const stated = verb === "create" ? withGeneratedName(body, cluster, transaction) : body;
  const name = path.name ?? nameOf(stated);
  const ref = refOfPath({ ...path, name });
  const live = transaction.store.get(objectsOf(cluster), refKey(ref));
  const result = writeObject(
    live === undefined ? undefined : requireObject(live),
    {
      ...ref,
      verb,
      body: stated,
      manager: options.fieldManager,
      force: options.isForced,
      strict: options.fieldValidation === "Strict",
      ...(subresource === "status" ? { subresource } : {}),
    },
    {
      time: transaction.now(),
      ...(kind.kind === "Service" ? { addresses: addressesBeside(ref, cluster, transaction) } : {}),
    },
  );
  if (result.kind === "refused") {
    transaction.discard();
    return Response.json(result.status, { status: result.status.code });
  }
  const { created, changed } = result;
  if (created && namespace !== undefined) requireNamespace(namespace, cluster, transaction);
  const object = created
    ? withPriorityOfClass(asKubernetesObject(result.object), cluster, transaction)
    : asKubernetesObject(result.object);
  const status = created ? 201 : 200;
  if (options.isDryRun || !changed) {
    transaction.discard();
    return Response.json(object, { status });
  }
  const writer = transaction.cluster(cluster.id);
  if (object.metadata?.deletionTimestamp && (object.metadata.finalizers ?? []).length === 0) {
    writer?.remove(ref);
    return Response.json(object, { status });
  }
  return Response.json(writer?.put(object), { status });
}

function requireNamespace(name: string, cluster: ClusterRecord, transaction: CloudTransaction): void {
  const key = refKey({ apiVersion: "v1", kind: "Namespace", name });
  const namespace = transaction.store.get(objectsOf(cluster), key);
  if (namespace === undefined)
    throw notFound({ kind: { group: "", plural: "namespaces", kind: "Namespace" }, name });
  if (!asKubernetesObject(requireObject(namespace)).metadata?.deletionTimestamp) return;
  const message = `unable to create new content in namespace ${name} because it is being terminated`;
  throw new ApiRefusal(403, "Forbidden", message, { name, kind: "namespaces" });
}

function addressesBeside(ref: ObjectRef, cluster: ClusterRecord, transaction: CloudTransaction) {
  const services: Service[] = [];
  for (const [key, value] of transaction.store.entries(objectsOf(cluster))) {
    if (!key.startsWith("v1 Service ") || key === refKey(ref)) continue;
    services.push(asKubernetesObject(requireObject(value)) as Service);
  }
  return serviceAddresses({
    range: cluster.serviceRange,
    reserved: cluster.dnsAddress === undefined ? [] : [cluster.dnsAddress],
    others: services,
    next: (what) => transaction.store.next(counterOf(cluster, what)),
  });
}

function withGeneratedName(body: Json, cluster: ClusterRecord, transaction: CloudTransaction): Json {
  const object = requireObject(body);
  const metadata = requireObject(object["metadata"] ?? {});
  if (metadata["name"] || typeof metadata["generateName"] !== "string") return body;
  const name = metadata["generateName"] + suffix(transaction.store.next(counterOf(cluster, "suffix")));
  return { ...object, metadata: { ...metadata, name } };
}

function nameOf(body: Json): string {
  const { name } = requireObject(requireObject(body)["metadata"] ?? {});
  return typeof name === "string" ? name : "";
}

/** What `writeObject` returns has type, name and the shape of its kind. */
function asKubernetesObject(object: object): KubernetesObject {
  return object as KubernetesObject;
}

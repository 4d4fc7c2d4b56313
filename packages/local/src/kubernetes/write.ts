import {
  applyDefaults,
  type Json,
  type KubernetesObject,
  type PriorityClass,
  type Service,
} from "@berth/objects";
import type { Cloud, CloudTransaction } from "../cloud.ts";
import { type ClusterRecord, counterOf } from "../cluster/cluster-spec.ts";
import { requireObject } from "./body.ts";
import { refOfPath } from "./delete.ts";
import { prepareCreate } from "./lifecycle.ts";
import type { ResourcePath } from "./resource-path.ts";
import { allocate } from "./service-allocation.ts";
import {
  alreadyExists,
  badRequest,
  invalid,
  methodNotAllowed,
  notFound,
  notImplemented,
  type StatusSubject,
} from "./status.ts";
import { type WriteOptions, writeOptions } from "./write-options.ts";

/** POST, PUT and PATCH. */
export function writeObject(
  request: Request,
  path: ResourcePath,
  body: Json | undefined,
  cluster: ClusterRecord,
  cloud: Cloud,
): Response {
  if (request.method === "POST" && path.name === undefined)
    return create(request, path, body, cluster, cloud);
  if (path.name === undefined) throw methodNotAllowed();
  throw notImplemented(request.method);
}

function create(
  request: Request,
  path: ResourcePath,
  body: Json | undefined,
  cluster: ClusterRecord,
  cloud: Cloud,
): Response {
  const options = writeOptions("CreateOptions", request, false);
  const stated = requireObject(body);
  const { kind, namespace } = path;
  const { metadata = {} } = stated as Partial<KubernetesObject>;
  const name = metadata.name ?? "";
  if (metadata.namespace !== undefined && metadata.namespace !== namespace) {
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
  }
  const subject = { kind, name };
  const given = applyDefaults({
    ...stated,
    apiVersion: kind.apiVersion,
    kind: kind.kind,
    metadata: { ...metadata, ...(namespace === undefined ? {} : { namespace }) },
  });
  if (cloud.object(cluster, refOfPath({ ...path, name }))) throw alreadyExists(subject);
  return store(subject, prepareCreate(given, priorityClasses(cluster, cloud)), options, cluster, cloud);
}

function store(
  subject: StatusSubject,
  object: KubernetesObject,
  options: WriteOptions,
  cluster: ClusterRecord,
  cloud: Cloud,
): Response {
  const { namespace } = object.metadata ?? {};
  const holder =
    namespace === undefined
      ? undefined
      : cloud.object(cluster, { apiVersion: "v1", kind: "Namespace", name: namespace });
  if (namespace !== undefined && !holder)
    throw notFound({ kind: { group: "", plural: "namespaces", kind: "Namespace" }, name: namespace });
  if (options.isDryRun) return Response.json(object, { status: 201 });
  const stored = cloud.transact((transaction) => {
    const allocated =
      object.kind === "Service"
        ? allocated_(subject, object as Service, cluster, cloud, transaction)
        : object;
    return transaction.cluster(cluster.id)?.put(allocated);
  });
  return Response.json(stored, { status: 201 });
}

function allocated_(
  subject: StatusSubject,
  service: Service,
  cluster: ClusterRecord,
  cloud: Cloud,
  transaction: CloudTransaction,
): Service {
  const others = [...cloud.objects(cluster, { apiVersion: "v1", kind: "Service" })] as Service[];
  const allocation = allocate(service, {
    range: cluster.serviceRange,
    reserved: cluster.dnsAddress === undefined ? [] : [cluster.dnsAddress],
    others: others.filter((each) => each.metadata?.uid !== service.metadata?.uid),
    next: (what) => transaction.store.next(counterOf(cluster, what)),
  });
  if ("causes" in allocation) throw invalid(subject, allocation.causes);
  return allocation.service;
}

function priorityClasses(cluster: ClusterRecord, cloud: Cloud) {
  return (name: string | undefined): PriorityClass | undefined => {
    const all = [
      ...cloud.objects(cluster, { apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass" }),
    ] as PriorityClass[];
    return all.find((each) => (name === undefined ? each.globalDefault : each.metadata?.name === name));
  };
}

import type { KubernetesObject, ObjectRef } from "@berth/objects";
import type { Cloud } from "../cloud.ts";
import type { ClusterRecord } from "../cluster/cluster-spec.ts";
import type { ResourcePath } from "./resource-path.ts";
import { fieldFilter, labelFilter } from "./selector-query.ts";
import { ApiRefusal, deleted, modified, notFound } from "./status.ts";
import { deleteOptions, type DeleteOptions } from "./write-options.ts";

/** Namespaces that a cluster cannot be without. */
const IMMORTAL = new Set(["default", "kube-system", "kube-public"]);

/** DELETE of one object. With finalizers it stays, marked, until they are gone. */
export function deleteObject(
  path: ResourcePath & { readonly name: string },
  query: URLSearchParams,
  body: unknown,
  cluster: ClusterRecord,
  cloud: Cloud,
): Response {
  const options = deleteOptions(query, body);
  const ref = refOfPath(path);
  const live = cloud.object(cluster, ref);
  if (!live) throw notFound(path);
  checkPreconditions(path, live, options);
  if (path.kind.kind === "Namespace" && IMMORTAL.has(path.name)) {
    const details = { name: path.name, kind: "namespaces" };
    throw new ApiRefusal(
      403,
      "Forbidden",
      `namespaces ${JSON.stringify(path.name)} is forbidden: this namespace may not be deleted`,
      details,
    );
  }
  if (options.isDryRun) return deleted(path, live.metadata?.uid);
  const finalizers = (live.metadata?.finalizers ?? []).filter((each) => !isProtection(each));
  cloud.transact((transaction) => {
    const writer = transaction.cluster(cluster.id);
    if (finalizers.length === 0) writer?.remove(ref, options.propagation);
    else if (!live.metadata?.deletionTimestamp) {
      const metadata = {
        ...live.metadata,
        finalizers,
        deletionTimestamp: transaction.now(),
        deletionGracePeriodSeconds: 0,
      };
      writer?.put({ ...live, metadata });
    }
  });
  return finalizers.length === 0
    ? deleted(path, live.metadata?.uid)
    : Response.json(cloud.object(cluster, ref));
}

/** Kubernetes keeps storage that is in use; here nothing is lost with it, and it goes at once. */
function isProtection(finalizer: string): boolean {
  return finalizer === "kubernetes.io/pvc-protection" || finalizer === "kubernetes.io/pv-protection";
}

/** DELETE of a collection: every object that the selectors select. */
export function deleteCollection(
  path: ResourcePath,
  query: URLSearchParams,
  body: unknown,
  cluster: ClusterRecord,
  cloud: Cloud,
): Response {
  const options = deleteOptions(query, body);
  const [hasLabels, hasFields] = [
    labelFilter(query.get("labelSelector")),
    fieldFilter(query.get("fieldSelector")),
  ];
  const selected: KubernetesObject[] = [];
  for (const object of cloud.objects(cluster, path.kind)) {
    if (path.namespace !== undefined && object.metadata?.namespace !== path.namespace) continue;
    if (hasLabels(object) && hasFields(object)) selected.push(object);
  }
  if (!options.isDryRun && selected.length > 0) {
    cloud.transact((transaction) => {
      const writer = transaction.cluster(cluster.id);
      for (const { metadata } of selected) {
        writer?.remove(
          refOfPath({
            ...path,
            ...(metadata?.namespace ? { namespace: metadata.namespace } : {}),
            name: metadata?.name ?? "",
          }),
          options.propagation,
        );
      }
    });
  }
  const { kind } = path;
  return Response.json({
    kind: `${kind.kind}List`,
    apiVersion: kind.apiVersion,
    metadata: {},
    items: selected,
  });
}

/** The object that a path names. */
export function refOfPath({ kind, namespace, name }: ResourcePath & { readonly name: string }): ObjectRef {
  return {
    apiVersion: kind.apiVersion,
    kind: kind.kind,
    ...(namespace === undefined ? {} : { namespace }),
    name,
  };
}

function checkPreconditions(
  path: ResourcePath & { readonly name: string },
  live: KubernetesObject,
  options: DeleteOptions,
): void {
  const { uid, resourceVersion } = live.metadata ?? {};
  if (options.uid !== undefined && options.uid !== uid) {
    throw modified(
      path,
      `Precondition failed: UID in precondition: ${options.uid}, UID in object meta: ${uid}`,
    );
  }
  if (options.resourceVersion !== undefined && options.resourceVersion !== resourceVersion) {
    const stated = `ResourceVersion in precondition: ${options.resourceVersion}, ResourceVersion in object meta: ${resourceVersion}`;
    throw modified(path, `Precondition failed: ${stated}`);
  }
}

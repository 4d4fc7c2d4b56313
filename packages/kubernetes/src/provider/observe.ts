import type { ClusterSnapshot, JsonObject, Urn } from "@berth/core";
import { compareText } from "@berth/objects";
import type { ApiClient } from "./api-client.ts";

/** What planning needs of a cluster. No Secrets, no ConfigMaps: they place nothing and may hold what nobody should save. */
const observedKinds: readonly (readonly [apiVersion: string, kind: string])[] = [
  ["v1", "Namespace"],
  ["v1", "Node"],
  ["v1", "Pod"],
  ["v1", "Service"],
  ["apps/v1", "Deployment"],
  ["apps/v1", "ReplicaSet"],
  ["apps/v1", "StatefulSet"],
  ["apps/v1", "DaemonSet"],
  ["apps/v1", "ControllerRevision"],
  ["v1", "PersistentVolumeClaim"],
  ["v1", "PersistentVolume"],
  ["storage.k8s.io/v1", "StorageClass"],
  ["discovery.k8s.io/v1", "EndpointSlice"],
  ["policy/v1", "PodDisruptionBudget"],
  ["scheduling.k8s.io/v1", "PriorityClass"],
];

/** The cluster as it is now: objects by kind, each kind in order of creation, which decides ties in scheduling. */
export async function observeCluster(client: ApiClient, cluster: Urn): Promise<ClusterSnapshot> {
  const lists = await Promise.all(observedKinds.map(([apiVersion, kind]) => client.list(apiVersion, kind)));
  return { cluster, objects: lists.flatMap((objects) => [...objects].sort(byCreation).map(withoutNoise)) };
}

/**
 * What was made in the same second: nodes by name, the rest by uid. On a real cluster that is as good as
 * any other order; the local cloud counts its uids, so there it is the order in which objects were made.
 */
function byCreation(a: JsonObject, b: JsonObject): number {
  return (
    compareText(text(a, "creationTimestamp"), text(b, "creationTimestamp")) ||
    (a["kind"] === "Node" ? 0 : compareText(text(a, "uid"), text(b, "uid"))) ||
    compareText(text(a, "namespace"), text(b, "namespace")) ||
    compareText(text(a, "name"), text(b, "name"))
  );
}

function text(object: JsonObject, key: string): string {
  const value = metadataOf(object)[key];
  return typeof value === "string" ? value : "";
}

function metadataOf(object: JsonObject): JsonObject {
  return (object["metadata"] ?? {}) as JsonObject;
}

/** Leaves out what changes without meaning: field ownership, versions, times. */
function withoutNoise(object: JsonObject): JsonObject {
  const {
    managedFields: _managed,
    resourceVersion: _version,
    creationTimestamp: _created,
    ...metadata
  } = metadataOf(object);
  return { ...object, metadata };
}

import type { DiscoveredResource, Json, JsonObject } from "@berth/core";
import { compareRefs, isJsonObject, type ObjectRef, refKey } from "@berth/objects";
import type { ApiClient } from "./api-client.ts";

/** Kinds that berth has types for, in the order in which programs declare them. */
const kinds: readonly (readonly [apiVersion: string, kind: string])[] = [
  ["v1", "Namespace"],
  ["v1", "ConfigMap"],
  ["apps/v1", "Deployment"],
  ["apps/v1", "StatefulSet"],
  ["v1", "Service"],
];

/** What every cluster has by itself. */
const systemNamespaces = new Set(["kube-system", "kube-public", "kube-node-lease"]);

/** Objects that people made: not those that a controller owns, nor the cluster's own. Sorted by kind and name. */
export async function discoverObjects(client: ApiClient): Promise<readonly DiscoveredResource[]> {
  const lists = await Promise.all(
    kinds.map(async ([apiVersion, kind]) => {
      const objects = (await client.list(apiVersion, kind)).filter((each) => isPeoples(each, kind));
      const refs = objects.map((each) => refOf(apiVersion, kind, each)).toSorted(compareRefs);
      return refs.map((ref) => ({ type: `kubernetes:${kind}`, id: refKey(ref) }));
    }),
  );
  return lists.flat();
}

function isPeoples(object: JsonObject, kind: string): boolean {
  const { name, namespace, ownerReferences } = metadataOf(object);
  if (Array.isArray(ownerReferences) && ownerReferences.length > 0) return false;
  if (kind === "Namespace") return name !== "default" && !systemNamespaces.has(text(name));
  if (systemNamespaces.has(text(namespace))) return false;
  if (kind === "Service") return !(name === "kubernetes" && namespace === "default");
  return !(kind === "ConfigMap" && name === "kube-root-ca.crt");
}

function refOf(apiVersion: string, kind: string, object: JsonObject): ObjectRef {
  const { name, namespace } = metadataOf(object);
  const base = { apiVersion, kind, name: text(name) };
  return typeof namespace === "string" ? { ...base, namespace } : base;
}

function metadataOf({ metadata }: JsonObject): JsonObject {
  return isJsonObject(metadata) ? metadata : {};
}

function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

import type { EndpointSlice, KubernetesObject, Node, Pod, Service } from "@berth/objects";
import type { JsonObject } from "@berth/core";

/** The kinds that the planner reads, by API version and name. */
interface Kinds {
  readonly "discovery.k8s.io/v1 EndpointSlice": EndpointSlice;
  readonly "v1 Node": Node;
  readonly "v1 Pod": Pod;
  readonly "v1 Service": Service;
}

export function isOfKind<K extends keyof Kinds>(
  object: KubernetesObject,
  kind: K,
): object is Kinds[K] & KubernetesObject {
  return `${object.apiVersion} ${object.kind}` === kind;
}

/** Objects of one kind, in their order. */
export function ofKindIn<K extends keyof Kinds>(
  objects: Iterable<KubernetesObject>,
  kind: K,
): readonly (Kinds[K] & KubernetesObject)[] {
  const found: (Kinds[K] & KubernetesObject)[] = [];
  for (const each of objects) if (isOfKind(each, kind)) found.push(each);
  return found;
}

/** JSON as an object of the Kubernetes API; `undefined` where it has no kind or name yet. */
export function kubernetesObject(json: JsonObject): KubernetesObject | undefined {
  return isKubernetesObject(json) ? json : undefined;
}

function isKubernetesObject(json: object): json is KubernetesObject {
  if (!("apiVersion" in json && "kind" in json && "metadata" in json)) return false;
  const { apiVersion, kind, metadata } = json;
  if (
    typeof apiVersion !== "string" ||
    typeof kind !== "string" ||
    typeof metadata !== "object" ||
    metadata === null
  )
    return false;
  return "name" in metadata && typeof metadata.name === "string" && metadata.name !== "";
}

/** `default/web`; the name alone for what lives in no namespace. */
export function qualifiedName({ metadata }: Pick<KubernetesObject, "metadata">): string {
  return metadata?.namespace === undefined
    ? (metadata?.name ?? "")
    : `${metadata.namespace}/${metadata.name ?? ""}`;
}

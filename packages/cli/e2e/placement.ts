import type { Plan } from "@berth/automation";
import type { ClusterObject } from "./local-cloud.ts";

/** How many pods of each workload each node has: `user#1 default/Deployment/web: 2`, sorted. */
export type Placement = readonly string[];

/** What the plan says will run where: new nodes by pool and ordinal, existing ones by the same through `ordinals`. */
export function plannedPlacement(plan: Plan, ordinals: ReadonlyMap<string, string> = new Map()): Placement {
  const groups = plan.clusters.flatMap((cluster) => cluster.placement);
  const coming = groups.filter((group) => group.change !== "gone");
  return counted(
    coming.flatMap(({ node, workload, pods }) => pods.map(() => `${ordinals.get(node) ?? node} ${workload}`)),
  );
}

/** What runs where in the cluster. */
export function actualPlacement(objects: readonly ClusterObject[]): Placement {
  const ordinals = nodeOrdinals(objects);
  const pods = objects.filter((each) => each.kind === "Pod");
  return counted(
    pods.map((pod) => {
      const node = String(pod.spec?.["nodeName"]);
      return `${ordinals.get(node) ?? node} ${workloadOf(pod, objects)}`;
    }),
  );
}

/** Nodes by pool and order of creation: `aks-user-…000001` is `user#2`. */
export function nodeOrdinals(objects: readonly ClusterObject[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const counts = new Map<string, number>();
  for (const { kind, metadata } of objects) {
    if (kind !== "Node") continue;
    const pool = metadata.labels?.["agentpool"] ?? metadata.labels?.["kubernetes.azure.com/agentpool"] ?? "";
    const ordinal = (counts.get(pool) ?? 0) + 1;
    counts.set(pool, ordinal);
    names.set(metadata.name, `${pool}#${ordinal}`);
  }
  return names;
}

/** The workload at the end of an object's chain of owners. */
function workloadOf(object: ClusterObject, objects: readonly ClusterObject[]): string {
  const { namespace, name, ownerReferences = [] } = object.metadata;
  const owner = ownerReferences.find((each) => each.controller === true);
  const found =
    owner &&
    objects.find(
      (each) =>
        each.kind === owner.kind &&
        each.metadata.name === owner.name &&
        each.metadata.namespace === namespace,
    );
  return found ? workloadOf(found, objects) : `${namespace}/${object.kind}/${name}`;
}

function counted(lines: readonly string[]): Placement {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return [...counts].map(([line, count]) => `${line}: ${count}`).toSorted();
}

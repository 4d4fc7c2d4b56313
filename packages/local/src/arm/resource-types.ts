import { agentPools } from "./agent-pool.ts";
import { managedClusters } from "./managed-cluster.ts";
import { resourceGroups } from "./resource-group.ts";
import type { ResourceType } from "./resource-type.ts";
import { subnets } from "./subnet.ts";
import { virtualNetworks } from "./virtual-network.ts";

/** Types inside groups, in the order in which they let go of each other. */
const inGroups: readonly ResourceType[] = [managedClusters, agentPools, virtualNetworks, subnets];

export const groups: ResourceType = resourceGroups(inGroups);

const byName: ReadonlyMap<string, ResourceType> = new Map(
  [groups, ...inGroups].map((each) => [each.type.toLowerCase(), each]),
);

/** The type of this name, in any case. */
export function findResourceType(type: string): ResourceType | undefined {
  return byName.get(type.toLowerCase());
}

/** Whether some type has this namespace. */
export function hasNamespace(namespace: string): boolean {
  return [...byName.keys()].some((each) => each.startsWith(`${namespace.toLowerCase()}/`));
}

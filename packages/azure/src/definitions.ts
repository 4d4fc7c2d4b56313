import { definitionOf, type ResourceDefinition } from "@berth/core";
import { ManagedCluster } from "./resources/managed-cluster.ts";
import { NodePool } from "./resources/node-pool.ts";
import { Provider } from "./resources/provider.ts";
import { ResourceGroup } from "./resources/resource-group.ts";
import { Subnet } from "./resources/subnet.ts";
import { VirtualNetwork } from "./resources/virtual-network.ts";

/**
 * Every type of this package: what planner and engine know of Azure.
 *
 * @example
 * const byType = new Map(azureDefinitions.map((each) => [each.type, each]));
 */
export const azureDefinitions: readonly ResourceDefinition[] = [
  ManagedCluster,
  NodePool,
  Provider,
  ResourceGroup,
  Subnet,
  VirtualNetwork,
].map(definitionOf);

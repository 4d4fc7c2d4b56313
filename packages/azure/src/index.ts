/**
 * Azure resources and the ARM provider.
 *
 * @packageDocumentation
 */
export type { ClusterCredentials } from "./arm/credentials.ts";
export { azureProvider, type AzureProviderOptions } from "./arm/provider.ts";
export type { SenderOptions } from "./arm/sender.ts";
export { codes as azureCodes } from "./codes.ts";
export { azureDefinitions } from "./definitions.ts";
export type { NetworkProfile } from "./pools/network-profile.ts";
export type { PoolShape } from "./pools/pool-schema.ts";
export type { SystemPodOverrides } from "./pools/system-pods.ts";
export { ManagedCluster, type ManagedClusterInputs, type SystemPool } from "./resources/managed-cluster.ts";
export { NodePool, type NodePoolArguments, type NodePoolInputs } from "./resources/node-pool.ts";
export { Provider, type ProviderInputs } from "./resources/provider.ts";
export { ResourceGroup, type ResourceGroupInputs } from "./resources/resource-group.ts";
export { Subnet, type SubnetInputs } from "./resources/subnet.ts";
export { VirtualNetwork, type VirtualNetworkInputs } from "./resources/virtual-network.ts";

import { type ArmResource, keyOf, type Resources } from "./arm-resource.ts";

export const POOL_TYPE = "Microsoft.ContainerService/managedClusters/agentPools";

/** Pools whose nodes stand in a subnet. */
export function subnetUsers(subnet: string, resources: Resources): readonly ArmResource[] {
  return resources.ofType(POOL_TYPE).filter((each) => {
    const { vnetSubnetID } = each.properties;
    return typeof vnetSubnetID === "string" && keyOf(vnetSubnetID) === keyOf(subnet);
  });
}

import { contains, overlaps, parseRange } from "@berth/machines";
import type { JsonObject } from "../store/json.ts";
import { type ArmResource, groupNameOf, keyOf, parentOf, type Resources } from "./arm-resource.ts";
import { stored, closed, isObject, objectIn, present, requiredText } from "./body.ts";
import { readRange } from "./ranges.ts";
import { ArmRefusal, notFound } from "./refusal.ts";
import type { DeleteRequest, PutRequest, ResourceType } from "./resource-type.ts";
import { subnetUsers } from "./subnet-use.ts";

const type = "Microsoft.Network/virtualNetworks/subnets";

/** Subnets of virtual networks. */
export const subnets: ResourceType = {
  type,
  tracked: false,
  working: { creating: "Updating", updating: "Updating" },
  etag: "etag",
  put: putSubnet,
  delete({ resource, resources, scope }: DeleteRequest): void {
    refuseIfInUse(resource, resources, scope);
    resources.delete(resource.id);
  },
};

/** Creates or replaces a subnet, inside its network and beside the others. */
export function putSubnet({ id, name, body, existing, resources }: PutRequest): ArmResource {
  const properties = objectIn(body, "properties");
  closed(properties, known);
  const addressPrefix = requiredText(properties, "addressPrefix", "properties.addressPrefix");
  const range = readRange(addressPrefix, id);
  const network = resources.get(parentOf(id));
  if (!network)
    throw notFound(
      "Microsoft.Network/virtualNetworks",
      parentOf(id).split("/").at(-1) ?? "",
      groupNameOf(id),
    );
  const changes = existing !== undefined && existing.properties["addressPrefix"] !== addressPrefix;
  if (changes && subnetUsers(existing.id, resources).length > 0) {
    const message = `Subnet ${name} is in use and cannot be updated.`;
    throw new ArmRefusal(400, "InUseSubnetCannotBeUpdated", message);
  }
  if (range.prefix > longestPrefix || !prefixesOf(network).some((each) => contains(each, range))) {
    const message = `Subnet '${name}' is not valid in virtual network '${network.name}'.`;
    throw new ArmRefusal(400, "NetcfgInvalidSubnet", message);
  }
  for (const other of resources.below(network.id)) {
    const others = parseRange(stored(other.properties, "addressPrefix"));
    if (keyOf(other.id) === keyOf(id) || !others || !overlaps(others, range)) continue;
    const message = `Subnet '${name}' is not valid because its IP address range overlaps with that of an existing subnet in virtual network '${network.name}'.`;
    throw new ArmRefusal(400, "NetcfgSubnetRangesOverlap", message);
  }
  const kept = present({ provisioningState: "Succeeded", addressPrefix });
  return resources.put({ id, name, type, ...existing, properties: kept });
}

/** The smallest subnet that Azure takes. */
const longestPrefix = 29;

const known: ReadonlySet<string> = new Set([
  "addressPrefix",
  "provisioningState",
  "delegations",
  "ipConfigurations",
  "privateEndpointNetworkPolicies",
  "privateLinkServiceNetworkPolicies",
]);

function prefixesOf(network: ArmResource) {
  const space = network.properties["addressSpace"];
  const prefixes = isObject(space) ? space["addressPrefixes"] : undefined;
  return Array.isArray(prefixes) ? prefixes.flatMap((each) => parseRange(String(each)) ?? []) : [];
}

/** Refuses to delete a subnet in which nodes stand, unless their pool goes too. */
export function refuseIfInUse(subnet: ArmResource, resources: Resources, scope: string): void {
  const users = subnetUsers(subnet.id, resources).filter(
    (each) => !keyOf(each.id).startsWith(`${keyOf(scope)}/`),
  );
  if (users.length === 0) return;
  const message = `Subnet ${subnet.name} is in use by ${users.map((each) => each.id).join(", ")} and cannot be deleted. In order to delete the subnet, delete all the resources within the subnet. See aka.ms/deletesubnet.`;
  throw new ArmRefusal(400, "InUseSubnetCannotBeDeleted", message);
}

/** A subnet as its network's answer shows it. */
export function showSubnet({ id, name, properties, version }: ArmResource): JsonObject {
  return { id, name, type, etag: `W/"${version}"`, properties };
}

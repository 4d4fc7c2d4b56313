import { type ArmResource, groupNameOf, keyOf, type Resources } from "./arm-resource.ts";
import { ArmRefusal } from "./refusal.ts";
import type { DeleteRequest, PutRequest, ResourceType } from "./resource-type.ts";
import { subnetUsers } from "./subnet-use.ts";

/**
 * Resource groups. What is in a group goes with it.
 *
 * @param types - the types of resources that a group may hold, in the order in which they are deleted
 */
export function resourceGroups(types: readonly ResourceType[]): ResourceType {
  const type = "Microsoft.Resources/resourceGroups";
  return {
    type,
    tracked: true,

    put({ id, name, existing, tracked, resources }: PutRequest): ArmResource {
      if (!/^[\p{L}\p{N}_().-]{0,89}[\p{L}\p{N}_()-]$/u.test(name)) {
        const message = `The provided resource group name '${name}' has these invalid characters or length: it has 1 to 90 letters, digits, '_', '(', ')', '-' and '.', and does not end with '.'.`;
        throw new ArmRefusal(400, "InvalidResourceGroup", message);
      }
      const properties = { provisioningState: "Succeeded" };
      return resources.put({ id, name, type, ...existing, ...tracked, properties });
    },

    delete({ resource, resources, transaction, scope }: DeleteRequest): void {
      refuseWhatOthersUse(resource, resources);
      for (const each of types) {
        for (const inside of resources.below(resource.id).filter((found) => found.type === each.type)) {
          // What it was part of may have taken it along.
          if (resources.get(inside.id)) each.delete({ resource: inside, resources, transaction, scope });
        }
      }
      resources.delete(resource.id);
    },
  };
}

function refuseWhatOthersUse(group: ArmResource, resources: Resources): void {
  for (const subnet of resources.below(group.id).filter((each) => each.type.endsWith("/subnets"))) {
    const users = subnetUsers(subnet.id, resources);
    const foreign = users.filter((each) => keyOf(groupNameOf(each.id)) !== keyOf(group.name));
    if (foreign.length === 0) continue;
    const message = `Deletion of resource group '${group.name}' failed as resources with identifiers '${subnet.id}' could not be deleted: it is in use by ${foreign.map((each) => each.id).join(", ")}.`;
    throw new ArmRefusal(409, "ResourceGroupDeletionBlocked", message);
  }
}

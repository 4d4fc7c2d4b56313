import { contains, formatRange, parseRange } from "@berth/machines";
import type { Json, JsonObject } from "../store/json.ts";
import type { ArmResource, Resources } from "./arm-resource.ts";
import { stored, closed, isObject, objectIn, present, requiredText, textsIn } from "./body.ts";
import { ArmRefusal, invalidParameter } from "./refusal.ts";
import type { DeleteRequest, PutRequest, ResourceType } from "./resource-type.ts";
import { putSubnet, refuseIfInUse, showSubnet } from "./subnet.ts";
import { readRange } from "./ranges.ts";

const type = "Microsoft.Network/virtualNetworks";

/** Virtual networks. */
export const virtualNetworks: ResourceType = {
  type,
  tracked: true,
  working: { creating: "Updating", updating: "Updating" },
  etag: "etag",

  put(request: PutRequest): ArmResource {
    const { id, name, body, existing, tracked, resources } = request;
    const properties = objectIn(body, "properties");
    closed(properties, known);
    const prefixes =
      textsIn(objectIn(properties, "addressSpace"), "addressPrefixes", "addressSpace.addressPrefixes") ?? [];
    if (prefixes.length === 0)
      throw invalidParameter("properties.addressSpace.addressPrefixes", "a network has at least one");
    const ranges = prefixes.map((each) => readRange(each, id));
    const network = resources.put({
      id,
      name,
      type,
      ...existing,
      ...tracked,
      properties: present({
        ...existing?.properties,
        provisioningState: "Succeeded",
        addressSpace: { addressPrefixes: prefixes },
      }),
    });
    if (properties["subnets"] !== undefined && properties["subnets"] !== null)
      replaceSubnets(request, network, properties["subnets"]);
    for (const subnet of resources.below(network.id)) {
      const range = parseRange(stored(subnet.properties, "addressPrefix"));
      if (range === undefined || ranges.some((each) => contains(each, range))) continue;
      const message = `IpPrefix ${formatRange(range)} of subnet '${subnet.name}' on Vnet ${network.name} has active allocations and cannot be deleted.`;
      throw new ArmRefusal(400, "InUsePrefixCannotBeDeleted", message);
    }
    return network;
  },

  delete({ resource, resources, scope }: DeleteRequest): void {
    const subnets = resources.below(resource.id);
    for (const each of subnets) refuseIfInUse(each, resources, scope);
    for (const each of subnets) resources.delete(each.id);
    resources.delete(resource.id);
  },

  show({ id, properties }: ArmResource, resources: Resources): JsonObject {
    return { ...properties, subnets: resources.below(id).map((each) => showSubnet(each)) };
  },
};

const known: ReadonlySet<string> = new Set([
  "addressSpace",
  "subnets",
  "provisioningState",
  "resourceGuid",
  "enableDdosProtection",
  "virtualNetworkPeerings",
  "dhcpOptions",
]);

/** An inline list is all that the network has: what it lacks is deleted. */
function replaceSubnets(
  { resources, subscription, headers, transaction }: PutRequest,
  network: ArmResource,
  list: Json,
): void {
  if (!Array.isArray(list) || !list.every(isObject))
    throw invalidParameter("properties.subnets", "it must be a list of subnets");
  const names = list.map((each) => requiredText(each, "name", "properties.subnets.name"));
  const kept = new Set(names.map((each) => each.toLowerCase()));
  for (const each of resources.below(network.id)) {
    if (kept.has(each.name.toLowerCase())) continue;
    refuseIfInUse(each, resources, each.id);
    resources.delete(each.id);
  }
  for (const [i, body] of list.entries()) {
    const name = names[i] ?? "";
    const id = `${network.id}/subnets/${name}`;
    const existing = resources.get(id);
    putSubnet({ id, name, body, existing, resources, subscription, headers, transaction, tracked: {} });
  }
}

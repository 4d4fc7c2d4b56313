import type { DiscoveredResource } from "@berth/core";
import type { ArmType } from "./arm-type.ts";
import type { ArmClient } from "./client.ts";
import { armTypes } from "./types.ts";

/**
 * What a resource group holds of the types that berth has, the group itself first. Resources inside others (subnets,
 * pools) are not in a group's list; their parents are asked for them. A pool that its cluster declares is part of that.
 */
export async function discoverResources(
  client: ArmClient,
  group: string,
): Promise<readonly DiscoveredResource[]> {
  const groupType = armTypes["azure:ResourceGroup"];
  const live = groupType && (await client.get(group, groupType.apiVersion));
  if (!live || !groupType) return [];
  const found: DiscoveredResource[] = [{ type: "azure:ResourceGroup", id: live.id ?? group }];
  for (const [name, type] of topLevel()) {
    const [namespace, kind = ""] = type.armType.split("/");
    const resources = await client.list(`${group}/providers/${namespace}/${kind}`, type.apiVersion);
    for (const resource of byId(resources)) {
      found.push({ type: name, id: resource });
      found.push(...(await discoverInside(client, name, type, resource)));
    }
  }
  return found;
}

async function discoverInside(
  client: ArmClient,
  parentName: string,
  parent: ArmType,
  id: string,
): Promise<readonly DiscoveredResource[]> {
  const found: DiscoveredResource[] = [];
  for (const [name, type] of Object.entries(armTypes)) {
    if (!type.armType.startsWith(`${parent.armType}/`)) continue;
    const kind = type.armType.slice(parent.armType.length + 1);
    const ids = byId(await client.list(`${id}/${kind}`, type.apiVersion));
    const own = ownParts(parentName, parent, id, await client.get(id, parent.apiVersion));
    found.push(
      ...ids.filter((each) => !own.has(each.toLowerCase())).map((each) => ({ type: name, id: each })),
    );
  }
  return found;
}

/** Parts that the resource itself declares, in the case in which ids are compared. */
function ownParts(
  name: string,
  type: ArmType,
  id: string,
  live: Awaited<ReturnType<ArmClient["get"]>>,
): ReadonlySet<string> {
  if (name !== "azure:ManagedCluster" || !live) return new Set();
  const pool = type.inputs(live, {})["systemPool"];
  const poolName = typeof pool === "object" && pool !== null && "name" in pool ? pool.name : undefined;
  return new Set(typeof poolName === "string" ? [`${id}/agentPools/${poolName}`.toLowerCase()] : []);
}

function topLevel(): readonly (readonly [string, ArmType])[] {
  return Object.entries(armTypes).filter(([, { armType }]) => armType.split("/").length === 2);
}

function byId(resources: Awaited<ReturnType<ArmClient["list"]>>): readonly string[] {
  return resources.flatMap(({ id }) => (id === undefined ? [] : [id])).toSorted();
}
